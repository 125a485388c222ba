import type { DuckDBConnection } from '@duckdb/node-api'
import { CaudalError, type Load, type LoadOutcome, type TableLoad, type TableOutcome } from '@caudal/spec'
import { mapCommitError } from '../errors.ts'
import type { Inserter } from '../inserter.ts'
import { applyTable } from './apply.ts'
import { markReplayed } from './dead-letters.ts'
import { appliedOutcome, movePositions, writeLedgerEntries } from './ledger.ts'
import { MisfitError } from './misfit.ts'
import { PartitionLoads } from './partition.ts'
import { openTable, type OpenTable } from './table.ts'
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
  const [outcome] = await applyAll(connection, inserter, [load], locate, attempt)
  if (outcome === undefined) throw new Error('Invariant broken: a load was applied without an outcome')
  return outcome
}

/**
 * Applies loads in one transaction, each in one typed pass: what does not fit fails them all, and they are committed one by one.
 * @throws CaudalError what one of them alone would, or `CAUDAL_LOAD_ID_TAKEN` for one that took effect before; nothing was changed.
 */
export async function commitTogether(
  connection: DuckDBConnection,
  inserter: Inserter,
  loads: readonly Load[],
  locate: (key: string) => string,
  signal: AbortSignal,
): Promise<readonly LoadOutcome[]> {
  signal.throwIfAborted()
  try {
    return await applyAll(connection, inserter, loads, locate, { careful: new Set() })
  } catch (error) {
    throw error instanceof MisfitError ? error.unreadable : error
  }
}

async function applyAll(
  connection: DuckDBConnection,
  inserter: Inserter,
  loads: readonly Load[],
  locate: (key: string) => string,
  attempt: Attempt,
): Promise<LoadOutcome[]> {
  await connection.run('BEGIN')
  try {
    await movePositions(
      connection,
      loads.flatMap(({ positions, source, id }) =>
        positions.map((change) => ({ ...change, source, load: id })),
      ),
    )
    const partitions = await PartitionLoads.of(connection, loads)
    const open = tableOpener(connection)
    const applied: { readonly load: Load; readonly tables: TableOutcome[] }[] = []
    for (const load of loads) {
      const isOutdated = !(await markReplayed(connection, load))
      const tables: TableOutcome[] = []
      for (const [index, table] of load.tables.entries()) {
        const isCareful = attempt.careful.has(index) || table.rank !== undefined
        const work = { load, inserter, table, index, locate, isOutdated, isCareful, partitions, open }
        tables.push(await applyTable(connection, work))
      }
      partitions.note(load)
      applied.push({ load, tables })
    }
    await partitions.store(connection)
    const first = await writeLedgerEntries(
      connection,
      applied.map(({ load, tables }) => ({ kind: 'load', run: load.run, load, tables })),
    )
    await connection.run('COMMIT')
    return applied.map(({ load, tables }, index) => ({
      id: load.id,
      sequence: first + index,
      wasApplied: false,
      tables,
    }))
  } catch (error) {
    await connection.run('ROLLBACK').catch(() => undefined)
    if (error instanceof MisfitError || CaudalError.isInstance(error)) throw error
    throw mapCommitError(error, loads)
  }
}

/** Opens tables; one that the load before left as it was, and of which this one says the same, is not looked at again. */
function tableOpener(connection: DuckDBConnection): (table: TableLoad) => Promise<OpenTable> {
  let last: { readonly saying: string; readonly open: OpenTable } | undefined
  return async (table) => {
    const { columns, contract, disposition, deletes, order } = table
    const saying = JSON.stringify([table.table, columns, contract, disposition, deletes, order])
    const isSame =
      last?.saying === saying && last.open.generation === table.generation && table.snapshot === undefined
    if (isSame && last !== undefined) return { ...last.open, isNew: false, changes: [] }
    const open = await openTable(connection, table)
    const isSettled = open.changes.length === 0 && open.columns.every((column) => column.isUnseen !== true)
    last = isSettled && table.snapshot === undefined ? { saying, open } : undefined
    return open
  }
}

function replaceTable(load: Load, index: number, table: TableLoad): Load {
  return { ...load, tables: load.tables.map((before, position) => (position === index ? table : before)) }
}
