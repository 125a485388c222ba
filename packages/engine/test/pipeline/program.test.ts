import type { LogBatch, NewEvent } from '@caudal/spec'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { FlushBuilder, type Flush } from '../../src/pipeline/flush/flush-builder.ts'
import { Program } from '../../src/pipeline/operators/program.ts'
import { declare, into, operator } from './declaration.ts'

const Sale = z.object({ id: z.string(), customer: z.string(), price: z.string().nullable() })

const sales = declare(
  'sales',
  Sale,
  [
    operator('filter', '', (sale: z.infer<typeof Sale>) => sale.price !== null),
    operator('map', 'filter 1', ({ id, customer, price }: z.infer<typeof Sale>) => ({
      id,
      customer,
      amount: price,
    })),
    into('sales.processed', 'map 1'),
  ],
  [
    {
      name: 'sales.processed',
      key: ['id'],
      columns: [
        { name: 'id', type: { kind: 'text' }, nullable: false },
        { name: 'customer', type: { kind: 'text' } },
        { name: 'amount', type: { kind: 'decimal', precision: 18, scale: 2 } },
      ],
    },
  ],
)

function batchOf(values: readonly (string | object)[], from = 0, event: Partial<NewEvent> = {}): LogBatch {
  const events = values.map((value, index) => ({
    ...event,
    offset: from + index,
    appendedAt: 1_700_000_000_000 + index,
    value: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
  }))
  return { partition: 2, events, next: from + values.length }
}

function run(declaration: typeof sales, ...batches: readonly LogBatch[]): Flush {
  const flush = new FlushBuilder(declaration.tables)
  const program = new Program(declaration)
  for (const batch of batches) program.run(batch, flush)
  return flush.seal()
}

/** Texts of a column of a table. */
function texts(flush: Flush, table: string, column: number): string[] {
  const found = flush.tables.find((one) => one.table.name === table)
  const values = found?.rows.columns[column]?.values
  if (values?.kind !== 'texts') return []
  return Array.from(values.ends, (end, row) =>
    Buffer.from(values.data.subarray(row === 0 ? 0 : values.ends[row - 1], end)).toString(),
  )
}

test('events go through typed operators into rows, and each is accounted for', () => {
  const flush = run(
    sales,
    batchOf([
      { id: 'a', customer: 'Acme', price: '12.50' },
      { id: 'b', customer: 'Beta', price: null },
      { id: 'c', customer: 'Gamma', price: '7' },
    ]),
  )
  assert.deepEqual(flush.counts, { read: 3, taken: 2, filtered: 1, dead: 0 })
  assert.deepEqual(texts(flush, 'sales.processed', 0), ['a', 'c'])
  assert.deepEqual(flush.partitions, [{ partition: 2, from: 0, next: 3 }])
  assert.deepEqual(flush.letters, [])
})

test('what cannot be worked on is a dead letter with its bytes, its place and the reason, and stops nothing', () => {
  const flush = run(
    sales,
    batchOf(
      [
        '{not json',
        { id: 'a', customer: 5 },
        { id: 'b', customer: 'Beta', price: '1.005' },
        { id: 'c', customer: 'Gamma', price: '1' },
      ],
      40,
    ),
    {
      partition: 1,
      events: [{ offset: 9, appendedAt: 0, value: Buffer.from([0x22, 0xff, 0x22]) }],
      next: 10,
    },
  )
  assert.deepEqual(flush.counts, { read: 5, taken: 1, filtered: 0, dead: 4 })
  const [notJson, notSale, notMoney, notText] = flush.letters
  assert.equal(notJson?.operator, 'parse')
  assert.equal(notJson.offset, 40)
  assert.equal(Buffer.from(notJson.raw).toString(), '{not json')
  assert.match(notSale?.reason ?? '', /customer: .*string.*; price: /)
  assert.deepEqual(
    { ...notMoney, raw: undefined },
    {
      partition: 2,
      offset: 42,
      operator: 'sales.processed',
      column: 'amount',
      reason: '"1.005" is not a decimal of 18 digits, 2 of them behind the point, written out',
      raw: undefined,
      attempt: 1,
    },
  )
  assert.deepEqual([notText?.partition, notText?.offset, notText?.operator], [1, 9, 'parse'])
  assert.deepEqual([...(notText?.raw ?? [])], [0x22, 0xff, 0x22])
})

test('one event may become many, in several tables; an event that fails in one branch is dead and kept', () => {
  const Order = z.object({ id: z.string(), items: z.array(z.object({ sku: z.string(), count: z.int() })) })
  const orders = declare(
    'orders',
    Order,
    [
      operator('map', '', ({ id, items }: z.infer<typeof Order>) => ({ id, items: items.length })),
      into('shop.orders', 'map 1'),
      operator('flatMap', '', ({ id, items }: z.infer<typeof Order>) =>
        items.map((item) => {
          if (item.count < 0) throw new Error(`${item.sku}: fewer than none`)
          return { order: id, ...item }
        }),
      ),
      into('shop.items', 'flatMap 1'),
    ],
    [
      {
        name: 'shop.orders',
        key: ['id'],
        columns: [
          { name: 'id', type: { kind: 'text' } },
          { name: 'items', type: { kind: 'integer' } },
        ],
      },
      {
        name: 'shop.items',
        key: [],
        columns: [
          { name: 'order', type: { kind: 'text' } },
          { name: 'sku', type: { kind: 'text' } },
          { name: 'count', type: { kind: 'integer' } },
        ],
      },
    ],
  )
  const flush = run(
    orders,
    batchOf([
      {
        id: '1',
        items: [
          { sku: 'x', count: 1 },
          { sku: 'y', count: 2 },
        ],
      },
      { id: '2', items: [] },
      {
        id: '3',
        items: [
          { sku: 'x', count: 1 },
          { sku: 'z', count: -1 },
        ],
      },
    ]),
  )
  assert.deepEqual(texts(flush, 'shop.orders', 0), ['1', '2', '3'])
  assert.deepEqual(texts(flush, 'shop.items', 1), ['x', 'y'])
  assert.deepEqual(flush.counts, { read: 3, taken: 2, filtered: 0, dead: 1 })
  assert.deepEqual(
    flush.letters.map((letter) => [letter.operator, letter.reason]),
    [['flatMap 1', 'z: fewer than none']],
  )
})

test('functions are told where an event came from', () => {
  const seen: unknown[] = []
  const told = declare(
    'told',
    z.object({ n: z.int() }),
    [
      operator('map', '', ({ n }: { n: number }, context) => {
        seen.push(context)
        return { n }
      }),
      into('told.numbers', 'map 1'),
    ],
    [{ name: 'told.numbers', key: [], columns: [{ name: 'n', type: { kind: 'integer' } }] }],
    'numbers',
  )
  run(told, batchOf([{ n: 1 }], 7, { key: Buffer.from('k'), headers: { id: 'm-1' } }))
  assert.deepEqual(seen, [
    {
      topic: 'numbers',
      partition: 2,
      offset: 7,
      appendedAt: new Date(1_700_000_000_000),
      key: 'k',
      headers: { id: 'm-1' },
    },
  ])
})
