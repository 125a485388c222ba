import { isBalanced } from '@caudal/spec'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ScriptedProject } from './scripted-project.ts'

const row = (id: string, amount = '1.00'): { id: string; amount: string; updated: number } => ({
  id,
  amount,
  updated: 1,
})
const byKey = { disposition: 'merge', primaryKey: ['id'], deletes: 'key sweep' }

test('every record of a read is in the equation: inserted, superseded, a dead letter or filtered', async (t) => {
  const project = await ScriptedProject.create(t)
  const batches = [
    { rows: [row('a'), row('a', '2.00'), row('b', 'a lot')], filtered: 4 },
    { rows: [row('c')], complete: true as const },
  ]
  await project.script('crm', { deals: { stream: byKey, reads: { any: batches } } })
  const [extract] = (await project.run()).stages
  const counts = extract?.counts ?? assert.fail()
  assert.ok(isBalanced(counts))
  const { extracted, inserted, superseded, deadLettered, filtered } = counts
  assert.deepEqual([extracted, inserted, superseded, deadLettered, filtered], [8, 2, 1, 1, 4])
})

test('a warehouse that accounts for one record less turns the run red', async (t) => {
  const project = await ScriptedProject.create(t)
  const reads = { any: [{ rows: [row('a'), row('b')], complete: true as const }] }
  await project.script('crm', { deals: { stream: { disposition: 'append' }, reads } })
  await project.fault('crm', 'miscount')
  const red = await project.run()
  assert.equal(red.state, 'failed')
  assert.equal(red.error?.code, 'CAUDAL_RECONCILIATION_IMBALANCE')
  assert.match(red.error?.message ?? '', /crm\.deals: load \d+ had 2 records, and 1 of them/)
})

test('a source that counts more than the warehouse has is counted again, then the run is red', async (t) => {
  const project = await ScriptedProject.create(t)
  const reads = { any: [{ rows: [row('a'), row('b')], complete: true as const }] }
  await project.script('crm', { deals: { stream: byKey, reads, count: 3 } })
  const red = await project.run()
  assert.equal(red.error?.code, 'CAUDAL_RECONCILIATION')
  await project.script('crm', { deals: { stream: byKey, reads, count: [3, 3, 2] } })
  const lagging = await project.run()
  assert.equal(lagging.stages[0]?.reconciliation?.[0]?.verdict, 'within lag')
  await project.script('crm', { deals: { stream: byKey, reads, count: 2 } })
  const good = await project.run()
  assert.equal(good.stages[0]?.reconciliation?.[0]?.verdict, 'equal')
})
