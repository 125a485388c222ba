import { CaudalError, supportsTogether, type JsonValue, type Load, type LoadOutcome } from '@caudal/spec'
import assert from 'node:assert/strict'
import path from 'node:path'
import { test } from 'node:test'
import { WarehouseWorld, type LoadFacts, type WarehouseFactory } from './world.ts'

type Settings = NonNullable<LoadFacts['settings']>

/** Files of partitions in the order in which they come; `version` is that of the position that each starts from. */
const files = [
  { partition: 'a.csv', version: 0, content: 'id,amount,updated\n1,1.50,1\n2,2.00,1\n' },
  { partition: 'b.csv', version: 0, content: 'id,amount,updated\n2,9.00,2\n3,3.00,1\n' },
  { partition: 'c.csv', version: 0, content: 'updated,id,note\n5,4,new\n' },
  { partition: 'a.csv', version: 1, content: 'id,amount,updated\n1,7.00,3\n' },
  { partition: 'd.csv', version: 0, content: 'id,amount,updated\n' },
] as const

const dispositions: readonly [string, Settings][] = [
  ['appended', { disposition: 'append', replacesPartition: true }],
  ['merged', { disposition: 'merge', primaryKey: ['id'], replacesPartition: true }],
  ['merged by order', { disposition: 'merge', primaryKey: ['id'], order: 'updated' }],
  ['kept as a history', { disposition: 'history', primaryKey: ['id'], order: 'updated' }],
]

/** Several loads in one transaction, where the warehouse has that: nobody can tell them from loads that were committed one by one. */
export function togetherContract(name: string, factory: WarehouseFactory): void {
  for (const [how, settings] of dispositions) {
    test(`${name}: loads that take effect together leave what they leave one by one (${how})`, async (t) => {
      await using alone = await WarehouseWorld.create(factory)
      await using world = await WarehouseWorld.create(factory)
      if (!supportsTogether(world.warehouse)) return t.skip('the warehouse has no commitTogether')
      const first: LoadOutcome[] = []
      for (const file of files) first.push(await alone.commit(await loadOf(alone, file, settings)))
      const [begin, ...rest] = await Promise.all(files.map((file) => loadOf(world, file, settings)))
      assert.ok(begin !== undefined)
      const outcomes = [await world.commit(begin), ...(await together(world, rest))]
      assert.deepEqual(outcomes, first)
      assert.deepEqual(await everything(world), await everything(alone))
      await world.reopen()
      assert.deepEqual(await everything(world), await everything(alone))
    })
  }

  for (const [what, file, code] of [
    ['whose position has moved', { ...files[1], version: 7 }, 'CAUDAL_LOAD_POSITION_MOVED'],
    ['with a value that does not fit', { ...files[1], content: 'id,amount,updated\n3,much,1\n' }, ''],
  ] as const) {
    test(`${name}: a load ${what} keeps those that go with it from taking effect`, async (t) => {
      await using world = await WarehouseWorld.create(factory)
      if (!supportsTogether(world.warehouse)) return t.skip('the warehouse has no commitTogether')
      const settings = { replacesPartition: true }
      await world.commit(await loadOf(world, files[0], settings))
      const before = await everything(world)
      const loads = [files[2], file, files[4]].map((one) => loadOf(world, one, settings))
      await assert.rejects(together(world, await Promise.all(loads)), (error) => {
        assert.ok(CaudalError.isInstance(error))
        if (code !== '') assert.equal(error.code, code)
        return true
      })
      assert.deepEqual(await everything(world), before)
    })
  }
}

async function loadOf(
  world: WarehouseWorld,
  file: { readonly partition: string; readonly version: number; readonly content: string },
  settings: Settings,
): Promise<Load> {
  const load = await world.load({
    settings,
    files: [{ format: 'csv', content: file.content, origin: file.partition }],
  })
  const { partition, version: expectedVersion } = file
  return { ...load, positions: [{ stream: 'deals', partition, expectedVersion, position: { partition } }] }
}

async function together(world: WarehouseWorld, loads: readonly Load[]): Promise<readonly LoadOutcome[]> {
  const { warehouse } = world
  assert.ok(supportsTogether(warehouse))
  const [state] = await warehouse.state.tables()
  const prepared = loads.map((load) => ({
    ...load,
    tables: load.tables.map((table) => ({ ...table, generation: state?.generation ?? 0 })),
  }))
  const locate = (key: string): string => path.join(world.folder, key)
  return warehouse.commitTogether(prepared, locate, AbortSignal.timeout(60_000))
}

/** What can be seen of the table and of the books. */
async function everything(world: WarehouseWorld): Promise<Record<string, unknown>> {
  const { state } = world.warehouse
  const rows: Record<string, JsonValue>[] = await world.rows('SELECT * FROM crm.deals ORDER BY ALL')
  const ledger = await state.ledger(0, 100)
  const positions = await state.positions('crm')
  return {
    rows,
    positions: positions.toSorted((a, b) => (a.partition < b.partition ? -1 : 1)),
    tables: await state.tables(),
    letters: await state.deadLetters({ limit: 100 }),
    newest: await state.newestLoads(),
    ledger: ledger.map(({ committedAt: _committedAt, ...entry }) => entry),
  }
}
