import {
  CaudalError,
  formatTableName,
  suggestion,
  toErrorReport,
  type ColumnChunk,
  type ErrorReport,
  type GraphAnswer,
  type JsonValue,
  type Lake,
  type LoadOutcome,
  type Manifest,
  type Plan,
  type PlanAnswer,
  type PushEvent,
  type RunRecord,
  type RunSummary,
  type ScheduleAnswer,
  type StageRecord,
  type StatusAnswer,
  type TargetNode,
  type Warehouse,
} from '@caudal/spec'
import { Committer, type Recovered } from '../load/committer.ts'
import { describeMissing } from '../load/retention.ts'
import { WriterLane } from '../load/lane.ts'
import { CountedReaders } from '../load/readers.ts'
import { LoadClock } from '../load/load-id.ts'
import type { StagedLoad } from '../load/staged-load.ts'
import { EventHub } from '../run/events.ts'
import type { RunContext } from '../run/context.ts'
import { planRun } from '../run/plan-run.ts'
import { systemClock, type Clock } from '../schedule/clock.ts'
import { RunQueue } from '../run/run-queue.ts'
import type { ControlState } from '../state/control-state.ts'
import { openLake, openWarehouse } from '../worker/open-adapter.ts'
import type { ProjectWorker } from '../worker/project-worker.ts'
import { createTileService } from '../metric/tile-service.ts'
import { graphOf } from './graph.ts'
import { LakeSize } from './lake-size.ts'
import type { OwnerService, RunRequest, RunService, TileService } from './service.ts'
import { ProjectVersions, type ProjectVersion } from './project-versions.ts'
import { RunHistory } from './run-history.ts'
import { OwnerSchedules } from './schedules.ts'
import { problemsOf, type StartedProject } from './start-project.ts'
import { newestSequence, statusOf } from './status.ts'
import { workerCalls } from './worker-calls.ts'

/** How an owner is opened. */
export interface OwnerOptions {
  readonly project: StartedProject
  /** Default: the project's default target. */
  readonly target?: string
  readonly control: ControlState
  readonly log?: (level: string, message: string, facts?: Readonly<Record<string, unknown>>) => void
}

/** What recovery found when the owner opened. */
export interface Recovery extends Omit<Recovered, 'committed' | 'newest'> {
  readonly committed: number
  readonly runs: readonly string[]
}

/**
 * The one process that has the embedded warehouse open: it commits, publishes, plans, runs and answers tiles. It never imports the code of
 * the project; its worker does.
 */
export class Owner implements OwnerService {
  readonly target: string
  readonly runs: RunService
  readonly tiles: TileService
  readonly warehouse: Warehouse
  readonly lake: Lake
  readonly #lakeSize: LakeSize
  readonly recovery: Recovery
  readonly #versions: ProjectVersions
  readonly #options: OwnerOptions
  readonly #targetNode: TargetNode
  readonly #hub = new EventHub()
  readonly #readers: CountedReaders
  readonly #lane: WriterLane
  readonly #committer: Committer
  readonly #queue: RunQueue
  readonly #history: RunHistory
  readonly #receivers = new Map<string, (load: StagedLoad) => Promise<void>>()
  readonly #schedules: OwnerSchedules
  #lastLoad: string
  #problems: readonly ErrorReport[] = []

