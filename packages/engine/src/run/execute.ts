import { toErrorReport, type Plan, type RunState, type Stage, type StageRecord } from '@caudal/spec'
import type { RunContext } from './context.ts'
import { performChecks, performModel, type StageOutcome } from './model-stages.ts'
import { runReplay, runReset } from './operations.ts'
import { runExtract } from './sources.ts'

/** Sources that are read at the same time. */
const extractsAtOnce = 2

/** Hears of each stage as it begins and ends. */
export type StageListener = (record: StageRecord) => Promise<void>

/**
 * Executes the stages of a plan: extracts side by side, then models and checks in order. A stage whose forerunner failed is skipped; a
 * cancelled run cancels what has not ended.
 */
export async function executePlan(
  context: RunContext,
  plan: Plan,
  run: string,
  listener: StageListener,
  signal: AbortSignal,
): Promise<StageRecord[]> {
  const records = new Map<string, StageRecord>(
    plan.stages.map((stage) => [stage.id, { stage, state: 'queued', checks: [] }]),
  )
  const work = { context, run, signal, records, listener }
  const extracts = plan.stages.filter((stage) => stage.kind === 'extract')
  const queue = [...extracts]
  await Promise.all(
    Array.from({ length: Math.min(extractsAtOnce, queue.length) }, async () => {
      for (let stage = queue.shift(); stage !== undefined; stage = queue.shift()) await runStage(work, stage)
    }),
  )
  for (const stage of plan.stages) if (stage.kind !== 'extract') await runStage(work, stage)
  return [...records.values()]
}

interface Work {
  readonly context: RunContext
  readonly run: string
  readonly signal: AbortSignal
  readonly records: Map<string, StageRecord>
  readonly listener: StageListener
}

async function runStage(work: Work, stage: Stage): Promise<void> {
  const startedAt = new Date().toISOString()
  const blocked = stage.after.some((id) => {
    const state = work.records.get(id)?.state
    return state === 'failed' || state === 'cancelled' || isSkippedByFailure(work, id)
  })
  if (blocked) return save(work, { stage, state: 'skipped', checks: [] })
  if (work.signal.aborted) return save(work, { stage, state: 'cancelled', checks: [] })
  await save(work, { stage, state: 'running', startedAt, checks: [] })
  try {
    const result = await perform(work, stage)
    const error = result.errors[0]
    const state = stateOf(work, result)
    const { errors: _errors, isSkipped: _isSkipped, ...facts } = result
    await save(work, {
      stage,
      state,
      startedAt,
      endedAt: new Date().toISOString(),
      ...facts,
      ...(error === undefined ? {} : { error }),
    })
  } catch (error) {
    const state = work.signal.aborted ? 'cancelled' : 'failed'
    await save(work, {
      stage,
      state,
      startedAt,
      endedAt: new Date().toISOString(),
      checks: [],
      error: toErrorReport(error),
    })
  }
}

function stateOf(work: Work, { errors, isSkipped }: Performed): RunState {
  if (errors.length > 0) return work.signal.aborted ? 'cancelled' : 'failed'
  return isSkipped === true ? 'skipped' : 'succeeded'
}

function isSkippedByFailure(work: Work, id: string): boolean {
  const record = work.records.get(id)
  return record?.state === 'skipped' && record.startedAt === undefined
}

/** What a stage did, with what only extracts tell. */
type Performed = StageOutcome & Pick<StageRecord, 'counts' | 'reconciliation'>

async function perform({ context, run, signal }: Work, stage: Stage): Promise<Performed> {
  if (stage.kind === 'model') return performModel(context, stage, run, signal)
  if (stage.kind === 'check') return performChecks(context, stage, signal)
  if (stage.kind === 'replay') {
    return { counts: await runReplay(context, stage.table, run, signal), checks: [], errors: [] }
  }
  if (stage.kind === 'reset') {
    await runReset(context, stage.table, run, signal)
    return { checks: [], errors: [] }
  }
  return runExtract(context, stage, run, signal)
}

async function save(work: Work, record: StageRecord): Promise<void> {
  work.records.set(record.stage.id, record)
  await work.listener(record)
}
