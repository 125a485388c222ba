import type { Column } from './column.ts'
import type { JsonValue } from './json.ts'
import type { FileFormat, TextFormat } from './source.ts'
import type { Disposition, DeletePolicy, SchemaContract, TableName } from './stream.ts'

/**
 * Identity of a load: 16 decimal digits, microseconds since 1970 made strictly increasing by the owner, so that text order is the order
 * of extraction. It is fixed when the files are staged; replays and rebuilds keep it.
 */
export type LoadId = string

/** A file of a staged load in the lake. */
export interface StagedFile {
  /** Key in the lake. */
  readonly key: string
  readonly format: FileFormat
  readonly compression?: 'gzip' | 'zstd'
  readonly text?: TextFormat
  /** SHA-256 of the bytes, hex. */
  readonly sha256: string
  readonly bytes: number
  /** Rows, where the writer counted them (NDJSON written by us). */
  readonly rows?: number
  /** Every top-level field that occurs, where the writer knows (NDJSON written by us). */
  readonly fields?: readonly string[]
  /** Lake key of the bytes as delivered, when this file was converted from them (another encoding, long JSON numbers quoted). */
  readonly convertedFrom?: string
  /**
   * Rank of each row within its load, for rows that are loaded again: the line that the row had, plus 2^40 for each file before its own.
   * Default: the row's own line.
   */
  readonly lines?: readonly number[]
  /** Whether rows carry `_caudal_operation` (`upsert` or `delete`). Default: `false`. */
  readonly hasOperations?: boolean
  /** File path, URL or pages that the rows came from. */
  readonly origin: string
}

/** Rows of a file are ranked below those of the next file of their load: by this much. */
export const rowsPerFile: number = 2 ** 40

/** The part of a snapshot (a complete read) that a load carries. Rows stay invisible until a load of it is `complete`. */
export interface SnapshotPart {
  /** The load that began the snapshot. */
  readonly id: LoadId
  readonly complete: boolean
}

/** A position moved by a load: compare-and-set on the version. */
export interface PositionChange {
  readonly stream: string
  readonly partition: string
  /** The version the extraction started from; 0 when there was none. */
  readonly expectedVersion: number
  readonly position: JsonValue
}

/** What a load does to one table. */
export interface TableLoad {
  readonly table: TableName
  readonly stream: string
  /** The generation that the load was prepared for. */
  readonly generation: number
  readonly columns: readonly Column[]
  /** Whether the columns are typed by declaration or metadata; `false`: sampled, the warehouse may widen them. */
  readonly isTyped: boolean
  readonly disposition: Disposition
  readonly primaryKey: readonly string[]
  readonly order?: string
  readonly deletes: DeletePolicy
  readonly contract: SchemaContract
  readonly files: readonly StagedFile[]
  /** Records dropped by the project's own rule before staging. */
  readonly filtered: number
  readonly snapshot?: SnapshotPart
  /** Whether the rows of earlier loads of the same partition leave the table with this load (`append` only). Default: `false`. */
  readonly replacesPartition?: boolean
  /** The load with which the rows first came: by it they are older or newer than others. Default: this load. */
  readonly rank?: LoadId
  /** Share of bad rows above which the load is refused once 100 rows were seen, 0 to 1. Default: 0.05. */
  readonly badShareMax?: number
}

/** One atomic change of the warehouse: applying it twice changes nothing. */
export interface Load {
  readonly id: LoadId
  readonly source: string
  readonly run: string
  readonly tables: readonly TableLoad[]
  readonly positions: readonly PositionChange[]
  /** Loads whose open dead letters (of the tables above) this load replays: they become `replayed` with it. */
  readonly replays?: readonly LoadId[]
}

/** Where every extracted record went: `extracted` is the sum of the others. */
export interface LoadCounts {
  readonly extracted: number
  readonly inserted: number
  readonly updated: number
  readonly unchanged: number
  readonly superseded: number
  readonly deleted: number
  readonly deadLettered: number
  readonly filtered: number
  readonly late: number
}

/** No record anywhere. */
export const noCounts: LoadCounts = {
  extracted: 0,
  inserted: 0,
  updated: 0,
  unchanged: 0,
  superseded: 0,
  deleted: 0,
  deadLettered: 0,
  filtered: 0,
  late: 0,
}

/** Adds counts field by field. */
export function addCounts(a: LoadCounts, b: LoadCounts): LoadCounts {
  const sum: Record<string, number> = {}
  for (const key of Object.keys(noCounts) as (keyof LoadCounts)[]) sum[key] = a[key] + b[key]
  return sum as unknown as LoadCounts
}

/** The first reconciliation equation: every extracted record is somewhere. */
export function isBalanced(counts: LoadCounts): boolean {
  const { extracted, ...rest } = counts
  return extracted === Object.values(rest).reduce((sum, value) => sum + value, 0)
}

/** What a commit did to one table. */
export interface TableOutcome {
  readonly table: TableName
  readonly stream: string
  readonly counts: LoadCounts
  /** Rows removed because a complete read, or the partition's newer load, did not have them any more; not records, so not part of the equation. */
  readonly swept: number
  /**
   * Rows that a complete read did not have and that stay all the same, because it left dead letters whose keys cannot be told. Absent: the
   * sweep was not withheld.
   */
  readonly sweepWithheld?: number
  readonly generation: number
  /** Columns added or widened by this load, for instance `amount: integer → decimal(18,2)`. */
  readonly changes: readonly string[]
  /** Whether what readers see changed. */
  readonly isVisibleChange: boolean
}

/** What a commit did. */
export interface LoadOutcome {
  readonly id: LoadId
  /** Ledger sequence number; push ids are these numbers. */
  readonly sequence: number
  /** `true` when the load had been applied before: nothing changed now. */
  readonly wasApplied: boolean
  readonly tables: readonly TableOutcome[]
}

/** Why a row of a table with a key is a dead letter when its key is empty; its `raw` is a JSON object by field, whatever the file's format. */
export const keylessReason = 'the key has no value'

/** A record that could not be processed, kept to be replayed. */
export interface DeadLetter {
  /** The load with which the record first came. */
  readonly load: LoadId
  readonly source: string
  readonly stream: string
  readonly table: TableName
  readonly origin: string
  /** 1-based line or row in the file; 0 when unknown. */
  readonly line: number
  readonly column?: string
  readonly reason: string
  /** The bytes as they came, as text where they are text. */
  readonly raw: string
  readonly status: 'open' | 'replayed' | 'discarded'
}

/** A position as it is stored. */
export interface StoredPosition {
  readonly source: string
  readonly stream: string
  readonly partition: string
  readonly version: number
  readonly position: JsonValue
  readonly load: LoadId
}

/** Where the events that were read went: `read` is the sum of the others. */
export interface EventCounts {
  readonly read: number
  /** In a row of at least one table. */
  readonly taken: number
  readonly filtered: number
  /** In a dead letter, whatever else was made of them. */
  readonly dead: number
}

/** A ledger entry as readers see it. */
export interface LedgerEntry {
  readonly sequence: number
  readonly kind: 'load' | 'publish' | 'position'
  readonly load?: LoadId
  readonly source?: string
  readonly run: string
  readonly tables: readonly TableName[]
  readonly counts: LoadCounts
  /** Of a flush. */
  readonly events?: EventCounts
  readonly committedAt: string
}