  private constructor(parts: OpenParts, options: OwnerOptions, recovery: Recovery) {
    this.#options = options
    this.#targetNode = parts.target
    this.target = parts.target.name
    this.warehouse = parts.warehouse
    this.lake = parts.lake
    this.#lakeSize = new LakeSize(parts.lake)
    this.recovery = recovery
    this.#lastLoad = parts.lastLoad
    this.#readers = parts.readers
    this.#lane = new WriterLane(parts.readers)
    this.#committer = new Committer(parts.warehouse, parts.lake, this.#lane)
    this.#history = new RunHistory({
      runs: options.control.runs,
      target: this.target,
      manifest: () => this.manifest,
      log: (level, message, facts) => options.log?.(level, message, facts),
    })
    this.#queue = new RunQueue({
      control: options.control,
      target: this.target,
      context: (version) => this.#context(version),
      plan: (version, request) => this.#plan(version.manifest, request),
      emit: (event) => this.#hub.emit(event),
      ended: () => this.#history.prune(),
      unrecorded: (run, error) =>
        options.log?.('error', 'The end of a run could not be recorded', {
          run,
          error: toErrorReport(error).message,
        }),
    })
    this.#versions = new ProjectVersions(
      options.project,
      workerCalls({
        control: options.control,
        receivers: this.#receivers,
        emit: (event) => this.#hub.emit(event),
        ...(options.log === undefined ? {} : { log: options.log }),
      }),
    )
    this.runs = this.#runService()
    this.#schedules = new OwnerSchedules({
      control: options.control,
      target: this.target,
      manifest: () => this.manifest,
      startRun: (request) => this.runs.start(request),
      subscribe: (listener) => this.#hub.subscribe(listener),
      log: (level, message, facts) => options.log?.(level, message, facts),
    })
    this.tiles = createTileService({
      manifest: () => this.manifest,
      warehouse: {
        capabilities: parts.warehouse.capabilities,
        introspect: () => parts.warehouse.introspect(),
        query: (sql, parameters, signal) =>
          this.#readers.answer(parts.warehouse.query(sql, parameters, signal)),
      },
      versions: () => this.warehouse.state.versions(),
    })
  }

  /** Opens warehouse, lake and project, commits what is staged, and ends the runs of a dead owner. */
  static async open(options: OwnerOptions): Promise<Owner> {
    const { manifest } = options.project
    const target = targetOf(manifest, options.target)
    const readers = new CountedReaders()
    const context = { projectPath: manifest.path, readers }
    const warehouse = await openWarehouse(target.warehouse, context)
    try {
      const lake = await openLake(target.lake, context)
      const committer = new Committer(warehouse, lake, new WriterLane())
      const { newest, committed, ...rest } = await committer.recover(new AbortController().signal)
      for (const one of rest.missing) options.log?.('warn', describeMissing(one))
      const runs = await options.control.runs.recover(target.name)
      return new Owner({ target, warehouse, lake, readers, lastLoad: newest }, options, {
        ...rest,
        committed: committed.length,
        runs,
      })
    } catch (error) {
      await warehouse.close()
      throw error
    }
  }

  get manifest(): Manifest {
    return this.#versions.current.manifest
  }

  get worker(): ProjectWorker {
    return this.#versions.current.worker
  }

  get problems(): readonly ErrorReport[] {
    return this.#problems
  }

  /**
   * Loads the project anew in a fresh worker; runs that have begun end with the version that they began with.
   * @throws CaudalError with what is wrong with the files; the version before goes on and {@link problems} says what is wrong.
   */
  async reload(): Promise<Manifest> {
    try {
      const manifest = await this.#versions.reload()
      this.#problems = []
      await this.#schedules.reload()
      return manifest
    } catch (error) {
      this.#problems = problemsOf(error)
      throw error
    } finally {
      this.#hub.emit({ kind: 'project', fingerprint: this.manifest.fingerprint })
    }
  }

  async withVersion<T>(
    { projectPath, fingerprint }: { readonly projectPath: string; readonly fingerprint: string },
    work: (runs: Pick<RunService, 'plan' | 'start'>) => Promise<T>,
  ): Promise<T> {
    const version = await this.#versions.open(projectPath, fingerprint)
    try {
      return await work({
        plan: (request) => this.#planAnswer(version.manifest, request),
        start: (request) => this.#queue.start(request, version.share()),
      })
    } finally {
      version.release()
    }
  }

  async sequence(): Promise<number> {
    return newestSequence(await this.warehouse.state.versions())
  }

  async status(): Promise<StatusAnswer> {
    const controlBytes = this.#options.control.bytes()
    const answer = await statusOf(
      this.manifest,
      this.target,
      this.warehouse,
      this.lake,
      await this.#latestStages(),
      this.#lakeSize,
    )
    return controlBytes === undefined ? answer : { ...answer, disk: { ...answer.disk, controlBytes } }
  }

  async graph(): Promise<GraphAnswer> {
    return graphOf(this.manifest, this.warehouse, await this.#latestStages())
  }

  query(
    sql: string,
    parameters: Readonly<Record<string, JsonValue>>,
    signal: AbortSignal,
  ): AsyncIterable<ColumnChunk> {
    return this.warehouse.query(sql, parameters, signal)
  }

  subscribe(listener: (event: PushEvent) => void, after?: number): () => void {
    const held: PushEvent[] = []
    let isReplayed = after === undefined
    const end = this.#hub.subscribe((event) => {
      if (isReplayed) listener(event)
      else held.push(event)
    })
    const replay = async (from: number): Promise<void> => {
      const missed = await this.#commitsAfter(from).catch(() => [])
      const last = missed.at(-1)?.sequence ?? from
      for (const event of missed) listener(event)
      isReplayed = true
      for (const event of held) if (event.kind !== 'commit' || event.sequence > last) listener(event)
    }
    if (after !== undefined) void replay(after)
    return end
  }

  /** Runs the schedules of the project from now on, until {@link close}. */
  async startSchedules(clock: Clock = systemClock): Promise<void> {
    await this.#schedules.start(clock, this.recovery.runs)
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
  async stopRuns(): Promise<void> {
    await this.#schedules.close()
    await this.#queue.close()
  }

  /** Cancels runs, ends the worker and closes the warehouse. */
  async close(): Promise<void> {
    await this.stopRuns()
    await this.#versions.close()
    await this.warehouse.close()
  }

  #latestStages(): Promise<ReadonlyMap<string, StageRecord>> {
    return this.#options.control.runs.latestStages(this.target)
  }

  async #commitsAfter(after: number): Promise<Extract<PushEvent, { kind: 'commit' }>[]> {
    const entries = await this.warehouse.state.ledger(after, 10_000)
    return entries
      .filter((entry) => entry.tables.length > 0)
      .map((entry) => ({
        kind: 'commit',
        sequence: entry.sequence,
        tables: entry.tables.map(formatTableName),
      }))
  }

  #plan(manifest: Manifest, request: RunRequest): Promise<Plan> {
    return planRun(manifest, this.target, this.warehouse, request, new Date())
  }

  async #planAnswer(manifest: Manifest, request: RunRequest): Promise<PlanAnswer> {
    return { plan: await this.#plan(manifest, request), fingerprint: manifest.fingerprint }
  }

  #context({ manifest, worker }: ProjectVersion): RunContext {
    return {
      manifest,
      worker,
      warehouse: this.warehouse,
      lake: this.lake,
      lakeReference: this.#targetNode.lake,
      lane: this.#lane,
      readers: this.#readers,
      committer: this.#committer,
      lastLoad: () => this.#lastLoad,
      nextLoad: () => (this.#lastLoad = new LoadClock(this.#lastLoad).next()),
      receiveLoads: (run, source, receive) => {
        const key = `${run} ${source}`
        this.#receivers.set(key, receive)
        return () => void this.#receivers.delete(key)
      },
      committed: (load, outcome) => this.#committed(load, outcome),
      published: (sequence, tables) => this.#hub.emit({ kind: 'commit', sequence, tables }),
    }
  }

  #committed(load: StagedLoad, outcome: LoadOutcome): void {
    if (load.id > this.#lastLoad) this.#lastLoad = load.id
    const tables = outcome.tables
      .filter((table) => table.isVisibleChange)
      .map((table) => formatTableName(table.table))
    if (tables.length > 0) this.#hub.emit({ kind: 'commit', sequence: outcome.sequence, tables })
  }

  #runService(): RunService {
    const { control } = this.#options
    return {
      plan: (request: RunRequest) => this.#planAnswer(this.manifest, request),
      start: (request: RunRequest): Promise<RunSummary> => this.#queue.start(request, this.#versions.hold()),
      cancel: (run: string) => this.#queue.cancel(run),
      list: (limit: number, before?: string) => control.runs.list(limit, before),
      get: (run: string): Promise<RunRecord> => control.runs.get(run),
      schedules: (): Promise<readonly ScheduleAnswer[]> => this.#schedules.answers(),
    }
  }
}

interface OpenParts {
  readonly target: TargetNode
  readonly warehouse: Warehouse
  readonly lake: Lake
  readonly readers: CountedReaders
  readonly lastLoad: string
}

/** The target of a name. @throws CaudalError `CAUDAL_TARGET_UNKNOWN`. */
export function targetOf(manifest: Manifest, name: string = manifest.defaultTarget): TargetNode {
  const found = manifest.targets.find((target) => target.name === name)
  if (found !== undefined) return found
  const known = manifest.targets.map((target) => target.name)
  throw new CaudalError({
    code: 'CAUDAL_TARGET_UNKNOWN',
    message: `There is no target \`${name}\`; caudal.config.ts has ${known.join(', ')}.${suggestion(name, known)}`,
    hint: 'Name one of them: --target dev.',
    context: { target: name },
  })
}
