import type { TextPlace } from './tokens.ts'

/** A table as the analyser must know it. Names and types as the warehouse has them; types in DuckDB's spelling or absent. */
export interface KnownTable {
  /** `schema.name`. */
  readonly name: string
  readonly columns: readonly { readonly name: string; readonly type?: string; readonly nullable?: boolean }[]
}

/** Something wrong in a text, with its place. */
export interface SqlProblem {
  /** `syntax`: does not parse. `unknown column`: of a known table. `differs`: another result on another warehouse. `refused`: an error there. */
  readonly kind: 'syntax' | 'statement' | 'unknown column' | 'differs' | 'refused' | 'too deep'
  readonly message: string
  readonly hint?: string
  readonly place?: TextPlace
}

/** A table that a query reads; names of its own WITH are left out. */
export interface TableReference {
  /** Absent: the query does not say. */
  readonly schema?: string
  readonly name: string
  readonly place?: TextPlace
}

/** What a query is, without knowledge of any table. */
export interface QueryOutline {
  readonly references: readonly TableReference[]
  /** Names of the `$parameters`, without `$`. */
  readonly parameters: readonly string[]
  /** Not empty with kind `syntax` or `statement`: the rest is not to be relied on. */
  readonly problems: readonly SqlProblem[]
}

/** A column that a query returns. */
export interface ReturnedColumn {
  readonly name: string
  /** Columns of the tables it reads that its value is made of: `schema.table.column`. */
  readonly reads: readonly string[]
  /** Absent: not known. */
  readonly nullable?: boolean
  /** A guess in DuckDB's spelling; the engine alone knows. */
  readonly type?: string
}

/** What a query returns, given the columns of the tables it reads. */
export interface QueryAnalysis {
  /** In order; absent when they cannot be told: a star over a table without known columns, or a query nested too deep. */
  readonly columns?: readonly ReturnedColumn[]
  /** Columns that decide which rows there are and how they group: filters, joins, groups, windows. `schema.table.column`. */
  readonly uses: readonly string[]
  readonly problems: readonly SqlProblem[]
}

/** Understands SQL of the subset that DuckDB and PostgreSQL share. Pure: nothing is executed. */
export interface SqlAnalyzer {
  /** Changes when its answers may: part of every cache key. */
  readonly version: string
  /** Parses a query and finds the tables that it reads. */
  outline(sql: string): Promise<QueryOutline>
  /** Columns and their lineage, down to the columns of `tables`. The text must have an outline without syntax problems. */
  analyse(sql: string, tables: readonly KnownTable[]): Promise<QueryAnalysis>
}
