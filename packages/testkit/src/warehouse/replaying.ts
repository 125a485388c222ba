import {
  addCounts,
  isBalanced,
  noCounts,
  type JsonValue,
  type LoadCounts,
  type TableLoad,
} from '@caudal/spec'
import fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { WarehouseWorld, type WarehouseFactory } from './world.ts'

type Row = Readonly<Record<string, JsonValue>>
type Settings = Partial<TableLoad>

const byKey: Settings = { disposition: 'merge', primaryKey: ['id'] }

/** Dead letters that are loaded again take the place that their records had when they first came. */
export function replayingContract(name: string, factory: WarehouseFactory): void {
  test(`${name}: a replayed record does not win over what was loaded after it`, async () => {
    await using world = await WarehouseWorld.create(factory)
    const first = await world.load({ settings: byKey, rows: [bad('a', 1), deal('b', '1.00', 1)] })
    await world.commit(first)
    await world.commit(await world.load({ settings: byKey, rows: [deal('a', '2.00', 2)] }))
    const replay = await world.load(replayOf(first.id, byKey, [[1, deal('a', '9.00', 1)]]))
    const outcome = await world.commit(replay)
    assert.deepEqual(outcome.tables[0]?.counts, { ...noCounts, extracted: 1, superseded: 1 })
    assert.deepEqual(await world.rows('SELECT id, amount FROM crm.deals ORDER BY id'), [
      { id: 'a', amount: '2.00' },
      { id: 'b', amount: '1.00' },
    ])
    const [letter] = await world.warehouse.state.deadLetters({ limit: 9 })
    assert.deepEqual([letter?.load, letter?.line, letter?.status], [first.id, 1, 'replayed'])
  })

  for (const format of ['ndjson', 'csv'] as const) {
    test(`${name}: a replayed record has its line among the records of its own load (${format})`, async () => {
      await using world = await WarehouseWorld.create(factory)
      const records = [deal('a', '1.00', 1), bad('a', 1), bad('b', 1), deal('b', '2.00', 1)]
      const files = [{ format, content: contentOf(format, records) }]
      const first = await world.load({ settings: byKey, files })
      await world.commit(first)
      const letters = await world.warehouse.state.deadLetters({ status: 'open', limit: 9 })
      const mended = letters
        .map((letter) => letter.line)
        .toSorted((a, b) => a - b)
        .map((line, index): [number, Row] => [line, deal(index === 0 ? 'a' : 'b', '7.00', 1)])
      await world.commit(await world.load(replayOf(first.id, byKey, mended, format)))
      assert.deepEqual(await world.rows('SELECT id, amount FROM crm.deals ORDER BY id'), [
        { id: 'a', amount: '7.00' },
        { id: 'b', amount: '2.00' },
      ])
    })
  }

  test(`${name}: what still does not fit stays a dead letter under its first load and line`, async () => {
    await using world = await WarehouseWorld.create(factory)
    const first = await world.load({
      settings: byKey,
      rows: [deal('a', '1.00', 1), bad('b', 1), bad('c', 1)],
    })
    await world.commit(first)
    const again = await world.load(
      replayOf(first.id, byKey, [
        [2, deal('b', '2.00', 1)],
        [3, bad('c', 1)],
      ]),
    )
    const { tables } = await world.commit(again)
    assert.deepEqual(tables[0]?.counts, { ...noCounts, extracted: 2, inserted: 1, deadLettered: 1 })
    const open = await world.warehouse.state.deadLetters({ status: 'open', load: first.id, limit: 9 })
    assert.deepEqual(
      open.map((letter) => letter.line),
      [3],
    )
  })

  test(`${name}: a complete read takes the place of the dead letters before it`, async () => {
    await using world = await WarehouseWorld.create(factory)
    const complete = (id: string): Settings => ({ disposition: 'replace', snapshot: { id, complete: true } })
    const first = await world.load({ id: world.nextLoadId(), rows: [deal('a', '1.00', 1), bad('b', 1)] })
    await world.commit(await world.load({ id: first.id, settings: complete(first.id), rows: [bad('b', 1)] }))
    const id = world.nextLoadId()
    await world.commit(await world.load({ id, settings: complete(id), rows: [deal('b', '2.00', 1)] }))
    assert.equal((await world.warehouse.state.deadLetters({ limit: 9 }))[0]?.status, 'discarded')
    const late = replayOf(first.id, { disposition: 'append' }, [[1, deal('b', '9.00', 1)]])
    const { tables } = await world.commit(await world.load(late))
    assert.deepEqual(tables[0]?.counts, { ...noCounts, extracted: 1, superseded: 1 })
    assert.deepEqual(await world.rows('SELECT id, amount FROM crm.deals'), [{ id: 'b', amount: '2.00' }])
  })

  for (const [what, settings] of [
    ['merge by order', { ...byKey, order: 'updated' }],
    ['merge by load', byKey],
    ['soft flag', { ...byKey, order: 'updated', deletes: 'soft flag' }],
    ['history', { disposition: 'history', primaryKey: ['id'], order: 'updated' }],
  ] as const) {
    test(`${name}: any permutation of loads and replays gives the same table (${what})`, async () => {
      await permutations(factory, settings)
    })
  }
}

