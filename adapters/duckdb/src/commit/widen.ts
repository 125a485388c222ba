import type { DuckDBConnection } from '@duckdb/node-api'
import {
  CaudalError,
  isSameType,
  type Column,
  type ColumnType,
  type TableLoad,
  type WrittenFormat,
} from '@caudal/spec'
import { isReadError } from '../errors.ts'
import { dropSeparated, separateCsvRows } from '../file/csv-separate.ts'
import { csvAsText, csvCell, type CsvRead } from '../file/csv.ts'
import { plain, tryCast, writtenFormat } from '../file/exact.ts'
import { jsonPath, numberedLines } from '../file/ndjson.ts'
import type { FileRead, ReadInput } from '../file/read.ts'
import { rows } from '../rows.ts'
import { lit } from '../sql.ts'
import { wider } from '../types.ts'

/**
 * Widens the sampled columns of a load in which a value of the file does not fit, to the narrowest type that holds every value. Declared
 * columns stay as they are.
 * @returns the load with wider columns, or `undefined` when nothing is to be widened.
 */
export async function widenColumns(
  connection: DuckDBConnection,
  load: TableLoad,
  input: ReadInput,
  read: FileRead,
): Promise<TableLoad | undefined> {
  if (load.isTyped || load.contract.types !== 'evolve' || input.file.format === 'parquet') return undefined
  const columns = await widenAll(connection, load, input, read)
  const isWider = columns.some(
    (column, index) => !isSameType(column.type, load.columns[index]?.type ?? column.type),
  )
  return isWider ? { ...load, columns } : undefined
}

async function widenAll(
  connection: DuckDBConnection,
  load: TableLoad,
  input: ReadInput,
  read: FileRead,
): Promise<readonly Column[]> {
  if (input.file.format !== 'csv') return widenFrom(connection, load, jsonText(input, read), input, read)
  const csv = read as CsvRead
  const expression = (column: Column): string | undefined => csvCell(csv, column)
  try {
    return await widenFrom(connection, load, { from: csvAsText(input, csv), expression }, input, read)
  } catch (error) {
    if (!isReadError(error)) throw error
  }
  await separateCsvRows(connection, input, csv, 0, 'widen')
  try {
    return await widenFrom(connection, load, { from: '_cells_widen', expression }, input, read)
  } finally {
    await dropSeparated(connection, 'widen')
  }
}

/** Where the texts of a file's columns are. */
interface TextSource {
  readonly from: string
  expression(column: Column): string | undefined
}

function jsonText(input: ReadInput, read: FileRead): TextSource {
  const lines: ReadInput = { ...input, file: { ...input.file, format: 'ndjson' } }
  return {
    from: `(SELECT raw FROM ${numberedLines(lines)} WHERE json_valid(raw))`,
    expression: (column) => {
      const field = read.fields.get(column.name)
      return field === undefined ? undefined : `json_extract_string(raw, ${lit(jsonPath(field))})`
    },
  }
}

async function widenFrom(
  connection: DuckDBConnection,
  load: TableLoad,
  source: TextSource,
  input: ReadInput,
  read: FileRead,
): Promise<readonly Column[]> {
  const columns: Column[] = []
  for (const column of load.columns) {
    const text = source.expression(column)
    const format = writtenFormat(input.file.text, read.fields.get(column.name) ?? column.name)
    const isFixed = column.isDeclared === true || column.type.kind === 'text' || column.type.kind === 'json'
    const values = `(SELECT ${text ?? 'NULL'} AS v FROM ${source.from})`
    if (text === undefined || isFixed) columns.push(column)
    else columns.push(await widen(connection, column, { values, format, input }))
  }
  return columns
}

/** The values of a column as text. */
interface ColumnText {
  /** Relation with one column `v`. */
  readonly values: string
  readonly format: WrittenFormat | undefined
  readonly input: ReadInput
}

async function widen(
  connection: DuckDBConnection,
  column: Column,
  { values, format, input }: ColumnText,
): Promise<Column> {
  const misfits = (type: ColumnType): string =>
    `count(*) FILTER (WHERE v IS NOT NULL AND (${tryCast('v', type, format)}) IS NULL)`
  const [seen] = await rows(
    connection,
    `SELECT ${misfits(column.type)} AS bad, coalesce(max(length(regexp_extract(${plain('v', format)}, '^[-+]?[0-9]+\\.([0-9]+)$', 1))), 0) AS scale,
      first(v) FILTER (WHERE contains(v, '.')) AS pointed,
      count(*) FILTER (WHERE contains(v, '.') AND NOT regexp_full_match(trim(v), '-?[1-9][0-9]{0,2}\\.[0-9]{3}')) AS clear FROM ${values}`,
  )
  if (Number(seen?.['bad'] ?? 0) === 0) return column
  const isOpen = format?.decimalSeparator === undefined && input.file.format === 'csv'
  const pointed = seen?.['pointed'] ?? undefined
  if (isOpen && pointed !== undefined && Number(seen?.['clear']) === 0)
    throw ambiguous(input, column, String(pointed))
  for (const type of wider(column.type, Number(seen?.['scale'] ?? 0))) {
    const [tried] = await rows(connection, `SELECT ${misfits(type)} AS bad FROM ${values}`)
    if (Number(tried?.['bad'] ?? 0) === 0) return { ...column, type }
  }
  return { ...column, type: { kind: 'text' } }
}

function ambiguous({ file }: ReadInput, column: Column, value: string): CaudalError {
  const field = column.field ?? column.name
  return new CaudalError({
    code: 'CAUDAL_LOAD_AMBIGUOUS',
    message: `${file.origin}, column \`${field}\`: "${value}" is ${value} (decimalSeparator: '.') or ${value.replace('.', '')} (thousandsSeparator: '.'), and no value of the column decides. Nothing was loaded; the bytes are kept in the lake as ${file.key}.`,
    hint: `Say in the stream how it is written: text: { decimalSeparator: '.' }, or { decimalSeparator: ',', thousandsSeparator: '.' }.`,
    context: { origin: file.origin, column: field, value },
  })
}
