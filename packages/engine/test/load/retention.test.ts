import assert from 'node:assert/strict'
import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { describeMissing } from '../../src/index.ts'
import { enforceRetention } from '../../src/load/retention.ts'
import { ScriptedProject, type StreamScript } from './scripted-project.ts'

const row = (id: string): { id: string; amount: string; updated: number } => ({
  id,
  amount: '1.00',
  updated: 1,
})
const ids = 'SELECT id FROM crm.deals ORDER BY id'
const inTwoDays = new Date(Date.now() + 2 * 86_400_000)

/** Two loads, of which both are older than a day in two days. */
async function twoLoads(project: ScriptedProject, stream: StreamScript['stream']): Promise<void> {
  const reads = {
    null: [{ rows: [row('a'), row('b')], position: 1 }],
    1: [{ rows: [row('c')], position: 2 }],
    2: [],
  }
  await project.script('crm', { deals: { stream: { retentionDays: 1, ...stream }, reads } })
  await project.run()
  await project.run()
}

async function rawFiles(project: ScriptedProject): Promise<string[]> {
  const entries = await readdir(path.join(project.folder, 'data', 'lake'), { recursive: true })
  return entries.filter((entry) => entry.includes('rows.ndjson'))
}

async function retire(project: ScriptedProject): Promise<number> {
  const { lake, warehouse } = await project.owner()
  return (await enforceRetention({ lake, warehouse }, 'crm', { name: 'deals', retentionDays: 1 }, inTwoDays))
    .length
}

test('raw files older than the retention go, recorded; a rebuild says what it lacks and keeps what came after', async (t) => {
  const project = await ScriptedProject.create(t)
  await twoLoads(project, { disposition: 'append' })
  assert.equal((await rawFiles(project)).length, 2, 'what is young stays')
  assert.equal(await retire(project), 2)
  assert.equal(await retire(project), 0, 'nothing is removed twice')
  assert.deepEqual(await rawFiles(project), [])
  assert.deepEqual(await project.rows(ids), [['a'], ['b'], ['c']], 'the table keeps its rows')
  const { tables } = await (await project.owner()).status()
  assert.equal(tables.find(({ table }) => table === 'crm.deals')?.retention?.retiredLoads, 2)
  await project.script('crm', {
    deals: {
      stream: { retentionDays: 1, disposition: 'append' },
      reads: { 2: [{ rows: [row('d')], position: 3 }], 3: [] },
    },
  })
  await project.run()
  await project.close()
  await rm(path.join(project.folder, 'data', 'acme.duckdb'))
  const { recovery } = await project.owner()
  assert.deepEqual(await project.rows(ids), [['d']])
  assert.equal(recovery.abandoned, 0)
  assert.match(recovery.missing.map(describeMissing).join(), /^crm\.deals lacks 3 rows of 2 loads/)
  assert.equal((await project.run()).state, 'succeeded', 'and reading goes on where it was')
})

test('what a later complete read replaced is not missed', async (t) => {
  const project = await ScriptedProject.create(t)
  const reads = { any: [{ rows: [row('a')], complete: true as const }] }
  await project.script('crm', { deals: { stream: { disposition: 'replace' }, reads } })
  await project.run()
  await retire(project)
  await project.run()
  await project.close()
  await rm(path.join(project.folder, 'data', 'acme.duckdb'))
  assert.deepEqual((await project.owner()).recovery.missing, [])
  assert.deepEqual(await project.rows(ids), [['a']])
})

test('a file whose load left open dead letters stays, and a removal that was cut off is finished', async (t) => {
  const project = await ScriptedProject.create(t)
  const bad = { id: 'b', amount: 'a lot', updated: 1 }
  const reads = {
    null: [
      { rows: [row('a'), bad], position: 1 },
      { rows: [row('c')], position: 2 },
    ],
    2: [],
  }
  await project.script('crm', { deals: { stream: { disposition: 'append' }, reads } })
  await project.run()
  const { lake, warehouse } = await project.owner()
  const cut = new Proxy(lake, {
    get: (target, name) => {
      if (name === 'delete') return () => Promise.reject(new Error('the power is gone'))
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  const stream = { name: 'deals', retentionDays: 1 }
  await assert.rejects(enforceRetention({ lake: cut, warehouse }, 'crm', stream, inTwoDays), /power/)
  assert.equal((await rawFiles(project)).length, 2)
  assert.equal(await retire(project), 1)
  assert.equal((await rawFiles(project)).length, 1)
})
