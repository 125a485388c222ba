import type { DuckDBConnection } from '@duckdb/node-api'
import { CaudalError, type TableLoad } from '@caudal/spec'
import { csvColumns, csvMisfit, csvWithRejects, readCsv, type CsvRead } from '../file/csv.ts'
import { jsonFromLines, misfit, numberedLines, readJson } from '../file/ndjson.ts'
import { parquetGoodRows, parquetMisfits, readParquet } from '../file/parquet.ts'
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
    throw unreadable(input, error)
  }
}

async function separateCsv(
  connection: DuckDBConnection,
  input: ReadInput,
  read: CsvRead,
  index: number,
): Promise<Incoming> {
  const suffix = `${index}`
  await connection.run(`DROP TABLE IF EXISTS rejects_${suffix}`)
  await connection.run(`DROP TABLE IF EXISTS scan_${suffix}`)
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE _cells_${suffix} AS ${csvWithRejects(input, read, suffix)}`,
  )
  const columnOf = read.cells.map((cell, position) => {
    const name = [...read.fields].find(([, field]) => field === cell)?.[0] ?? cell
    return `WHEN ${lit(`c${position}`)} THEN ${lit(name)}`
  })
  await connection.run(`CREATE OR REPLACE TEMP TABLE _bad_${suffix} AS
    SELECT line, any_value(CASE column_name ${columnOf.join(' ')} END) AS column_name, first(${csvReason}) AS reason, first(csv_line) AS raw
    FROM (SELECT * FROM rejects_${suffix} ORDER BY line, column_idx) GROUP BY line`)
  await numberCsvRows(connection, input, suffix)
  await connection.run(`INSERT INTO _bad_${suffix} SELECT line, ${csvMisfit(input, read)} AS column_name, 'the value does not fit the column''s type', coalesce(raw, ${csvText(input, read)})
    FROM _cells_${suffix} JOIN _lines_${suffix} USING (_n) WHERE column_name IS NOT NULL`)
  const hasHeader = input.file.text?.header !== false
  const rank = rankOfLine(
    input.file,
    index,
    hasHeader && input.file.lines !== undefined ? 'line - 1' : 'line',
  )
  const good = `SELECT ${csvColumns(input, read)}, ${rank} AS _caudal_row FROM _cells_${suffix} JOIN _lines_${suffix} USING (_n)
    WHERE ${csvMisfit(input, read)} IS NULL ORDER BY _n`
  return { read, select: good, bad: `_bad_${suffix}` }
}

/**
 * Gives each accepted row its line and its text. The reader does not tell the line of a row that it accepted: it is found by counting, which
 * is exact unless quoted cells hold line breaks; then the line is the row's number among the accepted ones, and there is no text.
 */
async function numberCsvRows(connection: DuckDBConnection, input: ReadInput, suffix: string): Promise<void> {
  const first = input.file.text?.header === false ? 0 : 1
  await connection.run(`CREATE OR REPLACE TEMP TABLE _lines_${suffix} AS SELECT line, raw, row_number() OVER (ORDER BY line) AS _n FROM ${numberedLines(input)}
    WHERE line > ${first} AND trim(raw) <> '' AND line NOT IN (SELECT line FROM rejects_${suffix})`)
  const isExact = await number(
    connection,
    `SELECT (SELECT count(*) FROM _lines_${suffix}) = (SELECT count(*) FROM _cells_${suffix})`,
  )
  if (isExact === 1) return
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE _lines_${suffix} AS SELECT _n + ${first} AS line, NULL::VARCHAR AS raw, _n FROM _cells_${suffix}`,
  )
}

/** SQL: the row as the delimited text that it was read from, every cell quoted. */
function csvText(input: ReadInput, read: CsvRead): string {
  const { quote = '"', delimiter = ',' } = input.file.text ?? {}
  const cells = read.cells.map((_, position) => {
    const doubled = `replace(c${position}::VARCHAR, ${lit(quote)}, ${lit(quote + quote)})`
    return `coalesce(${lit(quote)} || ${doubled} || ${lit(quote)}, '')`
  })
  return cells.join(` || ${lit(delimiter)} || `)
}

/** The engine's reasons in the words of the user. */
const csvReason = `CASE error_type
  WHEN 'MISSING COLUMNS' THEN 'the row has too few columns: ' || lower(error_message)
  WHEN 'TOO MANY COLUMNS' THEN 'the row has too many columns: ' || lower(error_message)
  WHEN 'CAST' THEN regexp_replace(error_message, '^Error when converting column "[^"]*"\\. Could not convert string ', 'cannot read ')
  ELSE lower(error_message) END`

async function separateNdjson(
  connection: DuckDBConnection,
  input: ReadInput,
  read: FileRead,
  index: number,
): Promise<Incoming> {
  const checks = input.columns.flatMap((column) => {
    const field = read.fields.get(column.name)
    return field === undefined || column.type.kind === 'text' ? [] : [{ column, when: misfit(field, column) }]
  })
  const misfits = checks.map(({ column, when }) => `WHEN ${when} THEN ${lit(column.name)}`).join(' ')
  const columnCase = misfits === '' ? 'NULL' : `CASE ${misfits} END`
  await connection.run(`CREATE OR REPLACE TEMP TABLE _lines_${index} AS
    SELECT line, raw, json_valid(raw) AND json_type(CASE WHEN json_valid(raw) THEN raw ELSE '0' END) = 'OBJECT' AS is_object
    FROM ${numberedLines(input)} WHERE trim(raw) <> ''`)
  await connection.run(`CREATE OR REPLACE TEMP TABLE _bad_${index} AS
    SELECT line, NULL::VARCHAR AS column_name, 'the line is not a JSON object' AS reason, raw FROM _lines_${index} WHERE NOT is_object
    UNION ALL SELECT line, column_name, 'the value does not fit the column''s type' AS reason, raw
    FROM (SELECT line, raw, ${columnCase} AS column_name FROM _lines_${index} WHERE is_object) WHERE column_name IS NOT NULL`)
  const good = `(SELECT line, raw FROM _lines_${index} WHERE line NOT IN (SELECT line FROM _bad_${index}) ORDER BY line)`
  return {
    read,
    select: jsonFromLines(input, read, good, rankOfLine(input.file, index)),
    bad: `_bad_${index}`,
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
  return { read, select: parquetGoodRows(input, read, rank), bad: `_bad_${index}` }
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
  const checks = lines.columns.flatMap((column) => {
    const field = read.fields.get(column.name)
    return field === undefined || column.type.kind === 'text'
      ? []
      : [`WHEN ${misfit(field, column)} THEN ${lit(column.name)}`]
  })
  const columnCase = checks.length === 0 ? 'NULL' : `CASE ${checks.join(' ')} END`
  await connection.run(`CREATE OR REPLACE TEMP TABLE _bad_${index} AS SELECT line, column_name, 'the value does not fit the column''s type' AS reason, raw
    FROM (SELECT line, raw, ${columnCase} AS column_name FROM _json_${index}) WHERE column_name IS NOT NULL`)
  const good = `(SELECT line, raw FROM _json_${index} WHERE line NOT IN (SELECT line FROM _bad_${index}) ORDER BY line)`
  return {
    read,
    select: jsonFromLines(lines, read, good, rankOfLine(input.file, index)),
    bad: `_bad_${index}`,
  }
}

/** Rows of a temporary table of bad rows. */
export async function countBad(connection: DuckDBConnection, incoming: Incoming): Promise<number> {
  return incoming.bad === undefined ? 0 : number(connection, `SELECT count(*) FROM ${incoming.bad}`)
}
