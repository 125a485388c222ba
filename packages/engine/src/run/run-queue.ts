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
import type { HeldVersion, ProjectVersion } from '../owner/project-versions.ts'
import type { RunRequest } from '../owner/service.ts'
import type { ControlState } from '../state/control-state.ts'
import { checkSecrets } from './check-secrets.ts'
import type { RunContext } from './context.ts'
import { executePlan } from './execute.ts'
import { assertKnown } from './plan-run.ts'
import { StageJournal } from './stage-journal.ts'

/** What the queue needs of its owner. */
export interface RunQueueOptions {
  readonly control: ControlState
  readonly target: string
  /** The parts for a run with a version of the project. */
  readonly context: (version: ProjectVersion) => RunContext
  readonly plan: (version: ProjectVersion, request: RunRequest) => Promise<Plan>
  readonly emit: (event: PushEvent) => void
  /** A run has ended and is recorded. */
  readonly ended: () => Promise<void>
  /** The end of a run could not be written to the control database. */
  readonly unrecorded: (run: string, error: unknown) => void
}

interface QueuedRun {
  readonly record: RunRecord
  readonly request: RunRequest
  readonly version: HeldVersion
  readonly controller: AbortController
}

/** Runs wait here and execute one after the other; their history is in the control database. */
export class RunQueue {
  readonly #options: RunQueueOptions
  readonly #queue: QueuedRun[] = []
  #current: QueuedRun | undefined
  #working: Promise<void> | undefined
  #isClosed = false

  constructor(options: RunQueueOptions) {
    this.#options = options
  }

  /**
   * Queues a run with a version of the project, which is released at its end.
   * @throws CaudalError `CAUDAL_OWNER_STOPPING`, or what {@link assertKnown} says; then there is no run.
   */
  async start(request: RunRequest, version: HeldVersion): Promise<RunSummary> {
    try {
      if (this.#isClosed) throw stopping()
      assertKnown(version.manifest, request)
      const record: RunRecord = {
        id: randomUUID(),
        target: this.#options.target,
        trigger: request.trigger,
        state: 'queued',
        queuedAt: new Date().toISOString(),
        fingerprint: version.manifest.fingerprint.slice(0, 12),
        stages: [],
      }
      await this.#options.control.runs.create(record)
      this.#queue.push({ record, request, version, controller: new AbortController() })
      this.#options.emit({ kind: 'run', run: summarise(record) })
      this.#working ??= this.#work()
      return summarise(record)
    } catch (error) {
      version.release()
      throw error
    }
  }

  /** Cancels a run that waits or executes. One that waits has ended when this resolves. */
  async cancel(run: string): Promise<boolean> {
    const reason = new CaudalError({
      code: 'CAUDAL_RUN_CANCELLED',
      message: `The run ${run} was cancelled. What had taken effect stays.`,
    })
    if (this.#current?.record.id === run) {
      this.#current.controller.abort(reason)
      return true
    }
    const index = this.#queue.findIndex((one) => one.record.id === run)
    const [waiting] = index === -1 ? [] : this.#queue.splice(index, 1)
    if (waiting === undefined) return false
    waiting.version.release()
    await this.#end(waiting.record, [], 'cancelled', reason.toJSON())
    return true
  }

  /** Takes nothing more, cancels everything and waits for the end. */
  async close(): Promise<void> {
    this.#isClosed = true
    for (const run of this.#queue.map(({ record }) => record.id)) await this.cancel(run)
    if (this.#current !== undefined) await this.cancel(this.#current.record.id)
    await this.#working
  }

  /** Whether nothing waits or executes. */
  get isIdle(): boolean {
    return this.#working === undefined
  }

  /** Resolves when nothing waits or executes. */
  async idle(): Promise<void> {
    await this.#working
  }

  async #work(): Promise<void> {
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      this.#current = next
      await this.#execute(next).catch((error: unknown) => this.#options.unrecorded(next.record.id, error))
      next.version.release()
      this.#current = undefined
      await this.#options.ended()
    }
    this.#working = undefined
  }

  async #execute({ record, request, version, controller }: QueuedRun): Promise<void> {
    const { control, emit } = this.#options
    const startedAt = new Date().toISOString()
    const begun = { ...record, state: 'running', startedAt } as const
    let stages: readonly StageRecord[] = []
    const journal = new StageJournal((changed) => control.runs.saveStages(record.id, changed))
    try {
      await control.runs.update(record.id, { state: 'running', startedAt })
      emit({ kind: 'run', run: summarise(begun) })
      const plan = await this.#options.plan(version, request)
      checkSecrets(version.manifest, plan)
      stages = plan.stages.map((stage) => ({ stage, state: 'queued', checks: [] }))
      await control.runs.plan(record.id, stages)
      emit({ kind: 'run', run: summarise({ ...begun, stages }) })
      stages = await executePlan(
        this.#options.context(version),
        plan,
        record.id,
        (stage) => journal.record(stage),
        controller.signal,
      )
      await journal.flush()
      const failed = stages.find((stage) => stage.state === 'failed')
      const isCancelled = stages.some((stage) => stage.state === 'cancelled')
      const state = failed !== undefined ? 'failed' : isCancelled ? 'cancelled' : 'succeeded'
      await this.#end(begun, stages, state, failed?.error)
    } catch (error) {
      await journal.flush().catch(() => undefined)
      await this.#end(begun, stages, controller.signal.aborted ? 'cancelled' : 'failed', toErrorReport(error))
    }
  }

  async #end(
    record: RunRecord,
    stages: readonly StageRecord[],
    state: RunState,
    error: ErrorReport | undefined,
  ): Promise<void> {
    const facts = { state, endedAt: new Date().toISOString(), ...(error === undefined ? {} : { error }) }
    try {
      await this.#options.control.runs.update(record.id, facts)
    } finally {
      this.#options.emit({ kind: 'run', run: summarise({ ...record, ...facts, stages }) })
    }
  }
}

/** A run without its stages. */
function summarise(run: RunRecord): RunSummary {
  const { stages, ...facts } = run
  return {
    ...facts,
    stageCount: stages.length,
    failedStages: stages.filter((stage) => stage.state === 'failed').length,
    counts: stages.reduce((sum, stage) => addCounts(sum, stage.counts ?? noCounts), noCounts),
  }
}

function stopping(): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_OWNER_STOPPING',
    message: `The process ${process.pid} that owns the warehouse is stopping. Nothing was run.`,
    hint: 'Run the command again in a moment.',
    retryable: true,
  })
}
