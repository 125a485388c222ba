import type { DuckDBConnection } from '@duckdb/node-api'
import type { FlushTable, LoadCounts } from '@caudal/spec'
import { packedChunks, chunkType, unpacked } from '../packed/packed-chunk.ts'
import { number } from '../rows.ts'
import { id, names, relation } from '../sql.ts'

/** Where the rows of a flush went. */
export type PutCounts = Pick<LoadCounts, 'inserted' | 'updated' | 'superseded'>

/** Puts the rows of a flush into its table, inside the writer's transaction. */
export async function putRows(
  connection: DuckDBConnection,
  load: string,
  table: FlushTable,
): Promise<PutCounts> {
  await fillPacked(connection, table)
  return table.key.length === 0 ? addRows(connection, load, table) : mergeRows(connection, load, table)
}

/** Brings the rows into the temporary table `_packed`. The appender is closed before anything else: what it still held would be committed later. */
async function fillPacked(connection: DuckDBConnection, { columns, rows }: FlushTable): Promise<void> {
  const definitions = columns.map(({ name, type }) => `${id(name)} ${String(chunkType(type))}`)
  await connection.run(`CREATE OR REPLACE TEMP TABLE _packed (${definitions.join(', ')})`)
  const appender = await connection.createAppender('_packed', 'main', 'temp')
  try {
    for (const chunk of packedChunks(columns, rows)) appender.appendDataChunk(chunk)
  } finally {
    appender.closeSync()
  }
}

async function addRows(connection: DuckDBConnection, load: string, table: FlushTable): Promise<PutCounts> {
  const { rowsChanged } = await connection.run(
    `INSERT INTO ${relation(table.table)} (${names(table.columns)}, _caudal_load) SELECT ${values(table)}, ${load} FROM _packed`,
  )
  return { inserted: rowsChanged, updated: 0, superseded: 0 }
}

/** The last row of each key replaces the one in the table, unless a later load wrote that. */
async function mergeRows(connection: DuckDBConnection, load: string, table: FlushTable): Promise<PutCounts> {
  const target = relation(table.table)
  const keys = table.key.map(id).join(', ')
  const isSame = table.key.map((name) => `t.${id(name)} = w.${id(name)}`).join(' AND ')
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE _winners AS SELECT ${values(table)}, row_number() OVER () AS _caudal_row FROM _packed
      QUALIFY row_number() OVER (PARTITION BY ${keys} ORDER BY rowid DESC) = 1`,
  )
  const winners = await number(connection, 'SELECT count(*) FROM _winners')
  const beaten = await connection.run(
    `DELETE FROM _winners w USING ${target} t WHERE ${isSame} AND t._caudal_load > ${load}`,
  )
  const removed = await connection.run(`DELETE FROM ${target} t USING _winners w WHERE ${isSame}`)
  await connection.run(
    `INSERT INTO ${target} (${names(table.columns)}, _caudal_row, _caudal_load) SELECT ${names(table.columns)}, _caudal_row, ${load} FROM _winners`,
  )
  const updated = removed.rowsChanged
  const superseded = table.rows.rows - winners + beaten.rowsChanged
  return { inserted: winners - beaten.rowsChanged - updated, updated, superseded }
}

function values({ columns }: FlushTable): string {
  return columns.map((column) => `${unpacked(column)} AS ${id(column.name)}`).join(', ')
}
