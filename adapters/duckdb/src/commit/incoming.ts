import type { DuckDBConnection } from '@duckdb/node-api'
import { CaudalError, type TableLoad } from '@caudal/spec'
import { dropSeparated, separateCsvRows, separatedKeys } from '../file/csv-separate.ts'
import { readCsv, type CsvRead } from '../file/csv.ts'
import { jsonFromLines, jsonKeys, jsonMisfit, numberedLines, readJson } from '../file/ndjson.ts'
import { parquetGoodRows, parquetKeys, parquetMisfits, readParquet } from '../file/parquet.ts'
import { unreadable, type FileRead, type ReadInput } from '../file/read.ts'
import { number } from '../rows.ts'
import { lit } from '../sql.ts'
import { rankOfLine } from './rank.ts'
import type { OpenTable } from './table.ts'

/** A file ready to be inserted: a SELECT over it, and the temporary table of its bad rows when the careful path was taken. */
export interface Incoming {
  readonly read: FileRead
  /** SELECT of the table's columns, `_caudal_extra`, and on the careful path `_caudal_row`. */
  readonly select: string
  /** Temporary table (line, column_name, reason, raw), one row per bad row; absent on the fast path. */
  readonly bad?: string
  /** SELECT of the keys of the bad rows, NULL where a key cannot be told: beside `bad`, of a table with a key. */
  readonly badKeys?: string
  /** Gives the temporary tables back. */
  readonly release?: () => Promise<void>
}

/** What the reader of a file needs to know. */
export function readInput(
  load: TableLoad,
  table: OpenTable,
  index: number,
  locate: (key: string) => string,
): ReadInput {
  const file = load.files[index]
  if (file === undefined) throw new Error(`Invariant broken: load has no file ${index}`)
  return {
    file,
    path: locate(file.key),
    columns: table.columns,
    keepsExtra: load.contract.columns !== 'discard',
    keys: load.disposition === 'merge' || load.disposition === 'history' ? load.primaryKey : [],
  }
}

/** Looks at the file's header, fields or metadata and maps its columns. */
export async function prepareRead(
  connection: DuckDBConnection,
  input: ReadInput,
  load: TableLoad,
  isCareful: boolean,
): Promise<FileRead> {
  const read = await readerOf(connection, input, isCareful)
  if (read.unknown.length > 0 && load.contract.columns === 'freeze') {
    throw new CaudalError({
      code: 'CAUDAL_LOAD_SCHEMA_FROZEN',
      message: `${input.file.origin}: the file has ${read.unknown.map((field) => `\`${field}\``).join(', ')}, which stream \`${load.stream}\` does not name, and its schema contract for columns is \`freeze\`. 0 rows were written; the file is kept in the lake as ${input.file.key}.`,
      hint: `Set contract.columns to 'evolve' or 'discard' for the stream, or declare the column, and run again.`,
      context: { origin: input.file.origin, fields: [...read.unknown], stream: load.stream },
    })
  }
  return read
}

async function readerOf(
  connection: DuckDBConnection,
  input: ReadInput,
  isCareful: boolean,
): Promise<FileRead> {
  if (input.file.format === 'csv') return readCsv(connection, input)
  if (input.file.format === 'parquet') return readParquet(connection, input)
  return readJson(connection, input, isCareful)
}

/** The careful path: finds the bad rows of the file, and gives a SELECT over the good ones. */
export async function separateBadRows(
  connection: DuckDBConnection,
  input: ReadInput,
  read: FileRead,
  index: number,
): Promise<Incoming> {
  try {
    if (input.file.format === 'csv') return await separateCsv(connection, input, read as CsvRead, index)
    if (input.file.format === 'ndjson') return await separateNdjson(connection, input, read, index)
    if (input.file.format === 'parquet') return await separateParquet(connection, input, read, index)
    return await separateJson(connection, input, read, index)
  } catch (error) {
    throw CaudalError.isInstance(error) ? error : unreadable(input, error)
  }
}

