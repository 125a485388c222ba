import { formatTableName, isBalanced, normaliseName, type ErrorReport, type LoadOutcome } from '@caudal/spec'
import type { StagedLoad } from '../load/staged-load.ts'
import type { StreamExtract } from '../worker/protocol.ts'

/** A load with what it did. */
export interface AppliedLoad {
  readonly load: StagedLoad
  readonly outcome: LoadOutcome
}

/**
 * The first equation of the reconciliation, exact: what was taken from the source is what was staged, what was staged is what the warehouse
 * saw, and of that every record went somewhere. Files that were not counted when they were staged are counted by the warehouse alone.
 * @returns an error for each table where it does not hold.
 */
export function imbalances(
  source: string,
  applied: readonly AppliedLoad[],
  extracts: readonly StreamExtract[],
  run: string,
): ErrorReport[] {
  const errors: ErrorReport[] = []
  for (const { load, outcome } of applied) {
    const staged = stagedRows([load])
    for (const { table, counts } of outcome.tables) {
      const isComplete = staged === undefined || counts.extracted === staged + load.filtered
      if (isComplete && isBalanced(counts)) continue
      errors.push(
        imbalance(formatTableName(table), `load ${load.id}`, (staged ?? 0) + load.filtered, counts.extracted),
      )
    }
  }
  for (const { stream, rows, error } of extracts) {
    const loads = applied.map(({ load }) => load).filter((load) => load.stream === stream && load.run === run)
    const staged = stagedRows(loads)
    if (error !== undefined || staged === undefined || staged === rows) continue
    errors.push(imbalance(`${normaliseName(source)}.${normaliseName(stream)}`, 'the read', rows, staged))
  }
  return errors
}

/** Rows of the loads' files; `undefined` when a file was not counted. */
function stagedRows(loads: readonly StagedLoad[]): number | undefined {
  return loads
    .flatMap((load) => load.files.map((file) => file.rows))
    .reduce<number | undefined>(
      (sum, rows) => (sum === undefined || rows === undefined ? undefined : sum + rows),
      0,
    )
}

function imbalance(table: string, where: string, expected: number, found: number): ErrorReport {
  return {
    code: 'CAUDAL_RECONCILIATION_IMBALANCE',
    message: `${table}: ${where} had ${expected} records, and ${found} of them are accounted for as inserted, updated, unchanged, superseded, deleted, dead letters, filtered or late. What was loaded stays; the raw files are in the lake.`,
    hint: `This is a defect of Caudal or of an adapter: please report it. Read everything again: caudal run --select ${table} --full.`,
    retryable: false,
    context: { table, expected, found },
  }
}
