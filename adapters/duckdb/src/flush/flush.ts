import type { DuckDBConnection } from '@duckdb/node-api'
import {
  CaudalError,
  formatTableName,
  noCounts,
  type FlushLoad,
  type FlushOutcome,
  type FlushTable,
  type TableOutcome,
} from '@caudal/spec'
import { movePositions, writeLedger } from '../commit/ledger.ts'
import { mapEngineError } from '../errors.ts'
import { rows } from '../rows.ts'
import { lit } from '../sql.ts'
import { keepLetters } from './letters.ts'
import { putRows } from './put-rows.ts'
import { openFlushTable } from './table.ts'

/** Applies a flush in one transaction. */
export async function applyFlush(connection: DuckDBConnection, load: FlushLoad): Promise<FlushOutcome> {
  const applied = await appliedSequence(connection, load)
  if (applied !== undefined) return { id: load.id, sequence: applied, wasApplied: true }
  await connection.run('BEGIN')
  try {
    await movePositions(
      connection,
      load.positions.map((change) => ({ ...change, source: load.pipeline, load: load.id })),
    )
    const tables: TableOutcome[] = []
    for (const table of load.tables) tables.push(await applyFlushTable(connection, load, table))
    await keepLetters(connection, load)
    const sequence = await writeLedger(connection, {
      kind: 'load',
      run: load.run,
      load: { id: load.id, source: load.pipeline },
      tables,
      events: load.counts,
    })
    await connection.run('COMMIT')
    return { id: load.id, sequence, wasApplied: false }
  } catch (error) {
    await connection.run('ROLLBACK').catch(() => undefined)
    if (CaudalError.isInstance(error)) throw error
    throw mapEngineError(error, `flush ${load.id} of ${load.pipeline}`)
  }
}

async function applyFlushTable(
  connection: DuckDBConnection,
  load: FlushLoad,
  table: FlushTable,
): Promise<TableOutcome> {
  const open = await openFlushTable(connection, table)
  const counts = await putRows(connection, load.id, table)
  return {
    table: table.table,
    stream: load.topic,
    counts: { ...noCounts, ...counts, extracted: table.rows.rows },
    swept: 0,
    generation: open.generation,
    changes: open.changes,
    isVisibleChange: table.rows.rows > 0,
  }
}

/**
 * The ledger entry of the flush, when it took effect. Its id alone does not tell: two workers may have made it in the same microsecond, so
 * its positions must be those that were stored with it.
 */
async function appliedSequence(connection: DuckDBConnection, load: FlushLoad): Promise<number | undefined> {
  const [entry] = await rows(
    connection,
    `SELECT l.sequence, l.source, l.events FROM _caudal.loads a JOIN _caudal.ledger l USING (sequence) WHERE a.load = ${lit(load.id)}`,
  )
  if (entry === undefined) return undefined
  const stored = await rows(
    connection,
    `SELECT partition, version, load FROM _caudal.positions WHERE source = ${lit(load.pipeline)} AND stream = ${lit(load.topic)}`,
  )
  const isMoved = load.positions.every(({ partition, expectedVersion }) =>
    stored.some((one) => one['partition'] === partition && Number(one['version']) > expectedVersion),
  )
  const isSame =
    entry['source'] === load.pipeline && entry['events'] === JSON.stringify(load.counts) && isMoved
  if (isSame) return Number(entry['sequence'])
  throw new CaudalError({
    code: 'CAUDAL_LOAD_ID_TAKEN',
    message: `Flush ${load.id} of ${load.pipeline} has the id of something else that took effect (${String(entry['source'])}). Nothing was written.`,
    hint: 'The worker reads the range again by itself.',
    context: {
      load: load.id,
      source: load.pipeline,
      pipeline: load.pipeline,
      tables: load.tables.map(({ table }) => formatTableName(table)),
    },
  })
}
