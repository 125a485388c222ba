import type { Column } from './column.ts'
import type { Load, LoadId, LoadOutcome, DeadLetter, LedgerEntry, StoredPosition } from './load.ts'
import type { JsonValue } from './json.ts'
import type { TableName } from './stream.ts'

/** What a warehouse can do, as frozen data. */
export interface WarehouseCapabilities {
  readonly dialect: 'duckdb' | 'postgresql'
  /** How a load takes effect. */
  readonly protocol: 'transaction' | 'offset token' | 'staged, then one ledger transaction'
  /** Whether another process may have the database open. */
  readonly isShared: boolean
}

/** A chunk of a result, by column. Integers, decimals, dates, times and timestamps (ISO 8601) are strings; `null` is no value. */
export interface ColumnChunk {
  readonly columns: readonly Column[]
  readonly rows: number
  /** One array per column, each `rows` long. */
  readonly values: readonly (readonly JsonValue[])[]
}

/** A relation as the catalogue has it. */
export interface RelationDescription {
  readonly table: TableName
  readonly kind: 'table' | 'view'
  readonly columns: readonly Column[]
  /** Estimated rows; absent for views. */
  readonly rows?: number
}

/** A relation to be put in place by {@link Warehouse.publish}. */
export type Publication =
  /** The privately built relation becomes the table. */
  | { readonly kind: 'table'; readonly table: TableName; readonly built: TableName }
  /** A view over a query. */
  | { readonly kind: 'view'; readonly table: TableName; readonly sql: string }
  /** Rows of the privately built relation replace those of the table in the half-open interval of a UTC time column, or by key. */
  | {
      readonly kind: 'merge'
      readonly table: TableName
      readonly built: TableName
      readonly key: readonly string[]
      readonly interval?: { readonly column: string; readonly start: string; readonly end: string }
    }
  /** Removes a relation of our own registry. */
  | { readonly kind: 'drop'; readonly table: TableName }

/** What becomes visible together. */
export interface PublishRequest {
  readonly run: string
  readonly publications: readonly Publication[]
  /** Queries that must return no row inside the transaction; else nothing is published. */
  readonly checks: readonly { readonly name: string; readonly sql: string }[]
  /** Rows of our own registry to be written with it: model → fingerprint and intervals. */
  readonly models: readonly ModelState[]
}

/** What the warehouse remembers of a model. */
export interface ModelState {
  readonly model: string
  readonly fingerprint: string
  readonly materialization: string
  /** Half-open UTC intervals that were built, for incremental models. */
  readonly intervals: readonly { readonly start: string; readonly end: string }[]
  /** `true`: the model was removed. */
  readonly isDropped?: boolean
}

/** State of a raw table as the next load must know it. */
export interface TableState {
  readonly table: TableName
  readonly generation: number
  readonly columns: readonly Column[]
  /** The complete read that is in progress. */
  readonly snapshot?: LoadId
}

/** The bookkeeping in the `_caudal` schema, read side. */
export interface WarehouseState {
  positions(source: string): Promise<readonly StoredPosition[]>
  /** The newest load of each stream that took effect. */
  newestLoads(): Promise<
    readonly { readonly source: string; readonly stream: string; readonly load: LoadId }[]
  >
  tables(): Promise<readonly TableState[]>
  models(): Promise<readonly ModelState[]>
  /** Entries after a sequence number, in order. */
  ledger(after: number, limit: number): Promise<readonly LedgerEntry[]>
  /** Last sequence number that touched each table, `schema.name` → sequence. */
  versions(): Promise<Readonly<Record<string, number>>>
  deadLetters(filter: {
    readonly source?: string
    readonly stream?: string
    readonly load?: LoadId
    readonly status?: DeadLetter['status']
    readonly limit: number
  }): Promise<readonly DeadLetter[]>
}

/**
 * Where data takes effect. Writes are serialised by the engine's writer lane; queries run beside them on a consistent snapshot.
 * Transactions are internal to the adapter.
 */
export interface Warehouse {
  readonly name: string
  readonly capabilities: WarehouseCapabilities
  readonly state: WarehouseState
  /**
   * Applies a load: rows, schema additions, dead letters, positions and the ledger entry together, or nothing.
   * @throws CaudalError `CAUDAL_LOAD_POSITION_MOVED` (the expected version is not the stored one), `CAUDAL_LOAD_GENERATION` (prepared for an older
   * generation: prepare again), `CAUDAL_LOAD_SCHEMA_FROZEN`, `CAUDAL_LOAD_BAD_SHARE`, `CAUDAL_LOAD_UNREADABLE`. In each case nothing changed.
   */
  commit(load: Load, locate: (key: string) => string, signal: AbortSignal): Promise<LoadOutcome>
  /** Runs a statement that builds private relations (in the `_caudal_build` schema). @returns rows written. */
  build(
    relation: TableName,
    sql: string,
    parameters: Readonly<Record<string, JsonValue>>,
    signal: AbortSignal,
  ): Promise<number>
  /** Puts relations in place in one transaction. @returns the ledger sequence number. @throws CaudalError `CAUDAL_CHECK_FAILED`; nothing changed then. */
  publish(request: PublishRequest): Promise<number>
  /** The relations in the catalogue, `_caudal` and private ones left out. */
  introspect(): Promise<readonly RelationDescription[]>
  /** Streams the result of one read-only statement. Named parameters `$name`. */
  query(
    sql: string,
    parameters: Readonly<Record<string, JsonValue>>,
    signal: AbortSignal,
  ): AsyncIterable<ColumnChunk>
  close(): Promise<void>
}

/** A warehouse that can apply several loads in one transaction, which costs less for many small ones. */
export interface GroupingWarehouse extends Warehouse {
  /**
   * Applies loads that have no snapshot and replay nothing, in their order, all or none of them. Each stays a load of its own: what is in the
   * warehouse afterwards is what committing them one by one leaves.
   * @returns the outcomes, in the order of the loads.
   * @throws CaudalError what one of them alone would, and for a value that does not fit: nothing changed, commit them one by one.
   */
  commitTogether(
    loads: readonly Load[],
    locate: (key: string) => string,
    signal: AbortSignal,
  ): Promise<readonly LoadOutcome[]>
}

/** Whether the warehouse applies several loads in one transaction. */
export function supportsTogether(warehouse: Warehouse): warehouse is GroupingWarehouse {
  return 'commitTogether' in warehouse
}
