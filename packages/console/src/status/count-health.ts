import type { StatusAnswer } from '@caudal/spec'

/** How many tables fare badly, and how many records wait as dead letters. */
export function countHealth(tables: StatusAnswer['tables']): {
  readonly failing: number
  readonly late: number
  readonly deadLetters: number
} {
  return {
    failing: tables.filter((table) => table.health === 'failing').length,
    late: tables.filter((table) => table.health === 'late').length,
    deadLetters: tables.reduce((sum, table) => sum + table.deadLetters, 0),
  }
}
