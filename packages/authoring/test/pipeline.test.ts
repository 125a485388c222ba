import { CaudalError } from '@caudal/spec'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { collector, decimal, integer, pipeline, text } from '../src/index.ts'

const Sale = z.object({ id: z.string(), customer: z.string(), price: z.string().nullable() })

test('a pipeline is its operators, one behind the other, and the tables that they fill', () => {
  const sales = pipeline('sales', { description: 'What was sold' })
    .from(collector({ schema: Sale, partitions: 8 }))
    .filter((sale) => sale.price !== null)
    .map((sale) => ({ id: sale.id, customer: sale.customer, amount: sale.price }))
    .into('sales.processed', {
      key: ['id'],
      columns: { id: text(), customer: text(), amount: decimal(18, 2) },
    })
  assert.deepEqual(
    sales.operators.map(({ id, kind, input }) => [id, kind, input]),
    [
      ['filter 1', 'filter', ''],
      ['map 1', 'map', 'filter 1'],
      ['sales.processed', 'into', 'map 1'],
    ],
  )
  assert.deepEqual(
    sales.tables.map(({ name, key, columns }) => [
      name,
      key,
      columns.map((column) => [column.name, column.nullable ?? true]),
    ]),
    [
      [
        'sales.processed',
        ['id'],
        [
          ['id', false],
          ['customer', true],
          ['amount', true],
        ],
      ],
    ],
  )
  assert.equal(sales.input.partitions, 8)
  assert.deepEqual(sales.input.schema?.['required'], ['id', 'customer', 'price'])
  assert.match(sales.place, /pipeline\.test\.ts:\d+$/)
  assert.deepEqual(sales.input.parse({ id: 'a', customer: 1, price: null }), {
    isValid: false,
    issues: ['customer: Invalid input: expected string, received number'],
  })
})

test('branches fill tables of their own', () => {
  const declared = pipeline('sales')
    .from(collector({ schema: Sale }))
    .branch(
      (flow) => flow.map(({ id }) => ({ id })).into('sales.ids', { columns: { id: text() } }),
      (flow) =>
        flow
          .flatMap(({ customer }) => [{ customer }])
          .into('sales.customers', { columns: { customer: text() } }),
    )
  assert.deepEqual(
    declared.operators.map(({ id, input }) => [id, input]),
    [
      ['map 1', ''],
      ['sales.ids', 'map 1'],
      ['flatMap 1', ''],
      ['sales.customers', 'flatMap 1'],
    ],
  )
})

test('what the columns do not fit does not compile', () => {
  const flow = pipeline('sales').from(collector({ schema: Sale }))
  // @ts-expect-error price may be null
  flow.into('sales.one', { columns: { id: text(), customer: text(), price: text().notNull() } })
  // @ts-expect-error there is no such field
  flow.into('sales.two', { columns: { id: text(), city: text() } })
  // @ts-expect-error text is no integer
  flow.into('sales.three', { columns: { id: integer() } })
  // @ts-expect-error the key is no column
  flow.into('sales.four', { key: ['nobody'], columns: { id: text() } })
  assert.ok(flow instanceof Object)
})

test('mistakes are told where they are made', () => {
  const code = (run: () => unknown): string => {
    try {
      run()
    } catch (error) {
      if (CaudalError.isInstance(error)) return `${error.code}: ${error.message}`
    }
    return 'nothing'
  }
  const flow = pipeline('sales')
    .from(collector({ schema: Sale }))
    .map(({ id }) => ({ id }))
  assert.match(
    code(() => flow.into('processed', { columns: { id: text() } })),
    /CAUDAL_PIPELINE_TABLE: .*schema\.name/,
  )
  flow.into('sales.ids', { columns: { id: text() } })
  assert.match(
    code(() => flow.into('sales.ids', { columns: { id: text() } })),
    /fills sales\.ids twice/,
  )
  assert.match(
    code(() => collector({ schema: Sale, partitions: 0 })),
    /CAUDAL_SETTING_UNKNOWN: .*partitions is 0/,
  )
  assert.match(
    code(() => collector({ schema: Sale, partition: 3 } as never)),
    /Did you mean `partitions`/,
  )
  const bare = {
    '~standard': { version: 1 as const, vendor: 'own', validate: (value: unknown) => ({ value }) },
  }
  assert.match(
    code(() => collector({ schema: bare })),
    /CAUDAL_EVENT_SCHEMA: .*does not give a JSON Schema/,
  )
})
