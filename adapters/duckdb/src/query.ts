import type { DuckDBConnection, DuckDBResult, DuckDBType } from '@duckdb/node-api'
import { CaudalError, type Column, type ColumnChunk, type JsonValue } from '@caudal/spec'
import type { Database } from './database.ts'
import { columnType } from './sql.ts'
import { toJson } from './values.ts'

/** Streams the result of one read-only statement, chunk by chunk. */
export async function* streamQuery(
  database: Database,
  sql: string,
  parameters: Readonly<Record<string, JsonValue>>,
  signal: AbortSignal,
): AsyncIterable<ColumnChunk> {
  signal.throwIfAborted()
  const connection = await database.lend()
  const interrupt = (): void => connection.interrupt()
  signal.addEventListener('abort', interrupt)
  try {
    const result = await run(connection, sql, parameters)
    const columns = resultColumns(result)
    let isEmpty = true
    for (;;) {
      const chunk = await result.fetchChunk()
      signal.throwIfAborted()
      if (chunk === null || chunk.rowCount === 0) break
      isEmpty = false
      const types: DuckDBType[] = result.columnTypes()
      const values = types.map((type, index) =>
        chunk.getColumnValues(index).map((value) => toJson(value, type)),
      )
      yield { columns, rows: chunk.rowCount, values }
    }
    if (isEmpty) yield { columns, rows: 0, values: columns.map(() => []) }
  } catch (error) {
    signal.throwIfAborted()
    throw CaudalError.isInstance(error) ? error : queryError(sql, error)
  } finally {
    signal.removeEventListener('abort', interrupt)
    database.giveBack(connection)
  }
}

/** Statements that only read. */
const readOnly = new Set([1, 13, 14])

async function run(
  connection: DuckDBConnection,
  sql: string,
  parameters: Readonly<Record<string, JsonValue>>,
): Promise<DuckDBResult> {
  const statements = await connection.extractStatements(sql)
  if (statements.count !== 1) throw refused(`it has ${statements.count} statements`)
  const prepared = await statements.prepare(0)
  try {
    if (!readOnly.has(prepared.statementType)) throw refused('it would change data or settings')
    const known = new Set(
      Array.from({ length: prepared.parameterCount }, (_, index) => prepared.parameterName(index + 1)),
    )
    const given = Object.entries(parameters).filter(([name]) => known.has(name))
    if (given.length > 0) {
      prepared.bind(
        Object.fromEntries(
          given.map(([name, value]) => [
            name,
            typeof value === 'object' && value !== null ? JSON.stringify(value) : value,
          ]),
        ),
      )
    }
    return await prepared.stream()
  } finally {
    prepared.destroySync()
  }
}

function refused(why: string): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_QUERY_NOT_READ_ONLY',
    message: `The statement was refused: ${why}; queries read one SELECT. Nothing was changed.`,
    hint: 'Changes go through sources and models: see `caudal plan`.',
  })
}

function queryError(sql: string, error: unknown): CaudalError {
  const text = error instanceof Error ? error.message : String(error)
  return new CaudalError({
    code: 'CAUDAL_QUERY_FAILED',
    message: text.split('\n\n')[0] ?? text,
    hint: 'Correct the statement; `caudal query "SELECT table_schema, table_name FROM information_schema.tables"` lists the tables.',
    context: { sql: sql.length > 2000 ? `${sql.slice(0, 2000)}…` : sql },
    cause: error,
  })
}

function resultColumns(result: DuckDBResult): Column[] {
  return result
    .columnNames()
    .map((name, index) => ({ name, type: columnType(String(result.columnType(index))) }))
}
