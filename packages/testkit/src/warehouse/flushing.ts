import {
  supportsFlush,
  type Column,
  type EventLetter,
  type FlushLoad,
  type FlushingWarehouse,
  type PositionChange,
} from '@caudal/spec'
import fc from 'fast-check'
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { hasCode } from './atomicity.ts'
import { packRows, type PackableRow } from './packed-rows.ts'
import { WarehouseWorld, type WarehouseFactory } from './world.ts'

const columns: readonly Column[] = [
  { name: 'id', type: { kind: 'text' }, nullable: false },
  { name: 'amount', type: { kind: 'decimal', precision: 18, scale: 2 } },
]

/** What a test says of a flush; the rest is filled in. */
interface FlushFacts {
  readonly id?: string
  readonly rows?: readonly PackableRow[]
  readonly key?: readonly string[]
  readonly columns?: readonly Column[]
  readonly letters?: readonly EventLetter[]
  readonly from?: number
  readonly partition?: string
}

function flushOf(world: WarehouseWorld, facts: FlushFacts): FlushLoad {
  const { rows = [], key = ['id'], letters = [], from = 0, partition = '0' } = facts
  const position: PositionChange = {
    stream: 'sales',
    partition,
    expectedVersion: from,
    position: { offset: from + 1 },
  }
  return {
    id: facts.id ?? world.nextLoadId(),
    pipeline: 'sales',
    topic: 'sales',
    run: 'live',
    tables: [
      {
        table: { schema: 'sales', name: 'processed' },
        columns: facts.columns ?? columns,
        key,
        rows: packRows(facts.columns ?? columns, rows),
      },
    ],
    letters,
    counts: { read: rows.length + letters.length, taken: rows.length, filtered: 0, dead: letters.length },
    positions: [position],
  }
}