function deal(id: string, amount: string | null, updated: number): Row {
  return { id, amount, updated }
}

function bad(id: string, updated: number): Row {
  return { id, amount: 'a lot', updated }
}

function contentOf(format: 'ndjson' | 'csv', records: readonly Row[]): string {
  if (format === 'ndjson') return records.map((record) => `${JSON.stringify(record)}\n`).join('')
  return `id,amount,updated\n${records.map((record) => `${Object.values(record).join(',')}\n`).join('')}`
}

/** A load of mended records in the place of the lines of a load. */
function replayOf(
  load: string,
  settings: Settings,
  mended: readonly (readonly [line: number, record: Row])[],
  format: 'ndjson' | 'csv' = 'ndjson',
): Parameters<WarehouseWorld['load']>[0] {
  const records = mended.map(([, record]) => record)
  const lines = mended.map(([line]) => line)
  const hasOperations = records.some((record) => '_caudal_operation' in record)
  return {
    settings: { ...settings, rank: load },
    replays: [load],
    files: [{ format, content: contentOf(format, records), rows: records.length, lines, hasOperations }],
  }
}

const record = fc.record({
  id: fc.constantFrom('a', 'b', 'c'),
  amount: fc.constantFrom('1.00', '2.00', '3.00'),
  updated: fc.integer({ min: 1, max: 4 }),
  _caudal_operation: fc.constantFrom('upsert', 'upsert', 'upsert', 'delete'),
  isBad: fc.boolean(),
})

type Record_ = typeof record extends fc.Arbitrary<infer T> ? T : never

/** Some records are bad when they first come, and are mended and replayed at some later time. */
async function permutations(factory: WarehouseFactory, settings: Settings): Promise<void> {
  const scenario = fc
    .array(fc.array(record, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 4 })
    .chain((list) => {
      const steps = [...list.keys(), ...list.keys()]
      return fc.tuple(
        fc.constant(list),
        fc.shuffledSubarray(steps, { minLength: steps.length, maxLength: steps.length }),
      )
    })
  await fc.assert(
    fc.asyncProperty(scenario, async ([list, steps]) => {
      const clean = list.map((records) => records.map((one) => ({ ...one, isBad: false })))
      const expected = await outcomeOf(factory, settings, clean, [...list.keys()])
      assert.deepEqual(await outcomeOf(factory, settings, list, steps), expected)
    }),
    { numRuns: process.env['CAUDAL_FULL'] === '1' ? 150 : 8 },
  )
}

/** Applies loads in the order of `steps`: the first time an index comes its load, the second time the replay of its bad records. */
async function outcomeOf(
  factory: WarehouseFactory,
  settings: Settings,
  list: readonly (readonly Record_[])[],
  steps: readonly number[],
): Promise<Record<string, JsonValue>[]> {
  await using world = await WarehouseWorld.create(factory)
  const seen = new Set<number>()
  let total: LoadCounts = noCounts
  const apply = async (facts: Parameters<WarehouseWorld['load']>[0]): Promise<void> => {
    const { tables } = await world.commit(await world.load(facts))
    total = addCounts(total, tables[0]?.counts ?? noCounts)
  }
  for (const index of steps) {
    const id = String(1_780_000_000_000_000 + index)
    const records = list[index] ?? []
    if (!seen.has(index)) {
      const rows = records.map(({ isBad, ...rest }): Row => (isBad ? { ...rest, amount: 'a lot' } : rest))
      await apply({ id, settings, rows })
    } else {
      const mended = [...records.entries()].filter(([, one]) => one.isBad)
      const lines = mended.map(([line, { isBad: _isBad, ...rest }]): [number, Row] => [line + 1, rest])
      if (lines.length > 0) await apply(replayOf(id, settings, lines))
    }
    seen.add(index)
  }
  assert.ok(isBalanced(total))
  const validity = settings.disposition === 'history' ? ', _caudal_valid_from, _caudal_valid_to' : ''
  const gone = settings.deletes === 'soft flag' ? ', _caudal_deleted_at IS NOT NULL AS gone' : ''
  return await world.rows(`SELECT id, amount, updated${validity}${gone} FROM crm.deals ORDER BY ALL`)
}
