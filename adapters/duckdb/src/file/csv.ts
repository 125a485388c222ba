import type { DuckDBConnection } from '@duckdb/node-api'
import type { Column } from '@caudal/spec'
import { rows } from '../rows.ts'
import { duckdbType, id, lit } from '../sql.ts'
import { isGuarded, strictCast, tryCast } from './exact.ts'
import { compressionOption, extraExpression, matchFields, type FileRead, type ReadInput } from './read.ts'

/** A delimited file with its header's cells. */
export interface CsvRead extends FileRead {
  readonly cells: readonly string[]
}

/** Prepares the read of a delimited file: looks at its header once, then maps columns by name. */
export async function readCsv(connection: DuckDBConnection, input: ReadInput): Promise<CsvRead> {
  const cells = await header(connection, input)
  const { matched, unknown } = matchFields(input.columns, cells)
  const read = { file: input.file, path: input.path, fields: matched, unknown, cells }
  const select = `SELECT ${tableColumns(input, read, strictCast)} FROM ${reader(input, read, (cell) => cellType(input, read, cell))}`
  return { ...read, strict: select }
}

/**
 * The careful read: the reader sets aside rows with too few or too many cells and values of types that it checks itself; numbers stay
 * text. Rows are numbered `_n` in order.
 */
export function csvWithRejects(input: ReadInput, read: CsvRead, suffix: string): string {
  const rejects = `, store_rejects = true, rejects_scan = 'scan_${suffix}', rejects_table = 'rejects_${suffix}', rejects_limit = 0`
  return `SELECT row_number() OVER () AS _n, * FROM ${reader(input, read, (cell) => cellType(input, read, cell), rejects)}`
}

/** The table's columns over the cells of {@link csvWithRejects}, NULL where a number does not fit. */
export function csvColumns(input: ReadInput, read: CsvRead): string {
  return tableColumns(input, read, tryCast)
}

/** SQL: name of the first column whose number does not fit; NULL when all do. */
export function csvMisfit(input: ReadInput, read: CsvRead): string {
  const whens = input.columns.flatMap((column) => {
    const field = read.fields.get(column.name)
    if (field === undefined || !readsText(column)) return []
    const cell = cellOf(read, field)
    const fits = tryCast(cell, column.type, input.file.text)
    return [`WHEN ${cell} IS NOT NULL AND ${fits} IS NULL THEN ${lit(column.name)}`]
  })
  return whens.length === 0 ? 'NULL::VARCHAR' : `CASE ${whens.join(' ')} END`
}

/** SQL: the cell of a column as text, from {@link csvAsText}; `undefined` when the file does not have it. */
export function csvCell(read: CsvRead, column: Column): string | undefined {
  const field = read.fields.get(column.name)
  return field === undefined ? undefined : cellOf(read, field)
}

/** Every cell as text, broken rows skipped: to find out which wider type a column needs. */
export function csvAsText(input: ReadInput, read: CsvRead): string {
  return reader(input, read, () => 'VARCHAR', ', ignore_errors = true')
}

/** The header's cells; without a header the columns in order. */
async function header(connection: DuckDBConnection, input: ReadInput): Promise<string[]> {
  if (input.file.text?.header === false) return input.columns.map((column) => column.field ?? column.name)
  const encoding = input.file.text?.encoding === 'utf-16' ? `, encoding = 'utf-16'` : ''
  const lines = await rows(
    connection,
    `SELECT raw FROM read_csv(${lit(input.path)}, columns = {'raw': 'VARCHAR'}, delim = E'\\x01', quote = '', escape = '',
      header = false, auto_detect = false${encoding}${compressionOption(input.file)}) LIMIT 50`,
  )
  const text = lines.map((row) => String(row['raw'] ?? '')).join('\n')
  return splitHeader(text, input.file.text?.delimiter ?? ',', input.file.text?.quote ?? '"')
}

/** Splits the first record of a delimited text into cells. */
function splitHeader(text: string, delimiter: string, quote: string): string[] {
  const cells: string[] = []
  let cell = ''
  let isQuoted = false
  for (let index = text.charCodeAt(0) === 0xfeff ? 1 : 0; index < text.length; index++) {
    const character = text.charAt(index)
    if (isQuoted) {
      if (character !== quote) cell += character
      else if (text.charAt(index + 1) === quote) cell += text.charAt(++index)
      else isQuoted = false
    } else if (character === quote && cell === '') isQuoted = true
    else if (character === delimiter) {
      cells.push(cell)
      cell = ''
    } else if (character === '\n') break
    else cell += character
  }
  cells.push(cell.replace(/\r$/, ''))
  return cells
}

/** Whether the reader hands the column over as text, to be cast in SQL. */
function readsText(column: Column): boolean {
  return isGuarded(column.type) || column.type.kind === 'bytes' || column.type.kind === 'json'
}

function cellType(input: ReadInput, read: CsvRead | Omit<CsvRead, 'strict'>, cell: string): string {
  const column = input.columns.find((candidate) => read.fields.get(candidate.name) === cell)
  return column === undefined || readsText(column) ? 'VARCHAR' : duckdbType(column.type)
}

function cellOf(read: Pick<CsvRead, 'cells'>, field: string): string {
  return id(cellName(read.cells.indexOf(field)))
}

function tableColumns(input: ReadInput, read: Omit<CsvRead, 'strict'>, cast: typeof strictCast): string {
  const expressions = input.columns.map((column) => {
    const field = read.fields.get(column.name)
    if (field === undefined) return `NULL::${duckdbType(column.type)} AS ${id(column.name)}`
    const cell = cellOf(read, field)
    return `${readsText(column) ? cast(cell, column.type, input.file.text) : cell} AS ${id(column.name)}`
  })
  const extras = input.keepsExtra
    ? read.unknown.map((field) => ({ field, expression: cellOf(read, field) }))
    : []
  return `${expressions.join(', ')}, ${extraExpression(extras)} AS _caudal_extra`
}

/** Cells are read under their position, so that odd or doubled names cannot clash. */
function cellName(index: number): string {
  return `c${index}`
}

function reader(
  input: ReadInput,
  read: Pick<CsvRead, 'cells'>,
  typeOf: (cell: string) => string,
  more = '',
): string {
  const { text } = input.file
  const columns = read.cells.map((cell, index) => `${lit(cellName(index))}: ${lit(typeOf(cell))}`).join(', ')
  const parts = [
    `columns = {${columns}}`,
    `delim = ${lit(text?.delimiter ?? ',')}`,
    `quote = ${lit(text?.quote ?? '"')}`,
    `escape = ${lit(text?.quote ?? '"')}`,
    `header = ${text?.header !== false}`,
    'auto_detect = false',
    'allow_quoted_nulls = false',
  ]
  if (text?.encoding === 'utf-16') parts.push(`encoding = 'utf-16'`)
  if (text?.decimalSeparator !== undefined) parts.push(`decimal_separator = ${lit(text.decimalSeparator)}`)
  if (text?.dateFormat !== undefined) parts.push(`dateformat = ${lit(text.dateFormat)}`)
  if (text?.timestampFormat !== undefined) parts.push(`timestampformat = ${lit(text.timestampFormat)}`)
  if (text?.nulls !== undefined) parts.push(`nullstr = [${text.nulls.map(lit).join(', ')}]`)
  return `read_csv(${lit(input.path)}, ${parts.join(', ')}${compressionOption(input.file)}${more})`
}
