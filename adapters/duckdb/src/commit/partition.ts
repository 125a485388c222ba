import type { DuckDBConnection } from '@duckdb/node-api'
import type { Load, TableLoad } from '@caudal/spec'
import { rows } from '../rows.ts'
import { lit, relation } from '../sql.ts'
import type { OpenTable } from './table.ts'

/** Notes that the load brought rows of its partitions, so that a later load of one can take their place. */
export async function notePartitions(connection: DuckDBConnection, load: Load): Promise<void> {
  for (const { stream, partition } of load.positions) {
    if (partition === '') continue
    await connection.run(
      `INSERT INTO _caudal.partition_loads VALUES (${lit(load.source)}, ${lit(stream)}, ${lit(partition)}, ${lit(load.id)})`,
    )
  }
}

/**
 * Removes what earlier loads of the load's partitions brought: their rows from a table that is appended to, and their open dead letters.
 * @returns how many rows.
 */
export async function replacePartition(
  connection: DuckDBConnection,
  load: Load,
  table: TableLoad,
  open: OpenTable,
): Promise<number> {
  if (table.replacesPartition !== true) return 0
  const partitions = load.positions.filter(({ stream }) => stream === table.stream)
  const earlier = await rows(
    connection,
    `SELECT load FROM _caudal.partition_loads WHERE source = ${lit(load.source)} AND stream = ${lit(table.stream)}
      AND partition IN (${partitions.map(({ partition }) => lit(partition)).join(', ') || 'NULL'})`,
  )
  if (earlier.length === 0) return 0
  const loads = earlier.map((row) => String(row['load']))
  await connection.run(`UPDATE _caudal.dead_letters SET status = 'discarded' WHERE status = 'open'
    AND schema_name = ${lit(table.table.schema)} AND table_name = ${lit(table.table.name)} AND load IN (${loads.map(lit).join(', ')})`)
  if (table.disposition !== 'append') return 0
  const removed = await connection.run(
    `DELETE FROM ${relation(open.work)} WHERE _caudal_load IN (${loads.join(', ')})`,
  )
  return removed.rowsChanged
}
