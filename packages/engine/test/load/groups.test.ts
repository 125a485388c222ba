import { openWarehouse } from '@caudal/duckdb'
import { openLake } from '@caudal/files'
import { supportsTogether, type LoadOutcome, type Warehouse } from '@caudal/spec'
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { Committer } from '../../src/load/committer.ts'
import { WriterLane } from '../../src/load/lane.ts'
import { loadFolder, type StagedLoad } from '../../src/load/staged-load.ts'

/** A committer on an empty warehouse whose lane is closed until `open` is called; `transactions` says how many loads each took. */
async function closedLane(t: TestContext) {
  const folder = await mkdtemp(path.join(tmpdir(), 'caudal-groups-'))
  const lake = await openLake({ path: 'lake' }, { projectPath: folder })
  const warehouse = await openWarehouse({ path: 'w.duckdb' }, { projectPath: folder })
  t.after(async () => {
    await warehouse.close()
    await rm(folder, { recursive: true, force: true })
  })
  const transactions: number[] = []
  const lane = new WriterLane()
  const gate = Promise.withResolvers<void>()
  void lane.run('load', () => gate.promise)
  const counting = new Proxy(warehouse, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      return async (...given: unknown[]): Promise<unknown> => {
        const result: unknown = await value.apply(target, given)
        if (name === 'commit') transactions.push(1)
        if (name === 'commitTogether') transactions.push((result as readonly unknown[]).length)
        return result
      }
    },
  })
  let last = 1_790_000_000_000_000
  const stage = async (
    file: string,
    content: string,
    more: Partial<StagedLoad> = {},
  ): Promise<StagedLoad> => {
    const id = String(last++)
    const key = `${loadFolder('crm', 'deals', id)}/${file}`
    await lake.putIfAbsent(key, Buffer.from(content))
    const bytes = Buffer.byteLength(content)
    return {
      format: 1,
      id,
      run: 'run',
      source: 'crm',
      stream: 'deals',
      table: { schema: 'crm', name: 'deals' },
      columns: [{ name: 'id', type: { kind: 'integer' } }],
      isTyped: true,
      disposition: 'append',
      primaryKey: [],
      deletes: 'none',
      contract: { columns: 'evolve', types: 'evolve' },
      files: [{ key, format: 'csv', sha256: '', bytes, origin: file }],
      filtered: 0,
      replacesPartition: true,
      partition: file,
      expectedVersion: 0,
      position: { adapter: file, snapshot: null },
      stagedAt: '2026-11-25T00:00:00Z',
      ...more,
    }
  }
  const committer = new Committer(counting, lake, lane)
  return { committer, warehouse, transactions, stage, open: gate.resolve }
}

async function ids(warehouse: Warehouse): Promise<unknown[]> {
  const found: unknown[] = []
  for await (const { values } of warehouse.query(
    'SELECT id FROM crm.deals ORDER BY id',
    {},
    AbortSignal.timeout(9_000),
  ))
    found.push(...(values[0] ?? []))
  return found
}

const { signal } = new AbortController()

test('small loads that wait for the lane take effect in one transaction, each with an entry of its own', async (t) => {
  const { committer, warehouse, transactions, stage, open } = await closedLane(t)
  assert.ok(supportsTogether(warehouse))
  const loads = await Promise.all(Array.from({ length: 30 }, (_, n) => stage(`${n}.csv`, `id\n${n}\n`)))
  const outcomes = loads.map((load) => committer.commit(load, signal))
  open()
  const done: LoadOutcome[] = await Promise.all(outcomes)
  assert.deepEqual(
    done.map(({ id, sequence, tables }) => [id, sequence, tables[0]?.counts.inserted]),
    loads.map(({ id }, index) => [id, index + 1, 1]),
  )
  assert.ok(transactions.length <= 6, `30 loads took ${transactions.length} transactions`)
  assert.equal((await ids(warehouse)).length, 30)
  assert.equal((await warehouse.state.ledger(0, 100)).length, 30)
})

test('a load that is refused, and one with bad rows, leave those that waited with them alone', async (t) => {
  const { committer, warehouse, stage, open } = await closedLane(t)
  const loads = [
    await stage('a.csv', 'id\n1\n'),
    await stage('b.csv', 'id\n2\n'),
    await stage('c.csv', 'id\nmuch\n3\n'),
    await stage('d.csv', 'id\n4\n', { expectedVersion: 3 }),
    await stage('e.csv', 'id\n5\n'),
    await stage('a.csv', 'id\n6\n', { expectedVersion: 1 }),
  ]
  const settled = Promise.allSettled(loads.map((load) => committer.commit(load, signal)))
  open()
  const states = (await settled).map((one) =>
    one.status === 'fulfilled' ? 'applied' : String((one.reason as { code: unknown }).code),
  )
  assert.deepEqual(states, [
    'applied',
    'applied',
    'applied',
    'CAUDAL_LOAD_POSITION_MOVED',
    'applied',
    'applied',
  ])
  assert.deepEqual(await ids(warehouse), ['2', '3', '5', '6'])
  const letters = await warehouse.state.deadLetters({ limit: 10 })
  assert.deepEqual(
    letters.map(({ load, origin, line, raw }) => [load, origin, line, raw]),
    [[loads[2]?.id, 'c.csv', 2, 'much']],
  )
})

test('a group does not pass a load of its stream that stands alone', async (t) => {
  const { committer, warehouse, stage, open } = await closedLane(t)
  const at = { partition: '', replacesPartition: false }
  const first = await stage('a.csv', 'id\n1\n', at)
  const whole = await stage('b.csv', 'id\n2\n', { ...at, disposition: 'replace', expectedVersion: 1 })
  const loads = [
    first,
    { ...whole, snapshot: { id: whole.id, complete: true } },
    await stage('c.csv', 'id\n3\n', { ...at, expectedVersion: 2 }),
    await stage('d.csv', 'id\n4\n', { ...at, expectedVersion: 3 }),
  ]
  const done = Promise.all(loads.map((load) => committer.commit(load, signal)))
  open()
  await done
  assert.deepEqual(await ids(warehouse), ['2', '3', '4'])
})
