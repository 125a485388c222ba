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
const ids = 'SELECT id FROM crm.deals ORDER BY id'

/** Two sources: deals that are appended to, page by page, and letters. */
async function twoSources(t: TestContext): Promise<ScriptedProject> {
  const project = await ScriptedProject.create(t)
  await project.script('crm', {
    deals: {
      stream: { disposition: 'append' },
      reads: {
        null: [
          { rows: [row('a')], position: 1 },
          { rows: [row('b')], position: 2 },
        ],
        1: [{ rows: [row('b')], position: 2 }],
        2: [{ rows: [row('c')], position: 3 }],
      },
    },
  })
  await project.script('mail', {
    letters: { stream: { disposition: 'append' }, reads: { null: [{ rows: [row('x')], position: 1 }] } },
  })
  return project
}

async function markers(project: ScriptedProject, name: string): Promise<number> {
  const entries = await readdir(path.join(project.folder, 'data', 'lake'), { recursive: true })
  return entries.filter((entry) => path.basename(entry) === name).length
}

test('a load that the warehouse could not take is settled before its source is read again', async (t) => {
  const project = await twoSources(t)
  await project.fault('crm', 'fail')
  const red = await project.run()
  assert.equal(red.state, 'failed')
  assert.match(red.error?.message ?? '', /the planted failure/)
  assert.deepEqual(await project.rows('SELECT id FROM mail.letters'), [['x']])
  await project.fault()
  assert.equal((await project.run()).state, 'succeeded')
  const live = await project.rows(ids)
  assert.deepEqual(live, [['a'], ['b'], ['c']])
  await project.close()
  await rm(path.join(project.folder, 'data', 'acme.duckdb'))
  assert.deepEqual(await project.rows(ids), live, 'the lake alone gives the same rows')
})

test('while a load waits its source is not read past it, and the other sources are', async (t) => {
  const project = await twoSources(t)
  await project.fault('crm', 'fail')
  await project.run()
  const again = await project.run()
  assert.match(again.error?.message ?? '', /the planted failure/)
  const waiting = await markers(project, 'abandoned.json')
  await project.close()
  assert.equal((await project.owner()).recovery.waiting, 2)
  assert.equal(
    await markers(project, 'abandoned.json'),
    waiting,
    'recovery gives up nothing that may still count',
  )
  await project.fault()
  assert.equal((await project.run()).state, 'succeeded')
  assert.deepEqual(await project.rows(ids), [['a'], ['b'], ['c']])
})

test('sources that are read at the same time never share a load id', async (t) => {
  const project = await ScriptedProject.create(t)
  const many = Array.from({ length: 10 }, (_, index) => ({ rows: [row(`${index}`)], position: index }))
  for (const source of ['crm', 'mail']) {
    await project.script(source, { deals: { stream: { disposition: 'append' }, reads: { null: many } } })
  }
  assert.equal((await project.run()).state, 'succeeded')
  assert.deepEqual(await project.rows('SELECT count(*), count(DISTINCT load) FROM _caudal.loads'), [
    ['20', '20'],
  ])
  for (const schema of ['crm', 'mail']) {
    assert.deepEqual(await project.rows(`SELECT count(DISTINCT id) FROM ${schema}.deals`), [['10']])
  }
})
