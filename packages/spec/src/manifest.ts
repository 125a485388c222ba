import type { CheckNode } from './check.ts'
import type { Column } from './column.ts'
import type { DashboardNode } from './dashboard.ts'
import type { ErrorReport } from './errors.ts'
import type { JsonObject, JsonValue } from './json.ts'
import type { MetricNode } from './metric.ts'
import type { PipelineNode } from './pipeline.ts'
import type { AdapterReference, CodeReference, SecretReference } from './reference.ts'
import type { SourceCapabilities } from './source.ts'
import type { StreamDescription } from './stream.ts'

/** A named place to run. */
export interface TargetNode {
  readonly name: string
  readonly warehouse: AdapterReference
  readonly lake: AdapterReference
  /** Where events wait. Absent: the target takes none. */
  readonly log?: AdapterReference
}

/** A source. */
export interface SourceNode {
  readonly name: string
  readonly adapter: string
  readonly code: CodeReference
  /** What the adapter promises of its positions; with the warehouse's protocol it gives the guarantee that plans print. */
  readonly guarantee: SourceCapabilities['guarantee']
  readonly schedule?: string
  readonly timeZone?: string
  /** From declarations and `schemas/<source>.json`; a stream without columns there is discovered at its first run. */
  readonly streams: readonly StreamNode[]
  readonly secrets: readonly SecretReference[]
  readonly describe: JsonObject
}

/** A stream of a source and the table that it fills. */
export interface StreamNode extends StreamDescription {
  /** `schema.name`: the source's and the stream's normalised names. */
  readonly table: string
}

/** A table that others load: read, checked, never written or dropped by us. */
export interface ExternalTableNode {
  /** `schema.name`. */
  readonly name: string
  readonly columns: readonly Column[]
  /** Time column that tells how fresh it is. */
  readonly freshness?: { readonly column: string; readonly maxMinutes: number }
  readonly description?: string
  readonly place: string
}

/** How a model is built. */
export const materializations = ['view', 'table', 'incremental'] as const

/** How an incremental model reads: half-open UTC intervals of one grain, through `$interval_start` and `$interval_end`. */
export interface IncrementalSettings {
  /** Output column that lies in the interval. */
  readonly time: string
  readonly grain: 'hour' | 'day' | 'month'
  /** First interval, ISO 8601. */
  readonly start: string
  /** How many past intervals each run builds again. Default: 0. */
  readonly lookback: number
  /** Rows of the interval are merged by this key; empty: the interval's rows are replaced. */
  readonly key: readonly string[]
}

/** Given rows and the rows expected of a model. */
export interface ModelTestNode {
  readonly name: string
  readonly model: string
  /** Table → rows. A missing column is null; a table that is not given is empty. */
  readonly given: Readonly<Record<string, readonly JsonObject[]>>
  /** In any order; columns that are not named are not compared. */
  readonly expect: readonly JsonObject[]
  readonly parameters?: Readonly<Record<string, JsonValue>>
  readonly place: string
}

/** A column of a model, found by parsing. */
export interface ModelColumn {
  readonly name: string
  /** Columns of the tables and models it reads that its value is made of: `schema.table.column`. */
  readonly reads: readonly string[]
  /** Absent: not known. */
  readonly nullable?: boolean
}

/** A SQL query with a name. */
export interface ModelNode {
  /** `schema.name`. */
  readonly name: string
  /** Path relative to the project. */
  readonly file: string
  readonly sql: string
  readonly materialization: (typeof materializations)[number]
  readonly incremental?: IncrementalSettings
  readonly description?: string
  readonly owner?: string
  readonly tags: readonly string[]
  /** Column → description. */
  readonly columnDescriptions: Readonly<Record<string, string>>
  /** Tables and models it reads, `schema.name`, found by parsing. */
  readonly references: readonly string[]
  /** In order. Absent: not known before it is built, for instance a star over a stream that was never discovered. */
  readonly columns?: readonly ModelColumn[]
  /** Columns that decide which rows it has and how they group: `schema.table.column`. Absent: none. */
  readonly uses?: readonly string[]
  /** Of the parsed SQL and the configuration, without upstream; comments and layout do not count. */
  readonly fingerprint: string
}

/** How long the history of runs is kept: an ended run is forgotten when it is older than `days` and not one of the newest `runs`. */
export interface RunHistorySettings {
  /** Default: 90. */
  readonly days?: number
  /** Default: 1,000. */
  readonly runs?: number
}

/** The project as plain data: what the loader worker returns. */
export interface Manifest {
  readonly format: 1
  readonly name: string
  /** Absolute path of the project. */
  readonly path: string
  /** Changes when anything in the manifest does. */
  readonly fingerprint: string
  /** IANA zone. Default: `UTC`. */
  readonly timeZone: string
  /** BCP 47, for numbers and dates. Default: `en`. */
  readonly locale: string
  readonly currency: string
  /** A failed or late run is posted here. */
  readonly alertWebhook?: SecretReference | string
  readonly runHistory?: RunHistorySettings
  readonly targets: readonly TargetNode[]
  readonly defaultTarget: string
  readonly sources: readonly SourceNode[]
  readonly pipelines: readonly PipelineNode[]
  readonly tables: readonly ExternalTableNode[]
  /** In an order in which each follows what it reads. */
  readonly models: readonly ModelNode[]
  readonly checks: readonly CheckNode[]
  readonly tests: readonly ModelTestNode[]
  readonly metrics: readonly MetricNode[]
  readonly dashboards: readonly DashboardNode[]
  /** Everything that is wrong with the project's configuration, all at once. Not empty: nothing runs. */
  readonly problems: readonly ErrorReport[]
  /** What is shown and stops nothing, for instance SQL that another warehouse would refuse. Absent: none. */
  readonly warnings?: readonly ErrorReport[]
  /** Where the recorded schemas (`schemas/*.json`) and the code disagree: `verify` fails for it, nothing else does. Absent: nowhere. */
  readonly stale?: readonly ErrorReport[]
}

/** A table that models read and no model builds. */
export interface RawTable {
  /** `schema.name`. */
  readonly name: string
  /** What fills it, as graphs and selections name it: `source:crm`, `pipeline:sales`. Absent: others do. */
  readonly filledBy?: string
  readonly columns: readonly Column[]
  readonly description?: string
}

/** The tables that sources and pipelines fill, and those of others. */
export function rawTables(project: Pick<Manifest, 'sources' | 'pipelines' | 'tables'>): readonly RawTable[] {
  const described = ({ description }: { readonly description?: string }): Pick<RawTable, 'description'> =>
    description === undefined ? {} : { description }
  return [
    ...project.sources.flatMap((source) =>
      source.streams.map((stream) => ({
        name: stream.table,
        filledBy: `source:${source.name}`,
        columns: stream.columns,
        ...described(stream),
      })),
    ),
    ...project.pipelines.flatMap((pipeline) =>
      pipeline.tables.map(({ name, columns }) => ({
        name,
        filledBy: `pipeline:${pipeline.name}`,
        columns,
        ...described(pipeline),
      })),
    ),
    ...project.tables.map((table) => ({ name: table.name, columns: table.columns, ...described(table) })),
  ]
}
