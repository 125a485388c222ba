import {
  toErrorReport,
  type Manifest,
  type Plan,
  type PlanAnswer,
  type PushEvent,
  type RunRecord,
  type RunSummary,
  type ScheduleAnswer,
} from '@caudal/spec'
import type { EventHub } from '../run/events.ts'
import { planRun } from '../run/plan-run.ts'
import { RunQueue } from '../run/run-queue.ts'
import type { Clock } from '../schedule/clock.ts'
import type { ControlState } from '../state/control-state.ts'
import type { Stores } from './open-stores.ts'
import type { ProjectVersions } from './project-versions.ts'
import type { RunContexts } from './run-contexts.ts'
import { RunHistory } from './run-history.ts'
import { OwnerSchedules } from './schedules.ts'
import type { RunRequest, RunService } from './service.ts'

/** What {@link OwnerRuns} stands on. */
export interface OwnerRunsOptions {
  readonly stores: Stores
  readonly control: ControlState
  readonly versions: ProjectVersions
  readonly contexts: RunContexts
  readonly hub: EventHub
  readonly log: (level: string, message: string, facts?: Readonly<Record<string, unknown>>) => void
}

/** The runs of an owner: planned, queued one after the other, started by schedules, kept as history. */
export class OwnerRuns implements RunService {
  readonly #options: OwnerRunsOptions
  readonly #queue: RunQueue
  readonly #schedules: OwnerSchedules

  constructor(options: OwnerRunsOptions) {
    this.#options = options
    const { control, contexts, hub, log } = options
    const target = options.stores.target.name
    const manifest = (): Manifest => options.versions.current.manifest
    const history = new RunHistory({ runs: control.runs, target, manifest, log })
    const emit = (event: PushEvent): void => hub.emit(event)
    this.#queue = new RunQueue({
      control,
      target,
      context: (version) => contexts.of(version),
      plan: (version, request) => this.#plan(version.manifest, request),
      emit,
      ended: () => history.prune(),
      unrecorded: (run, error) =>
        log('error', 'The end of a run could not be recorded', { run, error: toErrorReport(error).message }),
    })
    this.#schedules = new OwnerSchedules({
      control,
      target,
      manifest,
      startRun: (request) => this.start(request),
      subscribe: (listener) => hub.subscribe(listener),
      log,
    })
  }

  plan(request: RunRequest): Promise<PlanAnswer> {
    return this.#planAnswer(this.#options.versions.current.manifest, request)
  }

  start(request: RunRequest): Promise<RunSummary> {
    return this.#queue.start(request, this.#options.versions.hold())
  }

  cancel(run: string): Promise<boolean> {
    return this.#queue.cancel(run)
  }

  list(limit: number, before?: string): Promise<readonly RunSummary[]> {
    return this.#options.control.runs.list(limit, before)
  }

  get(run: string): Promise<RunRecord> {
    return this.#options.control.runs.get(run)
  }

  schedules(): Promise<readonly ScheduleAnswer[]> {
    return this.#schedules.answers()
  }

  /** Plans and runs with the version of the project that another process has loaded. */
  async withVersion<T>(
    { projectPath, fingerprint }: { readonly projectPath: string; readonly fingerprint: string },
    work: (runs: Pick<RunService, 'plan' | 'start'>) => Promise<T>,
  ): Promise<T> {
    const version = await this.#options.versions.open(projectPath, fingerprint)
    try {
      return await work({
        plan: (request) => this.#planAnswer(version.manifest, request),
        start: (request) => this.#queue.start(request, version.share()),
      })
    } finally {
      version.release()
    }
  }

  /** Starts runs by the schedules from now on; `interrupted`: runs that a dead owner left. */
  startSchedules(clock: Clock, interrupted: readonly string[]): Promise<void> {
    return this.#schedules.start(clock, interrupted)
  }

  /** Takes the schedules of the project as it is now. */
  reloadSchedules(): Promise<void> {
    return this.#schedules.reload()
  }

  /** Resolves when no run waits or executes. */
  idle(): Promise<void> {
    return this.#queue.idle()
  }

  /** Whether no run waits or executes. */
  get isIdle(): boolean {
    return this.#queue.isIdle
  }

  /** Takes no more runs and cancels those that wait or execute; resolves at their end. */
  async close(): Promise<void> {
    await this.#schedules.close()
    await this.#queue.close()
  }

  #plan(manifest: Manifest, request: RunRequest): Promise<Plan> {
    const { stores } = this.#options
    return planRun(manifest, stores.target.name, stores.warehouse, request, new Date())
  }

  async #planAnswer(manifest: Manifest, request: RunRequest): Promise<PlanAnswer> {
    return { plan: await this.#plan(manifest, request), fingerprint: manifest.fingerprint }
  }
}
