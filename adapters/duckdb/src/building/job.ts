import type { DuckdbOptions } from '../database.ts'

/** What the child that makes a build is asked for. */
export interface BuildJob {
  /** How it opens the scratch file that holds what the query reads; the settings are the owner's. */
  readonly input: DuckdbOptions
  /** File that gets the table {@link resultTable}. */
  readonly output: string
  /** Statements that make the relations of the query from what was copied. Those that fail are not needed. */
  readonly relations: readonly string[]
  readonly sql: string
}

/** What the child says. */
export type BuildWord =
  /** It runs: its process may be paused. */
  | { readonly kind: 'started'; readonly pid: number }
  | { readonly kind: 'built' }
  /** The engine refused the query, or has no more memory or disk: in its own words. */
  | { readonly kind: 'failed'; readonly message: string }
  /** The query needs more than was copied: the owner has to build it. */
  | { readonly kind: 'unfit' }

/** Name of the table that the child fills. */
export const resultTable = 'result'

/** Schema of the scratch file with the copied columns, one table `schema.name` per table. */
export const copySchema = '_caudal_copy'

/** What the engine says when a query reads a column that was not copied. */
export const notCopied = '_caudal: the column was not copied'
