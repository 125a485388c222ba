import type { DuckDBConnection } from '@duckdb/node-api'
import { CaudalError, type Load, type LoadOutcome, type TableLoad } from '@caudal/spec'
import { mapEngineError } from '../errors.ts'
import type { Inserter } from '../inserter.ts'
import { applyTable } from './apply.ts'
import { markReplayed } from './dead-letters.ts'
import { appliedOutcome, moveStoredPositions, writeLedger } from './ledger.ts'
import { MisfitError } from './misfit.ts'
import { notePartitions } from './partition.ts'
import { widenColumns } from './widen.ts'

/** How the files of a load are read in one attempt. */
interface Attempt {
  /** Tables whose bad rows are looked for, by index; the others are read in one typed pass that fails on the first bad value. */
  readonly careful: ReadonlySet<number>
}

/**
 * Applies a load in one transaction. The first attempt reads every file in one typed pass; when a value does not fit, the transaction is
 * rolled back, sampled columns are widened or the table is read carefully, and the load is applied again from the start.
 */
export async function commitLoad(
  connection: DuckDBConnection,
  inserter: Inserter,
  load: Load,
  locate: (key: string) => string,
  signal: AbortSignal,
): Promise<LoadOutcome> {
  let current = load
  let attempt: Attempt = { careful: new Set() }
  for (let tries = 0; tries <= 3 * load.tables.length; tries++) {
    signal.throwIfAborted()
    try {
      return await applyOnce(connection, inserter, current, locate, attempt)
    } catch (error) {
      if (!(error instanceof MisfitError)) throw error
      const table = current.tables[error.table]
      if (table === undefined || attempt.careful.has(error.table)) throw error.unreadable
      const widened =
        error.read === undefined ? undefined : await widenColumns(connection, table, error.input, error.read)
      if (widened === undefined) attempt = { careful: new Set([...attempt.careful, error.table]) }
      else current = replaceTable(current, error.table, widened)
    }
  }
  throw new Error('Invariant broken: a load was widened more often than it has columns')
}

async function applyOnce(
  connection: DuckDBConnection,
  inserter: Inserter,
  load: Load,
  locate: (key: string) => string,
  attempt: Attempt,
): Promise<LoadOutcome> {
  const applied = await appliedOutcome(connection, load)
  if (applied !== undefined) return applied
  await connection.run('BEGIN')
  try {
    await moveStoredPositions(connection, load.source, load.positions, load.id)
    const isOutdated = !(await markReplayed(connection, load))
    const tables = []
    for (const [index, table] of load.tables.entries()) {
      tables.push(
        await applyTable(connection, {
          load,
          inserter,
          table,
          index,
          locate,
          isOutdated,
          isCareful: attempt.careful.has(index) || table.rank !== undefined,
        }),
      )
    }
    await notePartitions(connection, load)
    const sequence = await writeLedger(connection, { kind: 'load', run: load.run, load, tables })
    await connection.run('COMMIT')
    return { id: load.id, sequence, wasApplied: false, tables }
  } catch (error) {
    await connection.run('ROLLBACK').catch(() => undefined)
    if (error instanceof MisfitError || CaudalError.isInstance(error)) throw error
    throw mapEngineError(error, `load ${load.id} of ${load.source}`)
  }
}

function replaceTable(load: Load, index: number, table: TableLoad): Load {
  return { ...load, tables: load.tables.map((before, position) => (position === index ? table : before)) }
}
