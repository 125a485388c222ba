import { rowsPerFile, type StagedFile, type TableLoad } from '@caudal/spec'

/**
 * By what rows without an order column are older or newer: the load that they first came with, then their row in it. Rows that are loaded
 * again (replayed dead letters) keep the rank that they had, so that they do not win over what came after them.
 */
export interface Rank {
  readonly load: string
  /** Whether `_incoming` has the column `_caudal_row`; else rows are ranked as they lie in it. */
  readonly isExplicit: boolean
}

/** The rank of a table's rows in a load. */
export function rankOf(table: TableLoad, loadId: string, isExplicit: boolean): Rank {
  return { load: table.rank ?? loadId, isExplicit }
}

/** SQL: rank of a row within its load, from its 1-based line in the file. */
export function rankOfLine(file: StagedFile, index: number, line = 'line'): string {
  if (file.lines !== undefined) return `list_extract([${file.lines.join(', ')}]::BIGINT[], ${line})`
  return `(${index * rowsPerFile} + ${line})`
}

/** SQL: 1-based rank of a row of `_incoming`; inside a transaction rowid begins at a large number. */
export function rowRank(rank: Rank): string {
  return rank.isExplicit ? '_caudal_row' : '(rowid - (SELECT min(rowid) FROM _incoming) + 1)'
}

/** SQL: the line of a ranked row in its file. */
export function lineOfRank(rank: string): string {
  return `(${rank}) % ${rowsPerFile}`
}