async function separateCsv(
  connection: DuckDBConnection,
  input: ReadInput,
  read: CsvRead,
  index: number,
): Promise<Incoming> {
  const select = await separateCsvRows(connection, input, read, index, `${index}`)
  const release = (): Promise<void> => dropSeparated(connection, `${index}`)
  return { read, select, bad: `_bad_${index}`, badKeys: separatedKeys(input, read, `${index}`), release }
}

async function separateNdjson(
  connection: DuckDBConnection,
  input: ReadInput,
  read: FileRead,
  index: number,
): Promise<Incoming> {
  await connection.run(`CREATE OR REPLACE TEMP TABLE _lines_${index} AS
    SELECT line, raw, json_valid(raw) AND json_type(CASE WHEN json_valid(raw) THEN raw ELSE '0' END) = 'OBJECT' AS is_object
    FROM ${numberedLines(input)} WHERE trim(raw) <> ''`)
  await connection.run(`CREATE OR REPLACE TEMP TABLE _bad_${index} AS
    SELECT line, NULL::VARCHAR AS column_name, 'the line is not a JSON object' AS reason, raw FROM _lines_${index} WHERE NOT is_object
    UNION ALL SELECT line, misfit.column_name, misfit.reason, raw
    FROM (SELECT line, raw, ${jsonMisfit(input, read)} AS misfit FROM _lines_${index} WHERE is_object) WHERE misfit IS NOT NULL`)
  const good = `(SELECT line, raw FROM _lines_${index} WHERE line NOT IN (SELECT line FROM _bad_${index}) ORDER BY line)`
  return {
    read,
    select: jsonFromLines(input, read, good, rankOfLine(input.file, index)),
    bad: `_bad_${index}`,
    badKeys: jsonKeys(input, read, `_bad_${index}`),
  }
}

async function separateParquet(
  connection: DuckDBConnection,
  input: ReadInput,
  read: FileRead,
  index: number,
): Promise<Incoming> {
  await connection.run(`CREATE OR REPLACE TEMP TABLE _bad_${index} AS
    SELECT line, column_name, 'the value does not fit the column''s type' AS reason, raw FROM (${parquetMisfits(input, read)})`)
  const rank = rankOfLine(input.file, index, 'file_row_number + 1')
  return {
    read,
    select: parquetGoodRows(input, read, rank),
    bad: `_bad_${index}`,
    badKeys: parquetKeys(input, read, `_bad_${index}`),
  }
}

async function separateJson(
  connection: DuckDBConnection,
  input: ReadInput,
  read: FileRead,
  index: number,
): Promise<Incoming> {
  const compression =
    input.file.compression === undefined ? '' : `, compression = ${lit(input.file.compression)}`
  await connection.run(`CREATE OR REPLACE TEMP TABLE _json_${index} AS
    SELECT row_number() OVER () AS line, json::VARCHAR AS raw FROM read_json_objects(${lit(input.path)}, format = 'auto'${compression})`)
  const lines: ReadInput = { ...input, file: { ...input.file, format: 'ndjson' } }
  await connection.run(`CREATE OR REPLACE TEMP TABLE _bad_${index} AS SELECT line, misfit.column_name, misfit.reason, raw
    FROM (SELECT line, raw, ${jsonMisfit(lines, read)} AS misfit FROM _json_${index}) WHERE misfit IS NOT NULL`)
  const good = `(SELECT line, raw FROM _json_${index} WHERE line NOT IN (SELECT line FROM _bad_${index}) ORDER BY line)`
  return {
    read,
    select: jsonFromLines(lines, read, good, rankOfLine(input.file, index)),
    bad: `_bad_${index}`,
    badKeys: jsonKeys(lines, read, `_bad_${index}`),
  }
}

/** Rows of a temporary table of bad rows. */
export async function countBad(connection: DuckDBConnection, incoming: Incoming): Promise<number> {
  return incoming.bad === undefined ? 0 : number(connection, `SELECT count(*) FROM ${incoming.bad}`)
}
