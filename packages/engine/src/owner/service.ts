import type {
  ColumnChunk,
  DashboardAnswer,
  DimensionValues,
  ErrorReport,
  GraphAnswer,
  JsonValue,
  Manifest,
  PlanAnswer,
  PushEvent,
  RowsAnswer,
  RunRecord,
  RunSummary,
  ScheduleAnswer,
  StatusAnswer,
  TileAnswer,
  Viewer,
  ViewState,
} from '@caudal/spec'

/** What a run is asked to do. */
export interface RunRequest {
  /** Node selection: `+marts.deals`, `tag:daily`, `path:models/marts`, `state:changed`, `source:crm`; empty: everything. */
  readonly select: readonly string[]
  /** Read sources from the start and rebuild incremental models. Default: `false`. */
  readonly full?: boolean
  /** Build these half-open UTC days again (`backfill`). */
  readonly interval?: { readonly start: string; readonly end: string }
  /** Leave sources out. Default: `false`. */
  readonly skipSources?: boolean
  /** Instead of reading sources and building models. `tables` (`schema.name`): empty: every table for which it can be done. */
  readonly operation?: RunOperation
  /** `cli`, `console`, `schedule crm`, … */
  readonly trigger: string
}

/** What a run can do besides running the graph: replay dead letters, reset streams, or run checks alone. */
export interface RunOperation {
  readonly kind: 'replay' | 'reset' | 'check'
  readonly tables: readonly string[]
}

/** Plans and runs. */
export interface RunService {
  plan(request: RunRequest): Promise<PlanAnswer>
  /** Queues a run. Runs execute one after the other. */
  start(request: RunRequest): Promise<RunSummary>
  /** @returns `false` when the run had ended. */
  cancel(run: string): Promise<boolean>
  list(limit: number, before?: string): Promise<readonly RunSummary[]>
  /** @throws CaudalError `CAUDAL_RUN_UNKNOWN`. */
  get(run: string): Promise<RunRecord>
  schedules(): Promise<readonly ScheduleAnswer[]>
}

/** Which cell of a tile was asked about. */
export interface TileCell {
  /** Metric of the cell. */
  readonly metric: string
  /** Dimension → value of the cell; of a time bucket under the key `time` (its `at`). */
  readonly at: Readonly<Record<string, string | null>>
  /** Dimension → the values that stand alone, when the cell is what is left: "other". */
  readonly except?: Readonly<Record<string, readonly (string | null)[]>>
}

/** Dashboards: answers are cached and coalesced by compiled SQL + parameters + row rules + versions of the tables read. */
export interface TileService {
  dashboard(name: string): DashboardAnswer
  answer(
    dashboard: string,
    tile: string,
    view: ViewState,
    viewer: Viewer,
    signal: AbortSignal,
  ): Promise<TileAnswer>
  /** Tables whose change makes the tile stale, `schema.name`. */
  reads(dashboard: string, tile: string): readonly string[]
  /** The rows behind a cell, at most `limit`. */
  rows(
    dashboard: string,
    tile: string,
    view: ViewState,
    cell: TileCell,
    viewer: Viewer,
    limit: number,
    signal: AbortSignal,
  ): Promise<RowsAnswer>
  values(dashboard: string, dimension: string, viewer: Viewer, signal: AbortSignal): Promise<DimensionValues>
}

/** What the server shows and does; the owner process implements it. */
export interface OwnerService {
  readonly manifest: Manifest
  readonly target: string
  readonly runs: RunService
  readonly tiles: TileService
  /** What is wrong with the project's files as they are now, when {@link manifest} is the version before; empty: nothing. */
  readonly problems: readonly ErrorReport[]
  /**
   * Plans and runs with the version of the project that another process has loaded.
   * @throws CaudalError `CAUDAL_PROJECT_PROBLEMS`, `CAUDAL_ATTACH_PROJECT`
   */
  withVersion<T>(
    version: { readonly projectPath: string; readonly fingerprint: string },
    work: (runs: Pick<RunService, 'plan' | 'start'>) => Promise<T>,
  ): Promise<T>
  /** The ledger sequence number of the newest commit that changed a table; 0: there is none. */
  sequence(): Promise<number>
  status(): Promise<StatusAnswer>
  graph(): Promise<GraphAnswer>
  /** One read-only statement, for the local owner. */
  query(
    sql: string,
    parameters: Readonly<Record<string, JsonValue>>,
    signal: AbortSignal,
  ): AsyncIterable<ColumnChunk>
  /**
   * Calls the listener for every event from now on; with `after`, first for the commits after that ledger sequence number.
   * @returns a function that ends it.
   */
  subscribe(listener: (event: PushEvent) => void, after?: number): () => void
}
