import type { DuckDBConnection } from '@duckdb/node-api'
import type { Readers } from '@caudal/spec'
import { number } from '../rows.ts'
import { id, lit } from '../sql.ts'
import { copySchema, notCopied } from './job.ts'
import type { ReadTable } from './plan.ts'

/** Rows that are copied at once: a few milliseconds. */
const pieceRows = 10_240

/** Longest that a piece waits for readers. */
const patienceMs = 100

/** What the copying of rows takes into account. */
export interface CopyManners {
  readonly readers: Readers
  readonly signal: AbortSignal
}

/** Copies the needed columns of tables into an attached file, as one transaction sees them. */
export async function copyTables(
  connection: DuckDBConnection,
  database: string,
  tables: readonly ReadTable[],
  manners: CopyManners,
): Promise<void> {
  await inTransaction(connection, async () => {
    await connection.run(`CREATE SCHEMA ${database}.${copySchema}`)
    for (const table of tables) {
      const list = table.columns.filter(({ name }) => table.needed.has(name)).map(({ name }) => id(name))
      const from = `${id(table.schema)}.${id(table.name)}`
      // A query that only counts needs rows without a column.
      const values = list.length === 0 ? 'true AS present' : list.join(', ')
      await copyRows(connection, from, `${database}.${copied(table)}`, values, manners)
    }
  })
}

/** Runs work in one transaction of a connection. */
export async function inTransaction<T>(connection: DuckDBConnection, work: () => Promise<T>): Promise<T> {
  await connection.run('BEGIN')
  try {
    const result = await work()
    await connection.run('COMMIT')
    return result
  } catch (error) {
    await connection.run('ROLLBACK').catch(() => undefined)
    throw error
  }
}

/** Copies a table in pieces that let readers go first, each row after those before it. Inside a transaction. */
export async function copyRows(
  connection: DuckDBConnection,
  from: string,
  to: string,
  values: string,
  { readers, signal }: CopyManners,
): Promise<number> {
  await connection.run(`CREATE OR REPLACE TABLE ${to} AS SELECT ${values} FROM ${from} LIMIT 0`)
  const end = (await number(connection, `SELECT coalesce(max(rowid), -1) FROM ${from}`)) + 1
  let rows = 0
  for (let row = 0; row < end; row += pieceRows) {
    await readers.gone(patienceMs)
    signal.throwIfAborted()
    const { rowsChanged } = await connection.run(
      `INSERT INTO ${to} SELECT ${values} FROM ${from} WHERE rowid >= ${row} AND rowid < ${row + pieceRows}`,
    )
    rows += rowsChanged
  }
  return rows
}

/** Definitions of the tables over what was copied: a column that was not cannot be read. */
export function relationsOver(tables: readonly ReadTable[], views: readonly string[]): string[] {
  const schemas = new Set(tables.map(({ schema }) => schema))
  const stand = tables.map((table) => {
    const list = table.columns.map(({ name, type }) =>
      table.needed.has(name) ? id(name) : `error(${lit(notCopied)})::${type} AS ${id(name)}`,
    )
    return `CREATE VIEW ${id(table.schema)}.${id(table.name)} AS SELECT ${list.join(', ')} FROM ${copied(table)}`
  })
  return [...[...schemas].map((schema) => `CREATE SCHEMA IF NOT EXISTS ${id(schema)}`), ...stand, ...views]
}

function copied({ schema, name }: ReadTable): string {
  return `${id(copySchema)}.${id(`${schema}.${name}`)}`
}
