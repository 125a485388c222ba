import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noCounts, type RunRecord, type StageRecord } from '@caudal/spec'
import { freshPath, openState } from './open-state.ts'

function stage(source: string, changes: Partial<StageRecord> = {}): StageRecord {
  const after: string[] = []
  return {
    stage: {
      kind: 'extract',
      id: `extract ${source}`,
      source,
      streams: ['deals'],
      tables: [`${source}.deals`],
      full: false,
      guarantee: 'once per key',
      adapter: 'rest',
      warehouse: 'duckdb',
      protocol: 'transaction',
      after,
    },
    state: 'queued',
    checks: [],
    ...changes,
  }
}

function run(id: string, changes: Partial<RunRecord> = {}): RunRecord {
  return {
    id,
    target: 'dev',
    trigger: 'cli',
    state: 'queued',
    queuedAt: `2026-03-01T00:00:0${id.length % 10}.000Z`,
    fingerprint: 'abcdef012345',
    stages: [],
    ...changes,
  }
}

const finishedStage = stage('crm', {
  state: 'succeeded',
  startedAt: '2026-03-01T00:00:01.000Z',
  endedAt: '2026-03-01T00:00:02.000Z',
  counts: { ...noCounts, extracted: 5, inserted: 5 },
  rows: 5,
  checks: [
    {
      check: 'crm.deals: id unique',
      table: 'crm.deals',
      severity: 'error',
      isPassed: false,
      failingRows: 2,
      examples: [{ id: '1' }],
      message: '2 rows share an id',
    },
  ],
  error: { code: 'X', message: 'wrong', retryable: false, context: { file: 'deals.csv' } },
  reconciliation: [{ table: 'crm.deals', verdict: 'equal', source: 5, warehouse: 5 }],
})

test('a run is read back as it was written, stages in plan order', async (context) => {
  const { runs } = await openState(context)
  await runs.create(run('a'))
  const many = Array.from({ length: 250 }, (_, index) => stage(`s${index}`))
  await runs.plan('a', [stage('crm'), ...many])
  await runs.update('a', { state: 'running', startedAt: '2026-03-01T00:00:01.000Z' })
  await runs.saveStages('a', [finishedStage])
  await runs.update('a', {
    state: 'failed',
    endedAt: '2026-03-01T00:00:03.000Z',
    ...(finishedStage.error === undefined ? {} : { error: finishedStage.error }),
  })
  assert.deepEqual(await runs.get('a'), {
    ...run('a'),
    state: 'failed',
    startedAt: '2026-03-01T00:00:01.000Z',
    endedAt: '2026-03-01T00:00:03.000Z',
    error: finishedStage.error,
    stages: [finishedStage, ...many],
  })
  await assert.rejects(runs.get('b'), { code: 'CAUDAL_RUN_UNKNOWN' })
})

test('a list is newest first, pages by run, and sums the counts of its stages', async (context) => {
  const { runs } = await openState(context)
  const sameTime = '2026-03-01T00:00:00.000Z'
  for (const id of ['r1', 'r2', 'r3']) await runs.create(run(id, { queuedAt: sameTime }))
  await runs.create(
    run('r4', {
      queuedAt: '2026-03-02T00:00:00.000Z',
      stages: [
        finishedStage,
        stage('mail', { state: 'failed', counts: { ...noCounts, extracted: 2, deadLettered: 2 } }),
        stage('later', { state: 'skipped' }),
      ],
    }),
  )
  const first = await runs.list(2)
  assert.deepEqual(
    first.map((found) => found.id),
    ['r4', 'r3'],
  )
  const [newest] = first
  assert.ok(newest !== undefined)
  const { stageCount, failedStages, counts } = newest
  assert.deepEqual({ stageCount, failedStages }, { stageCount: 3, failedStages: 1 })
  assert.deepEqual(counts, { ...noCounts, extracted: 7, inserted: 5, deadLettered: 2 })
  assert.deepEqual(
    (await runs.list(2, 'r3')).map((found) => found.id),
    ['r2', 'r1'],
  )
  assert.deepEqual(await runs.list(2, 'r1'), [])
  assert.equal((await runs.last('dev', 'cli'))?.id, 'r4')
  assert.equal(await runs.last('prod', 'cli'), undefined)
})

test('what a dead owner left running or queued becomes failed in plain words; the rest stays', async (context) => {
  const path = freshPath(context)
  const dead = await openState(context, path, { owner: 'dead' })
  await dead.runs.create(run('done', { state: 'succeeded' }))
  await dead.runs.create(run('waiting'))
  await dead.runs.create(run('elsewhere', { target: 'prod', state: 'running' }))
  await dead.runs.create(
    run('half', {
      state: 'running',
      startedAt: '2026-03-01T00:00:01.000Z',
      stages: [
        finishedStage,
        stage('mail', { state: 'running', startedAt: '2026-03-01T00:00:02.000Z' }),
        stage('later'),
      ],
    }),
  )
  await dead.close()

  const { runs } = await openState(context, path, { owner: 'alive' })
  await runs.create(run('mine', { state: 'running' }))
  assert.deepEqual((await runs.recover('dev')).toSorted(), ['half', 'waiting'])
  const half = await runs.get('half')
  assert.equal(half.state, 'failed')
  assert.ok(half.endedAt !== undefined)
  assert.equal(half.error?.code, 'CAUDAL_RUN_OWNER_DIED')
  assert.match(half.error?.message ?? '', /process that owned the warehouse ended while run half was running/)
  assert.deepEqual(
    half.stages.map((record) => record.state),
    ['succeeded', 'failed', 'skipped'],
  )
  assert.equal((await runs.get('waiting')).state, 'failed')
  assert.equal((await runs.get('mine')).state, 'running')
  assert.equal((await runs.get('elsewhere')).state, 'running')
  assert.equal((await runs.get('done')).state, 'succeeded')
  assert.deepEqual(await runs.recover('dev'), [])
})

test('pruning forgets old ended runs with their stages, but never what is still needed', async (context) => {
  const { runs } = await openState(context)
  const at = (month: number): string => `2025-0${month}-01T00:00:00.000Z`
  const ended = { state: 'succeeded' } as const
  await runs.create(run('old', { ...ended, queuedAt: at(1), stages: [finishedStage] }))
  await runs.create(run('last of a stage', { ...ended, queuedAt: at(2), stages: [finishedStage] }))
  await runs.create(run('last of a schedule', { ...ended, queuedAt: at(3), trigger: 'schedule crm' }))
  await runs.create(run('too many', { ...ended, queuedAt: at(4) }))
  await runs.create(run('elsewhere', { ...ended, queuedAt: at(4), target: 'prod' }))
  await runs.create(run('going', { queuedAt: at(5), state: 'running' }))
  await runs.create(run('one of the newest', { ...ended, queuedAt: at(6) }))
  await runs.create(run('new', ended))
  const limits = { target: 'dev', before: '2026-01-01T00:00:00.000Z', keep: 2 }
  assert.equal(await runs.prune(limits), 2)
  assert.equal(await runs.prune(limits), 0)
  assert.deepEqual(
    (await runs.list(9)).map((found) => found.id),
    ['new', 'one of the newest', 'going', 'elsewhere', 'last of a schedule', 'last of a stage'],
  )
  assert.equal((await runs.latestStages('dev')).get('extract crm')?.state, 'succeeded')
})