/** Flushes of pipelines, where the warehouse takes them. */
export function flushContract(name: string, factory: WarehouseFactory): void {
  const behaviour = (
    what: string,
    run: (
      world: WarehouseWorld,
      warehouse: FlushingWarehouse,
      flush: (facts: FlushFacts) => Promise<number>,
    ) => Promise<void>,
  ): void => {
    test(`${name}: ${what}`, async (t: TestContext) => {
      await using world = await WarehouseWorld.create(factory)
      if (!supportsFlush(world.warehouse)) return t.skip('the warehouse takes no flushes')
      const flush = async (facts: FlushFacts): Promise<number> => {
        assert.ok(supportsFlush(world.warehouse))
        return (await world.warehouse.flush(flushOf(world, facts), AbortSignal.timeout(30_000))).sequence
      }
      await run(world, world.warehouse, flush)
    })
  }
  const rowsOf = (world: WarehouseWorld): Promise<unknown[]> =>
    world.rows('SELECT id, amount FROM sales.processed ORDER BY id, amount')

  behaviour(
    'a flush puts rows, position, letters and counts in place together',
    async (world, warehouse, flush) => {
      const letter: EventLetter = {
        partition: 0,
        offset: 7,
        operator: 'map 1',
        column: 'amount',
        reason: "it isn't a sale",
        raw: Buffer.from(`{"id":'ñ'`),
        attempt: 1,
      }
      const sequence = await flush({
        rows: [
          { id: 'a', amount: 1250 },
          { id: 'b', amount: null },
        ],
        letters: [letter],
      })
      await world.reopen()
      assert.deepEqual(await rowsOf(world), [
        { id: 'a', amount: '12.50' },
        { id: 'b', amount: null },
      ])
      const { state } = world.warehouse
      assert.deepEqual(
        (await state.positions('sales')).map(({ partition, version, position }) => [
          partition,
          version,
          position,
        ]),
        [['0', 1, { offset: 1 }]],
      )
      const [kept] = await state.deadLetters({ source: 'sales', limit: 10 })
      assert.deepEqual(
        [kept?.origin, kept?.line, kept?.column, kept?.reason, kept?.raw, kept?.status],
        ['sales/0', 7, 'amount', "it isn't a sale", `{"id":'ñ'`, 'open'],
      )
      const [entry] = await state.ledger(sequence - 1, 10)
      assert.deepEqual([entry?.source, entry?.kind, entry?.counts.inserted], ['sales', 'load', 2])
      assert.deepEqual(entry?.events, { read: 3, taken: 2, filtered: 0, dead: 1 })
      assert.equal((await state.versions())['sales.processed'], sequence)
      assert.ok(warehouse.capabilities !== undefined)
    },
  )

  behaviour('a flush that is given again changes nothing', async (world, warehouse, flush) => {
    const id = world.nextLoadId()
    const sequence = await flush({ id, rows: [{ id: 'a', amount: 100 }], key: [] })
    const again = await warehouse.flush(
      flushOf(world, { id, rows: [{ id: 'a', amount: 100 }], key: [] }),
      AbortSignal.timeout(30_000),
    )
    assert.deepEqual(again, { id, sequence, wasApplied: true })
    assert.equal((await rowsOf(world)).length, 1)
  })

  behaviour(
    'a flush of another worker under the same id is refused, not taken for done',
    async (world, _warehouse, flush) => {
      const id = world.nextLoadId()
      await flush({ id, rows: [{ id: 'a', amount: 100 }], partition: '0' })
      await assert.rejects(
        flush({ id, rows: [{ id: 'b', amount: 100 }], partition: '1' }),
        hasCode('CAUDAL_LOAD_ID_TAKEN'),
      )
      assert.equal((await rowsOf(world)).length, 1)
    },
  )

  behaviour(
    'a flush from a version that is not the present one leaves nothing',
    async (world, _warehouse, flush) => {
      await flush({ rows: [{ id: 'a', amount: 100 }] })
      for (const from of [0, 2])
        await assert.rejects(
          flush({ rows: [{ id: 'z', amount: 1 }], from }),
          hasCode('CAUDAL_LOAD_POSITION_MOVED'),
        )
      await flush({ rows: [{ id: 'b', amount: 200 }], from: 1 })
      assert.deepEqual(await rowsOf(world), [
        { id: 'a', amount: '1.00' },
        { id: 'b', amount: '2.00' },
      ])
      assert.equal((await world.warehouse.state.ledger(0, 10)).length, 2)
    },
  )

  behaviour('by key the later row wins, in a flush and between flushes', async (world, _warehouse, flush) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.array(
            fc.record({
              id: fc.constantFrom('a', 'b', 'c', 'd'),
              amount: fc.integer({ min: 0, max: 99_999 }),
            }),
            { maxLength: 12 },
          ),
          { maxLength: 5 },
        ),
        fc.uuid(),
        async (flushes, partition) => {
          const before = new Map(
            (await rowsOf(world).catch(() => [])).map((row) => [
              (row as { id: string }).id,
              (row as { amount: string }).amount,
            ]),
          )
          for (const [from, rows] of flushes.entries()) {
            await flush({ rows, from, partition })
            for (const { id, amount } of rows) before.set(id, (amount / 100).toFixed(2))
          }
          const expected = [...before]
            .map(([id, amount]) => ({ id, amount }))
            .toSorted((x, y) => (x.id < y.id ? -1 : 1))
          assert.deepEqual(await rowsOf(world).catch(() => []), expected)
        },
      ),
      { numRuns: process.env['CAUDAL_FULL'] === '1' ? 60 : 6 },
    )
  })

  behaviour('a flush of an earlier load does not win over a later one', async (world, _warehouse, flush) => {
    const earlier = world.nextLoadId()
    await flush({ rows: [{ id: 'a', amount: 200 }], partition: '0' })
    await flush({
      id: earlier,
      rows: [
        { id: 'a', amount: 100 },
        { id: 'b', amount: 300 },
      ],
      partition: '1',
    })
    assert.deepEqual(await rowsOf(world), [
      { id: 'a', amount: '2.00' },
      { id: 'b', amount: '3.00' },
    ])
  })

  behaviour(
    'a flush adds columns, and refuses a column of another type',
    async (world, _warehouse, flush) => {
      await flush({ rows: [{ id: 'a', amount: 100 }] })
      const wider: Column[] = [...columns, { name: 'paid', type: { kind: 'boolean' } }]
      await flush({ rows: [{ id: 'b', amount: 100, paid: true }], columns: wider, from: 1 })
      await flush({ rows: [{ id: 'c', amount: 100 }], from: 2 })
      assert.deepEqual(await world.rows('SELECT id, paid FROM sales.processed ORDER BY id'), [
        { id: 'a', paid: null },
        { id: 'b', paid: true },
        { id: 'c', paid: null },
      ])
      const other: Column[] = [
        { name: 'id', type: { kind: 'text' } },
        { name: 'amount', type: { kind: 'double' } },
      ]
      await assert.rejects(
        flush({ rows: [{ id: 'd', amount: 1 }], columns: other, from: 3 }),
        hasCode('CAUDAL_FLUSH_TABLE'),
      )
      assert.equal((await world.warehouse.state.positions('sales'))[0]?.version, 3)
    },
  )

  behaviour('every kind of value arrives as it was packed', async (world, _warehouse, flush) => {
    const kinds: Column[] = [
      { name: 'id', type: { kind: 'text' } },
      { name: 'big', type: { kind: 'integer' } },
      { name: 'small', type: { kind: 'decimal', precision: 5, scale: 1 } },
      { name: 'wide', type: { kind: 'decimal', precision: 38, scale: 4 } },
      { name: 'ratio', type: { kind: 'double' } },
      { name: 'ok', type: { kind: 'boolean' } },
      { name: 'day', type: { kind: 'date' } },
      { name: 'at', type: { kind: 'timestamptz' } },
      { name: 'local', type: { kind: 'timestamp' } },
      { name: 'time', type: { kind: 'time' } },
      { name: 'data', type: { kind: 'json' } },
      { name: 'raw', type: { kind: 'bytes' } },
    ]
    const micros = Date.parse('2026-03-29T01:30:00.125Z') * 1000
    const row = (index: number): PackableRow => ({
      id: `row ${index} ${'x'.repeat(index % 40)}`,
      big: 9_007_199_254_740_991,
      small: -125,
      wide: -12345678901234567890n,
      ratio: index / 3,
      ok: index % 2 === 0,
      day: -1,
      at: micros,
      local: micros,
      time: 86_399_999_999,
      data: '{"a":[1,"ñ"]}',
      raw: new Uint8Array([0, 255, index % 256]),
    })
    const rows = Array.from({ length: 5000 }, (_, index) =>
      index % 7 === 3 ? { id: `row ${index}` } : row(index),
    )
    await flush({ rows, columns: kinds, key: [] })
    const [first] = await world.rows(`SELECT * FROM sales.processed WHERE id = '${String(row(4090)['id'])}'`)
    assert.deepEqual(
      { ...first, id: '', _caudal_load: '', _caudal_extra: null, raw: '' },
      {
        id: '',
        big: '9007199254740991',
        small: '-12.5',
        wide: '-1234567890123456.7890',
        ratio: 4090 / 3,
        ok: true,
        day: '1969-12-31',
        at: '2026-03-29T01:30:00.125Z',
        local: '2026-03-29T01:30:00.125',
        time: '23:59:59.999999',
        data: '{"a":[1,"ñ"]}',
        raw: '',
        _caudal_load: '',
        _caudal_extra: null,
      },
    )
    const [counts] = await world.rows(
      `SELECT count(*) AS n, count(big) AS big, count(raw) AS raw, count(DISTINCT id) AS ids, sum(octet_length(raw)) AS bytes FROM sales.processed`,
    )
    const full = rows.length - rows.filter((_, index) => index % 7 === 3).length
    assert.deepEqual(Object.values(counts ?? {}).map(Number), [5000, full, full, 5000, full * 3])
  })
}
