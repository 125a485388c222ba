import {
  CaudalError,
  addCounts,
  noCounts,
  toErrorReport,
  type ErrorReport,
  type Plan,
  type PushEvent,
  type RunRecord,
  type RunState,
  type RunSummary,
  type StageRecord,
} from '@caudal/spec'
import { randomUUID } from 'node:crypto'
import type { RunRequest } from '../owner/service.ts'
import type { ControlState } from '../state/control-state.ts'
import type { RunContext } from './context.ts'
import { executePlan } from './execute.ts'

/** What the queue needs of its owner. */
export interface RunQueueOptions {
  readonly control: ControlState
  readonly target: string
  /** The parts for a run: those of the newest project version. */
  readonly context: () => RunContext
  readonly plan: (request: RunRequest) => Promise<Plan>
  readonly emit: (event: PushEvent) => void
}

interface QueuedRun {
  readonly record: RunRecord
  readonly request: RunRequest
  readonly controller: AbortController
}

/** Runs wait here and execute one after the other; their history is in the control database. */
export class RunQueue {
  readonly #options: RunQueueOptions
  readonly #queue: QueuedRun[] = []
  #current: QueuedRun | undefined
  #working: Promise<void> | undefined

  constructor(options: RunQueueOptions) {
    this.#options = options
  }

  /** Queues a run. */
  async start(request: RunRequest): Promise<RunSummary> {
    const record: RunRecord = {
      id: randomUUID(),
      target: this.#options.target,
      trigger: request.trigger,
      state: 'queued',
      queuedAt: new Date().toISOString(),
      fingerprint: this.#options.context().manifest.fingerprint.slice(0, 12),
      stages: [],
    }
    await this.#options.control.runs.create(record)
    this.#queue.push({ record, request, controller: new AbortController() })
    this.#options.emit({ kind: 'run', run: summarise(record) })
    this.#working ??= this.#work()
    return summarise(record)
  }

  /** Cancels a run that waits or executes. */
  cancel(run: string): boolean {
    const found = [this.#current, ...this.#queue].find((one) => one?.record.id === run)
    found?.controller.abort(
      new CaudalError({
        code: 'CAUDAL_RUN_CANCELLED',
        message: `The run ${run} was cancelled. What had taken effect stays.`,
      }),
    )
    return found !== undefined
  }

  /** Cancels everything and waits for the end. */
  async close(): Promise<void> {
    for (const { record } of [...(this.#current === undefined ? [] : [this.#current]), ...this.#queue])
      this.cancel(record.id)
    await this.#working
  }

  /** Resolves when nothing waits or executes. */
  async idle(): Promise<void> {
    await this.#working
  }

  async #work(): Promise<void> {
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      this.#current = next
      await this.#execute(next)
      this.#current = undefined
    }
    this.#working = undefined
  }

  async #execute({ record, request, controller }: QueuedRun): Promise<void> {
    const { control, emit } = this.#options
    const startedAt = new Date().toISOString()
    let stages: readonly StageRecord[] = []
    const finish = async (state: RunState, error?: ErrorReport): Promise<void> => {
      const endedAt = new Date().toISOString()
      await control.runs.update(record.id, {
        state,
        startedAt,
        endedAt,
        ...(error === undefined ? {} : { error }),
      })
      emit({
        kind: 'run',
        run: summarise({
          ...record,
          state,
          startedAt,
          endedAt,
          stages,
          ...(error === undefined ? {} : { error }),
        }),
      })
    }
    try {
      controller.signal.throwIfAborted()
      const plan = await this.#options.plan(request)
      await control.runs.plan(
        record.id,
        plan.stages.map((stage) => ({ stage, state: 'queued', checks: [] })),
      )
      await control.runs.update(record.id, { state: 'running', startedAt })
      emit({ kind: 'run', run: summarise({ ...record, state: 'running', startedAt }) })
      stages = await executePlan(
        this.#options.context(),
        plan,
        record.id,
        (stage) => control.runs.saveStage(record.id, stage),
        controller.signal,
      )
      const failed = stages.find((stage) => stage.state === 'failed')
      const isCancelled = stages.some((stage) => stage.state === 'cancelled')
      await finish(failed !== undefined ? 'failed' : isCancelled ? 'cancelled' : 'succeeded', failed?.error)
    } catch (error) {
      await finish(controller.signal.aborted ? 'cancelled' : 'failed', toErrorReport(error))
    }
  }
}

/** A run without its stages. */
export function summarise(run: RunRecord): RunSummary {
  const { stages, ...facts } = run
  return {
    ...facts,
    stageCount: stages.length,
    failedStages: stages.filter((stage) => stage.state === 'failed').length,
    counts: stages.reduce((sum, stage) => addCounts(sum, stage.counts ?? noCounts), noCounts),
  }
}
