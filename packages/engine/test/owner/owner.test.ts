import { isBalanced } from '@caudal/spec'
import assert from 'node:assert/strict'
import { readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { openControl, openOwner, project, rows, run, writeRows } from './open-owner.ts'

test('a run takes a source through the lake into tested models, and the next one finds nothing new', async (t) => {
  const folder = await project(t)
  const owner = await openOwner(folder)
  t.after(() => owner.close())
  const first = await run(owner)
  assert.equal(first.state, 'succeeded', JSON.stringify(first.stages.map((stage) => stage.error)))
  const extract = first.stages.find((stage) => stage.stage.kind === 'extract')
  assert.equal(extract?.counts?.inserted, 2)
  assert.ok(isBalanced(extract?.counts ?? assert.fail()))
  assert.deepEqual(extract?.reconciliation, [
    { table: 'crm.deals', verdict: 'equal', source: 2, warehouse: 2 },
  ])
  assert.deepEqual(await rows(owner, 'SELECT won FROM marts.revenue'), [['10.50']])
  const second = await run(owner)
  assert.equal(second.state, 'succeeded')
  assert.equal(second.stages.find((stage) => stage.stage.kind === 'model')?.state, 'skipped')
})

test('a failing error-level check leaves the published table and makes the run red', async (t) => {
  const folder = await project(t)
  const owner = await openOwner(folder)
  t.after(() => owner.close())
  await run(owner)
  await writeRows(folder, [{ id: 'a', amount: '-1.00', stage: 'won', updated: 2 }])
  const red = await run(owner)
  assert.equal(red.state, 'failed')
  assert.match(red.error?.message ?? '', /marts\.revenue/)
  assert.deepEqual(await rows(owner, 'SELECT won FROM marts.revenue'), [['10.50']])
})

test('the warehouse can be rebuilt from the lake alone', async (t) => {
  const folder = await project(t)
  const first = await openOwner(folder)
  await run(first)
  await writeRows(folder, [{ id: 'b', amount: '7.00', stage: 'won', updated: 2 }])
  await run(first)
  const before = await rows(first, 'SELECT id, amount, stage, updated FROM crm.deals ORDER BY id')
  await first.close()
  await rm(path.join(folder, 'data', 'acme.duckdb'))
  await rm(path.join(folder, 'input'), { recursive: true })
  const second = await openOwner(folder)
  t.after(() => second.close())
  assert.equal(second.recovery.committed, 2)
  assert.deepEqual(await rows(second, 'SELECT id, amount, stage, updated FROM crm.deals ORDER BY id'), before)
})

test('dead letters are replayed after a fix, and a reset reads from the start', async (t) => {
  const folder = await project(t)
  await writeRows(folder, [
    { id: 'a', amount: '10.50', stage: 'won', updated: 1 },
    { id: 'b', amount: 'a lot', stage: 'won', updated: 1 },
  ])
  const first = await openOwner(folder)
  const red = await run(first)
  assert.equal(red.stages[0]?.counts?.deadLettered, 1)
  await first.close()
  const source = path.join(folder, 'sources', 'crm.ts')
  const text = await readFile(source, 'utf8')
  await writeFile(source, text.replace('amount: decimal(18, 2)', 'amount: text()'))
  await writeFile(
    path.join(folder, 'models', 'marts', 'revenue.sql'),
    "SELECT max(amount) AS won FROM crm.deals WHERE stage = 'won'\n",
  )
  const second = await openOwner(folder)
  t.after(() => second.close())
  const { id } = await second.runs.start({
    select: [],
    operation: { kind: 'replay', tables: [] },
    trigger: 'test',
  })
  await second.idle()
  const replay = await second.runs.get(id)
  assert.equal(replay.state, 'succeeded', JSON.stringify(replay.error))
  assert.equal(replay.stages[0]?.counts?.inserted, 1)
  assert.deepEqual(await rows(second, 'SELECT id, amount FROM crm.deals ORDER BY id'), [
    ['a', '10.50'],
    ['b', 'a lot'],
  ])
  assert.equal((await second.warehouse.state.deadLetters({ limit: 9 }))[0]?.status, 'replayed')
  await second.runs.start({
    select: [],
    operation: { kind: 'reset', tables: ['crm.deals'] },
    trigger: 'test',
  })
  await second.idle()
  const [position] = await second.warehouse.state.positions('crm')
  assert.deepEqual(position?.position, { adapter: null, snapshot: null })
})

test('the history of runs is kept as long as the project says', async (t) => {
  const folder = await project(t)
  const config = path.join(folder, 'caudal.config.ts')
  const text = await readFile(config, 'utf8')
  await writeFile(config, text.replace('targets:', 'runHistory: { days: 30, runs: 1 },\n  targets:'))
  const control = await openControl(folder)
  const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString()
  const ended = { target: 'dev', trigger: 'test', state: 'succeeded', fingerprint: '', stages: [] } as const
  await control.runs.create({ ...ended, id: 'older', queuedAt: daysAgo(32) })
  await control.runs.create({ ...ended, id: 'old', queuedAt: daysAgo(31) })
  await control.runs.create({ ...ended, id: 'young', queuedAt: daysAgo(29) })
  await control.close()
  const owner = await openOwner(folder)
  t.after(() => owner.close())
  const { id } = await run(owner)
  const kept = await owner.runs.list(10)
  assert.deepEqual(
    kept.map((one) => one.id),
    [id, 'young'],
  )
})
