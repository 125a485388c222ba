import type { CheckResult } from './check.ts'
import type { Column } from './column.ts'
import type { Comparison, DashboardNode, DateRange, Grain } from './dashboard.ts'
import type { ErrorReport } from './errors.ts'
import type { JsonValue } from './json.ts'
import type { LoadCounts } from './load.ts'
import type { DimensionNode, Label, ValueFormat } from './metric.ts'
import type { Plan, RunState, Stage } from './plan.ts'

/** Version of the protocol between owner and attached processes, and between server and console. */
export const protocolVersion = 1

/** Who asks a query. On loopback without sign-in this is the local owner, whom no rule restricts. */
export interface Viewer {
  readonly id: string
  /** Row rules: table or model (`schema.name`) → a boolean SQL expression over its columns that every row read must satisfy. */
  readonly rules: Readonly<Record<string, string>>
}

/** How the viewer looks at a dashboard: what its URL holds. */
export interface ViewState {
  readonly range: DateRange
  readonly comparison: Comparison
  readonly grain?: Grain
  /** Dimension → chosen values; `null` is "no value". Absent or empty: all. */
  readonly filters: Readonly<Record<string, readonly (string | null)[]>>
  /** IANA zone in which days begin. */
  readonly timeZone: string
}

/** A point in a time series: the bucket's first local day or instant as ISO 8601, and one value (a decimal string) per series. */
export interface SeriesPoint {
  readonly at: string
  readonly values: readonly (string | null)[]
}

/** The data of a tile, by its kind. Numbers are decimal strings, `null` is "no value" (for instance a ratio over nothing). */
export type TileData =
  | {
      readonly kind: 'number'
      readonly value: string | null
      /** Of the comparison period; absent without comparison. */
      readonly previous?: string | null
      readonly spark: readonly SeriesPoint[]
      readonly format: ValueFormat
      readonly direction: 'up' | 'down' | 'none'
    }
  | {
      readonly kind: 'series'
      readonly grain: Grain
      /** `label` is absent for values of a dimension, which have `value`; `isOther` sums what top-N left out. */
      readonly series: readonly {
        readonly label?: Label
        readonly value?: string | null
        readonly isOther?: boolean
        readonly format: ValueFormat
      }[]
      readonly points: readonly SeriesPoint[]
      /** The comparison period's points, aligned by index to `points`. */
      readonly previous?: readonly SeriesPoint[]
    }
  | {
      readonly kind: 'categories'
      readonly dimension: DimensionNode
      readonly metrics: readonly {
        readonly name: string
        readonly label: Label
        readonly format: ValueFormat
        readonly direction: 'up' | 'down' | 'none'
      }[]
      /** In rank order; "other" last. */
      readonly rows: readonly {
        readonly value: string | null
        readonly isOther?: boolean
        readonly values: readonly (string | null)[]
        readonly previous?: readonly (string | null)[]
      }[]
    }
  | {
      readonly kind: 'funnel'
      readonly steps: readonly {
        readonly metric: string
        readonly label: Label
        readonly value: string | null
        readonly previous?: string | null
      }[]
      readonly format: ValueFormat
    }
  | {
      readonly kind: 'table'
      readonly columns: readonly {
        readonly key: string
        readonly label: Label
        readonly format?: ValueFormat
      }[]
      readonly rows: readonly (readonly JsonValue[])[]
      readonly isCut: boolean
    }

/** A tile's answer. `sequence`: ledger number of the newest commit that it includes. */
export type TileAnswer =
  | {
      readonly tile: string
      readonly state: 'ready'
      readonly data: TileData
      readonly sequence: number
      readonly asOf: string
      readonly sql: string
    }
  | { readonly tile: string; readonly state: 'error'; readonly error: ErrorReport }

/** What the console needs before it draws anything. */
export interface ProjectAnswer {
  /** {@link protocolVersion} of the server. */
  readonly protocol: number
  readonly project: string
  readonly target: string
  readonly fingerprint: string
  /** Project defaults, as in {@link DashboardAnswer}. */
  readonly timeZone: string
  readonly locale: string
  readonly currency: string
  readonly dashboards: readonly {
    readonly name: string
    readonly title: Label
    readonly description?: Label
  }[]
  /** What is wrong with the project's configuration; not empty: nothing runs. */
  readonly problems: readonly ErrorReport[]
}

/** A dashboard with what the console needs to draw its frame. */
export interface DashboardAnswer {
  readonly dashboard: DashboardNode
  readonly dimensions: readonly DimensionNode[]
  /** Tile → dimensions that some of its metrics lack: a filter by them leaves those metrics as they are. Tiles without any are absent. */
  readonly unreached: Readonly<Record<string, readonly string[]>>
  /** Project defaults for the view. */
  readonly timeZone: string
  readonly locale: string
  readonly currency: string
}

