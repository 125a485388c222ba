import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StageRecord } from '@caudal/spec'
import { StageJournal } from '../../src/run/stage-journal.ts'

function record(name: string, state: StageRecord['state']): StageRecord {
  return {
    stage: { kind: 'check', id: `check ${name}`, checks: [], table: name, after: [] },
    state,
    checks: [],
  }
}

test('stages that change at the same time are written together, each as it is last', async () => {
  const writes: string[][] = []
  const journal = new StageJournal(async (stages) => {
    writes.push(stages.map(({ stage, state }) => `${stage.id} ${state}`))
  })
  await journal.record(record('a', 'running'))
  await journal.record(record('a', 'succeeded'))
  await journal.record(record('b', 'running'))
  await journal.flush()
  await journal.record(record('b', 'succeeded'))
  await journal.flush()
  assert.deepEqual(writes, [['check a succeeded', 'check b running'], ['check b succeeded']])
})

test('a write that fails stops the run at the next record, and is told at the end', async () => {
  const journal = new StageJournal(() => Promise.reject(new Error('the disk is full')))
  await journal.record(record('a', 'running'))
  await assert.rejects(journal.flush(), /the disk is full/)
  await assert.rejects(journal.record(record('b', 'running')), /the disk is full/)
  await assert.rejects(journal.flush(), /the disk is full/)
})
