import { CaudalError } from '@caudal/spec'
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openWarehouse } from '../../src/index.ts'
import { endless, fill, table } from './fixtures/long-build.ts'
import { TestReaders } from './readers.ts'

const signal = new AbortController().signal
const folder = await mkdtemp(path.join(tmpdir(), 'caudal-build-'))
after(() => rm(folder, { recursive: true, force: true }))

/** Processes that build below a process, as they are named. */
function buildersOf(pid: number): number[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n')
  const all = lines.map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
  const below = new Set([pid])
  for (let before = 0; before !== below.size;) {
    before = below.size
    for (const found of all) if (found !== null && below.has(Number(found[2]))) below.add(Number(found[1]))
  }
  return all.flatMap((found) => {
    const isBuilder =
      found !== null &&
      below.has(Number(found[1])) &&
      /building[\\/]main\.[jt]s$/.test(found[3] ?? '') &&
      !(found[3] ?? '').startsWith('/bin/sh')
    return isBuilder ? [Number(found[1])] : []
  })
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function untilDead(pid: number): Promise<void> {
  for (let tries = 0; tries < 200 && isAlive(pid); tries++) await sleep(50)
  assert.equal(isAlive(pid), false, `process ${pid} has ended`)
}

test('the engine says the same of a query that fails, whoever runs it', async () => {
  const sql = `SELECT CAST('row ' || n // 1000000 AS INTEGER) AS n FROM big.rows`
  const reports: unknown[] = []
  for (const [name, readers] of [
    ['there', new TestReaders()],
    ['here', undefined],
  ] as const) {
    const context = { projectPath: folder, ...(readers === undefined ? {} : { readers }) }
    const warehouse = await openWarehouse({ path: `${name}.duckdb` }, context)
    await fill(warehouse)
    await warehouse.build(table, sql, {}, signal).catch((error: unknown) => {
      assert.ok(CaudalError.isInstance(error))
      reports.push(error.toJSON())
    })
    if (readers !== undefined) assert.equal(readers.children, 1)
    await warehouse.close()
  }
  assert.equal(reports.length, 2)
  assert.deepEqual(reports[0], reports[1])
})

test('a cancelled build ends its child, paused or not, and leaves no file', async () => {
  for (const isPaused of [false, true]) {
    const cancel = new AbortController()
    let builders: number[] = []
    const readers = new TestReaders((tell) => {
      builders = buildersOf(process.pid)
      if (isPaused) tell(true)
      cancel.abort(new Error('cancelled'))
    })
    const warehouse = await openWarehouse({ path: 'cancel.duckdb' }, { projectPath: folder, readers })
    await fill(warehouse)
    await assert.rejects(warehouse.build(table, endless, {}, cancel.signal), /cancelled/)
    assert.equal(builders.length, 1)
    for (const pid of builders) await untilDead(pid)
    assert.equal(existsSync(path.join(folder, 'cancel.duckdb.build')), false)
    await warehouse.close()
  }
})

test('a child that is killed fails its build and nothing else', async () => {
  const readers = new TestReaders(() => {
    for (const pid of buildersOf(process.pid)) process.kill(pid, 'SIGKILL')
  })
  const warehouse = await openWarehouse({ path: 'killed.duckdb' }, { projectPath: folder, readers })
  await fill(warehouse)
  await assert.rejects(warehouse.build(table, endless, {}, signal), { code: 'CAUDAL_WAREHOUSE_BUILD_DIED' })
  assert.equal(await warehouse.build(table, 'SELECT 1 AS one', {}, signal), 1)
  await warehouse.close()
})

test('an owner that is killed while its child is paused leaves no process, and its files go at the next start', async () => {
  const owner = spawn(process.execPath, [path.join(import.meta.dirname, 'fixtures', 'owner.ts'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(owner.stdout, 'data')
  const [builder = 0] = buildersOf(owner.pid ?? 0)
  assert.notEqual(builder, 0)
  owner.kill('SIGKILL')
  await untilDead(builder)
  const scratch = path.join(folder, 'owner.duckdb.build')
  assert.ok(existsSync(scratch))
  const warehouse = await openWarehouse({ path: 'owner.duckdb' }, { projectPath: folder })
  assert.equal(existsSync(scratch), false)
  await warehouse.close()
})
