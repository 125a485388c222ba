import type {
  ColumnChunk,
  ErrorReport,
  GraphAnswer,
  JsonValue,
  Lake,
  Manifest,
  PushEvent,
  StageRecord,
  StatusAnswer,
  Warehouse,
} from '@caudal/spec'
import { describeMissing } from '../load/retention.ts'
import { createTileService } from '../metric/tile-service.ts'
import { EventHub } from '../run/events.ts'
import { systemClock, type Clock } from '../schedule/clock.ts'
import type { ControlState } from '../state/control-state.ts'
import type { ProjectWorker } from '../worker/project-worker.ts'
import { CommitFeed } from './commit-feed.ts'
import { countedTiles } from './counted-tiles.ts'
import { graphOf } from './graph.ts'
import { LakeSize } from './lake-size.ts'
import { openStores, type RecoveredStores, type Stores } from './open-stores.ts'
import { OwnerRuns } from './owner-runs.ts'
import { ProjectVersions } from './project-versions.ts'
import { RunContexts } from './run-contexts.ts'
import type { OwnerService, RunService, TileService } from './service.ts'
import { problemsOf, type StartedProject } from './start-project.ts'
import { newestSequence, statusOf } from './status.ts'
import { Streams } from './streams.ts'
import { workerCalls } from './worker-calls.ts'

/** How an owner is opened. */
export interface OwnerOptions {
  readonly project: StartedProject
  /** Default: the project's default target. */
  readonly target?: string
  readonly control: ControlState
  readonly log?: (level: string, message: string, facts?: Readonly<Record<string, unknown>>) => void
}

/** What recovery found when the owner opened; `runs`: those of a dead owner. */
export interface Recovery extends RecoveredStores {
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
  readonly #hub = new EventHub()
  readonly #feed: CommitFeed
  readonly #runs: OwnerRuns
  readonly #streams: Streams
  #hasStreams = false
  #problems: readonly ErrorReport[] = []

  private constructor(stores: Stores, options: OwnerOptions, recovery: Recovery) {
    this.#options = options
    this.target = stores.target.name
    this.warehouse = stores.warehouse
    this.lake = stores.lake
    this.#lakeSize = new LakeSize(stores.lake)
    this.recovery = recovery
    this.#feed = new CommitFeed(this.#hub, stores.warehouse)
    const contexts = new RunContexts(stores, (event) => this.#hub.emit(event))
    const log = (level: string, message: string, facts?: Readonly<Record<string, unknown>>): void =>
      options.log?.(level, message, facts)
    const api = workerCalls({
      control: options.control,
      receivers: contexts.receivers,
      destination: contexts.destination(),
      emit: (event) => this.#hub.emit(event),
      log,
    })
    this.#versions = new ProjectVersions(options.project, api)
    this.#streams = new Streams({ target: stores.target, api, log })
    this.#runs = new OwnerRuns({
      stores,
      control: options.control,
      versions: this.#versions,
      contexts,
      hub: this.#hub,
      log,
    })
    this.runs = this.#runs
    const tiles = createTileService({
      manifest: () => this.manifest,
      warehouse: stores.warehouse,
      versions: () => this.warehouse.state.versions(),
    })
    this.tiles = countedTiles(tiles, stores.readers)
  }

  /** Opens warehouse, lake and project, commits what is staged, and ends the runs of a dead owner. */
  static async open(options: OwnerOptions): Promise<Owner> {
    const { stores, recovered } = await openStores(options.project.manifest, options.target)
    try {
      for (const one of recovered.missing) options.log?.('warn', describeMissing(one))
      const runs = await options.control.runs.recover(stores.target.name)
      return new Owner(stores, options, { ...recovered, runs })
    } catch (error) {
      await stores.warehouse.close()
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
      await this.#runs.reloadSchedules()
      if (this.#hasStreams) await this.#streams.run(manifest)
      return manifest
    } catch (error) {
      this.#problems = problemsOf(error)
      throw error
    } finally {
      this.#hub.emit({ kind: 'project', fingerprint: this.manifest.fingerprint })
    }
  }

  withVersion<T>(
    version: { readonly projectPath: string; readonly fingerprint: string },
    work: (runs: Pick<RunService, 'plan' | 'start'>) => Promise<T>,
  ): Promise<T> {
    return this.#runs.withVersion(version, work)
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
    return graphOf(this.manifest, this.warehouse, await this.#latestStages(), this.#streams.states)
  }

  query(
    sql: string,
    parameters: Readonly<Record<string, JsonValue>>,
    signal: AbortSignal,
  ): AsyncIterable<ColumnChunk> {
    return this.warehouse.query(sql, parameters, signal)
  }

  subscribe(listener: (event: PushEvent) => void, after?: number): () => void {
    return this.#feed.subscribe(listener, after)
  }

  /** Runs the schedules of the project from now on, until {@link close}. */
  startSchedules(clock: Clock = systemClock): Promise<void> {
    return this.#runs.startSchedules(clock, this.recovery.runs)
  }

  /** Runs the pipelines of the project from now on, until {@link close}. Their topics must be there. */
  async startStreams(): Promise<void> {
    this.#hasStreams = true
    await this.#streams.run(this.manifest)
  }

  /** Resolves when no run waits or executes. */
  idle(): Promise<void> {
    return this.#runs.idle()
  }

  /** Whether no run waits or executes. */
  get isIdle(): boolean {
    return this.#runs.isIdle
  }

  /** Takes no more runs and cancels those that wait or execute; resolves at their end. */
  stopRuns(): Promise<void> {
    return this.#runs.close()
  }

  /** Cancels runs, ends the worker and closes the warehouse. */
  async close(): Promise<void> {
    await this.#streams.close()
    await this.stopRuns()
    await this.#versions.close()
    await this.warehouse.close()
  }

  #latestStages(): Promise<ReadonlyMap<string, StageRecord>> {
    return this.#options.control.runs.latestStages(this.target)
  }
}