/** Values of a dimension for a filter, most frequent first. */
export interface DimensionValues {
  readonly dimension: string
  readonly values: readonly (string | null)[]
  readonly isCut: boolean
}

/** Rows behind a number. */
export interface RowsAnswer {
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly JsonValue[])[]
  readonly isCut: boolean
}

/** Health of a node of the graph. */
export type NodeHealth = 'ok' | 'late' | 'failing' | 'running' | 'never ran'

/** A node of the graph of sources → tables → models → dashboards. */
export interface GraphNode {
  readonly id: string
  readonly kind: 'source' | 'pipeline' | 'table' | 'model' | 'metric' | 'dashboard'
  readonly label: string
  /** In the console's languages, where the project gives a name to show: of metrics and dashboards. */
  readonly title?: Label
  readonly description?: string
  readonly health: NodeHealth
  /** When its data last changed, ISO 8601. */
  readonly freshAt?: string
  readonly rows?: number
  readonly failingChecks: readonly CheckResult[]
  /** First error of its last run. */
  readonly error?: ErrorReport
}

/** The graph. */
export interface GraphAnswer {
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly { readonly from: string; readonly to: string }[]
}

/** One stage of a run. */
export interface StageRecord {
  readonly stage: Stage
  readonly state: RunState
  readonly startedAt?: string
  readonly endedAt?: string
  readonly counts?: LoadCounts
  /** Rows of a built model. */
  readonly rows?: number
  readonly checks: readonly CheckResult[]
  readonly error?: ErrorReport
  /** Reconciliation with the source: table → verdict. */
  readonly reconciliation?: readonly {
    readonly table: string
    readonly verdict: 'equal' | 'within lag' | 'unreconciled' | 'no count'
    readonly source?: number
    readonly warehouse: number
  }[]
}

/** One execution of a plan. */
export interface RunRecord {
  readonly id: string
  readonly target: string
  /** `cli`, `schedule crm`, `console`, … */
  readonly trigger: string
  readonly state: RunState
  readonly queuedAt: string
  readonly startedAt?: string
  readonly endedAt?: string
  /** Version of the project, first 12 digits. */
  readonly fingerprint: string
  readonly stages: readonly StageRecord[]
  /** The first error in plain words. */
  readonly error?: ErrorReport
}

/** A run in a list. */
export interface RunSummary extends Omit<RunRecord, 'stages'> {
  readonly stageCount: number
  readonly failedStages: number
  readonly counts: LoadCounts
}

/** A schedule. */
export interface ScheduleAnswer {
  readonly source: string
  /** As the project writes it. */
  readonly schedule: string
  readonly timeZone?: string
  /** The next tick; absent while no process runs the schedules (`dev` and `serve` do). */
  readonly nextAt?: string
  /** When a failed run is tried again, before the next tick. */
  readonly retryAt?: string
  /** Ticks without a run of their own since the schedule was first seen. */
  readonly missed?: number
  /** Failed runs in a row. */
  readonly failures?: number
  readonly lastRun?: RunSummary
}

/** Events pushed to consoles and attached processes; the id of an event that a commit caused is its ledger sequence number. */
export type PushEvent =
  /** Tables changed by a commit: tiles over them are stale. */
  | { readonly kind: 'commit'; readonly sequence: number; readonly tables: readonly string[] }
  /** A tile of the subscribed view has a new answer. */
  | { readonly kind: 'tile'; readonly sequence: number; readonly answer: TileAnswer }
  | { readonly kind: 'run'; readonly run: RunSummary }
  | {
      readonly kind: 'progress'
      readonly run: string
      readonly stage: string
      readonly rows: number
      readonly bytes: number
      /** Rows that are expected, where the source counts them and all are read. */
      readonly total?: number
      readonly note?: string
    }
  /** The project was loaded anew: fetch everything again. */
  | { readonly kind: 'project'; readonly fingerprint: string }

/** What `status` shows. */
export interface StatusAnswer {
  readonly project: string
  readonly target: string
  readonly sequence: number
  readonly tables: readonly {
    readonly table: string
    readonly rows?: number
    readonly freshAt?: string
    readonly health: NodeHealth
    readonly deadLetters: number
    /** Verdict of the last run that read it: see {@link StageRecord}. */
    readonly reconciliation?: string
    /** Live records that the source counted then. */
    readonly sourceRows?: number
    /** How long raw files stay in the lake, and the loads whose files are gone: a rebuild lacks their rows. */
    readonly retention?: {
      readonly days: number
      readonly retiredLoads: number
      readonly retiredUntil?: string
    }
  }[]
  readonly disk: {
    readonly warehouseBytes: number
    readonly lakeBytes: number
    /** Run history, schedules, settings and tokens. */
    readonly controlBytes?: number
  }
}

/** A plan with its project's fingerprint. */
export interface PlanAnswer {
  readonly plan: Plan
  readonly fingerprint: string
}
