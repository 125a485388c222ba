import type { DuckDBConnection } from '@duckdb/node-api'
import type { JsonValue } from '@caudal/spec'

/** One row of bookkeeping by column name. */
export type Row = Readonly<Record<string, JsonValue>>

/** Runs a small statement and returns its rows as records; 64-bit integers and decimals are strings. */
export async function rows(
  connection: DuckDBConnection,
  sql: string,
  parameters: Record<string, string | number | boolean | null> = {},
): Promise<Row[]> {
  const result = await connection.runAndReadAll(sql, parameters)
  return result.getRowObjectsJson()
}

/** The first cell as a number; 0 when there is no row. */
export async function number(connection: DuckDBConnection, sql: string): Promise<number> {
  const result = await connection.runAndReadAll(sql)
  return Number(result.getRowsJS()[0]?.[0] ?? 0)
}
