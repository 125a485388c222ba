import type { DuckDBConnection } from '@duckdb/node-api'
import type { Load, PositionChange, TableLoad } from '@caudal/spec'
import { rows } from '../rows.ts'
import { lit, relation } from '../sql.ts'
import type { OpenTable } from './table.ts'

/** The loads that brought the rows of each partition: looked up once for the loads of a transaction, and noted for all of them at its end. */
export class PartitionLoads {
  readonly #known = new Map<string, string[]>()
  readonly #new: string[] = []

  static async of(connection: DuckDBConnection, loads: readonly Load[]): Promise<PartitionLoads> {
    const book = new PartitionLoads()
    const keys = loads
      .filter((load) => load.tables.some((table) => table.replacesPartition === true))
      .flatMap((load) => load.positions.map((position) => keyOf(load.source, position)))
    if (keys.length === 0) return book
    const found = await rows(
      connection,
      `SELECT source, stream, partition, load FROM _caudal.partition_loads
        WHERE (source, stream, partition) IN (${[...new Set(keys)].map((key) => `(${key})`).join(', ')})`,
    )
    for (const { source, stream, partition, load } of found) {
      book.#add(keyOf(String(source), { stream: String(stream), partition: String(partition) }), String(load))
    }
    return book
  }

  /** Loads before this one that brought rows of its partitions of a stream. */
  before(load: Load, stream: string): readonly string[] {
    return load.positions
      .filter((position) => position.stream === stream)
      .flatMap((position) => this.#known.get(keyOf(load.source, position)) ?? [])
  }

  /** Notes that the load brought rows of its partitions, so that a later load of one can take their place. */
  note(load: Load): void {
    for (const position of load.positions) {
      if (position.partition === '') continue
      const key = keyOf(load.source, position)
      this.#add(key, load.id)
      this.#new.push(`(${key}, ${lit(load.id)})`)
    }
  }

  async store(connection: DuckDBConnection): Promise<void> {
    if (this.#new.length > 0)
      await connection.run(`INSERT INTO _caudal.partition_loads VALUES ${this.#new.join(', ')}`)
  }

  #add(key: string, load: string): void {
    this.#known.set(key, [...(this.#known.get(key) ?? []), load])
  }
}

function keyOf(source: string, position: Pick<PositionChange, 'stream' | 'partition'>): string {
  return [source, position.stream, position.partition].map((part) => lit(part)).join(', ')
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
  partitions: PartitionLoads,
): Promise<number> {
  if (table.replacesPartition !== true) return 0
  const loads = partitions.before(load, table.stream)
  if (loads.length === 0) return 0
  await connection.run(`UPDATE _caudal.dead_letters SET status = 'discarded' WHERE status = 'open'
    AND schema_name = ${lit(table.table.schema)} AND table_name = ${lit(table.table.name)} AND load IN (${loads.map(lit).join(', ')})`)
  if (table.disposition !== 'append') return 0
  const removed = await connection.run(
    `DELETE FROM ${relation(open.work)} WHERE _caudal_load IN (${loads.join(', ')})`,
  )
  return removed.rowsChanged
}
