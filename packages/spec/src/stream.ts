import type { Column } from './column.ts'

/** How deletions in the source reach the warehouse. */
export const deletePolicies = ['none', 'soft flag', 'key sweep', 'full re-sync'] as const

/**
 * `none`: deletions are not seen. `soft flag`: the source marks or emits deletions; rows stay with `_caudal_deleted_at` set.
 * `key sweep`: a complete list of live keys removes the others. `full re-sync`: every complete read replaces the table.
 * A history is never replaced: both end the versions of what is gone.
 */
export type DeletePolicy = (typeof deletePolicies)[number]

/** How a load changes its table. */
export const dispositions = ['append', 'merge', 'replace', 'history'] as const

/** `append`: rows are added. `merge`: by key, the newest wins. `replace`: a complete read becomes the table. `history`: by key, every version with validity. */
export type Disposition = (typeof dispositions)[number]

/** `evolve`: accept and add. `freeze`: refuse the load. `discard`: keep the field out of the table (it stays in the lake). */
export type ContractMode = 'evolve' | 'freeze' | 'discard'

/** What happens when a source sends what its schema does not name. Defaults: both `evolve`. */
export interface SchemaContract {
  /** A new column. `evolve`: kept in `_caudal_extra` (JSON) until declared. */
  readonly columns: ContractMode
  /** A value that does not fit its type. `evolve`: the column is widened; `freeze`: refused; `discard`: the row becomes a dead letter. */
  readonly types: ContractMode
}

/** A stream of records as the adapter or the project describes it: the schema on which its table, checks and types rest. */
export interface StreamDescription {
  /** Name within the source, as the source spells it. */
  readonly name: string
  readonly columns: readonly Column[]
  /** Whether `columns` are declared or come from the source's metadata (`true`), or were sampled from data. */
  readonly isTyped: boolean
  /** Column names; empty: no key. */
  readonly primaryKey: readonly string[]
  /** The column whose larger value is newer. Absent: the order of reading decides. */
  readonly order?: string
  /** The column by which the source can be asked for what changed. */
  readonly cursor?: string
  readonly disposition: Disposition
  readonly deletes: DeletePolicy
  readonly contract: SchemaContract
  /** How long raw files stay in the lake. Absent: for ever. */
  readonly retentionDays?: number
  /** Streams with the same group share one position and commit in order. Default: the stream alone. */
  readonly group?: string
  /** How far the source's own view may lag behind its writes, in seconds: widens the reconciliation window. Default: 0. */
  readonly lagSeconds?: number
  readonly description?: string
}

/** A table's name: schema and table, both normalised. */
export interface TableName {
  readonly schema: string
  readonly name: string
}

/** `schema.name`. */
export function formatTableName(table: TableName): string {
  return `${table.schema}.${table.name}`
}
