import assert from 'node:assert/strict'
import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { ScriptedProject } from './scripted-project.ts'

const row = (id: string): { id: string; amount: string; updated: number } => ({
  id,
  amount: '1.00',
  updated: 1,
})
const reads = {
  null: [{ rows: [row('a')], position: 1 }],
  1: [
    { rows: [row('b')], position: 2 },
    { rows: [row('c')], position: 3 },
  ],
  2: [{ rows: [row('c')], position: 3 }],
}
const ids = 'SELECT id FROM crm.deals ORDER BY id'

/** Declares the stream anew: an owner that is there has the declaration from before. */
async function deals(project: ScriptedProject, stream: Record<string, string | string[]>): Promise<void> {
  await project.close()
  await project.script('crm', { deals: { stream, reads } })
}

async function loadedOnce(t: TestContext): Promise<ScriptedProject> {
  const project = await ScriptedProject.create(t)
  await deals(project, { disposition: 'append' })
  assert.equal((await project.run()).state, 'succeeded')
  return project
}

async function rebuilt(project: ScriptedProject): Promise<unknown> {
  await project.close()
  await rm(path.join(project.folder, 'data', 'acme.duckdb'))
  return project.rows(ids)
}

test('a load whose statement the engine refuses is given up, and its range is read when the stream is mended', async (t) => {
  const project = await loadedOnce(t)
  await deals(project, { disposition: 'merge', primaryKey: ['id'] })
  const red = await project.run()
  assert.equal(red.error?.code, 'CAUDAL_LOAD_REFUSED')
  assert.match(red.error?.message ?? '', /Binder Error: .* Nothing was written; the load is given up/)
  assert.match(red.error?.hint ?? '', /Mend the declaration of crm\.deals/)
  assert.equal((await project.run()).error?.code, 'CAUDAL_LOAD_REFUSED', 'the range was read again')
  await deals(project, { disposition: 'append' })
  assert.equal((await project.run()).state, 'succeeded')
  const live = await project.rows(ids)
  assert.deepEqual(live, [['a'], ['b'], ['c']])
  assert.deepEqual(await rebuilt(project), live, 'the lake alone gives the same rows')
})

test('a reset frees a source whose first load waits', async (t) => {
  const project = await ScriptedProject.create(t)
  await deals(project, { disposition: 'append' })
  await project.fault('crm', 'fail')
  assert.equal((await project.run()).state, 'failed')
  assert.match((await project.run()).error?.message ?? '', /the planted failure/)
  assert.equal(
    (await project.run({ operation: { kind: 'reset', tables: ['crm.deals'] } })).state,
    'succeeded',
  )
  await project.fault()
  assert.equal((await project.run()).state, 'succeeded')
  assert.deepEqual(await project.rows(ids), [['a']])
  assert.deepEqual(await rebuilt(project), [['a']], 'what was given up stays so')
})

test('a reset gives up the loads that wait behind what took effect', async (t) => {
  const project = await loadedOnce(t)
  await project.fault('crm', 'fail')
  assert.equal((await project.run()).state, 'failed')
  await project.fault()
  assert.equal(
    (await project.run({ operation: { kind: 'reset', tables: ['crm.deals'] } })).state,
    'succeeded',
  )
  assert.deepEqual(await project.rows(ids), [], 'a table that rows are appended to begins empty')
  assert.equal((await project.run()).state, 'succeeded')
  const live = await project.rows(ids)
  assert.deepEqual(live, [['a']])
  assert.deepEqual(await rebuilt(project), live)
})

test('a history ordered by no time that is to end what is gone is refused before anything is staged', async (t) => {
  const project = await ScriptedProject.create(t)
  await project.owner()
  await project.script('crm', {
    deals: {
      stream: { disposition: 'history', primaryKey: ['id'], order: 'updated', deletes: 'key sweep' },
      reads: { any: [{ rows: [row('a')], complete: true }] },
    },
  })
  const said = /crm\.deals: its history is ordered by `updated` \(integer\), which is no time/
  const red = await project.run()
  assert.equal(red.error?.code, 'CAUDAL_STREAM_HISTORY_ORDER', 'of a stream that the source alone describes')
  assert.match(red.error.message, said)
  const lake = await readdir(path.join(project.folder, 'data', 'lake'), { recursive: true })
  assert.deepEqual(
    lake.filter((entry) => path.basename(entry) === 'load.json'),
    [],
  )
  await project.close()
  await assert.rejects(project.owner(), said, 'of a stream that the project declares')
})
