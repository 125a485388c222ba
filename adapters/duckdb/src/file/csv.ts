import type { DuckDBConnection } from '@duckdb/node-api'
import { CaudalError, type Column } from '@caudal/spec'
import { rows } from '../rows.ts'
import { duckdbType, id, lit } from '../sql.ts'
import { isGuarded, strictCast, tryCast, writtenFormat } from './exact.ts'
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
  const from = csvReader(input, cells, (cell) => cellType(input, read, cell))
  return { ...read, strict: `SELECT ${tableColumns(input, read, castOf(input, strictCast))} FROM ${from}` }
}

/** The table's columns over cells that are all text, NULL where a value does not fit. */
export function csvColumns(input: ReadInput, read: CsvRead): string {
  return tableColumns(input, read, castAll(input, tryCast))
}

/** The value of a column in cells that are all text, and NULL where it does not fit; `undefined` when the file does not have the column. */
export function csvValue(
  input: ReadInput,
  read: CsvRead,
  column: Column,
): { text: string; value: string } | undefined {
  const text = csvCell(read, column)
  return text === undefined
    ? undefined
    : { text, value: castAll(input, tryCast)(text, column, fieldOf(read, column)) }
}

/** SQL: the cell of a column; `undefined` when the file does not have it. */
export function csvCell(read: CsvRead, column: Column): string | undefined {
  const field = read.fields.get(column.name)
  return field === undefined ? undefined : cellOf(read, field)
}

/** Every cell as text, broken rows skipped: to find out which wider type a column needs. */
export function csvAsText(input: ReadInput, read: CsvRead): string {
  return csvReader(input, read.cells, () => 'VARCHAR', ', ignore_errors = true')
}

/** Cells are read under their position, so that odd or doubled names cannot clash. */
export function cellName(index: number): string {
  return `c${index}`
}

/** The options of the engine's reader that say how the text is cut. */
export function dialectOptions({ file: { text } }: ReadInput): string {
  const quote = text?.quote ?? '"'
  const nulls = text?.nulls === undefined ? '' : `, nullstr = [${text.nulls.map(lit).join(', ')}]`
  return `delim = ${lit(text?.delimiter ?? ',')}, quote = ${lit(quote)}, escape = ${lit(quote)}, auto_detect = false, allow_quoted_nulls = false${nulls}`
}

/** The header's cells; without a header the columns in order. A cell without a name is named by its position. */
async function header(connection: DuckDBConnection, input: ReadInput): Promise<string[]> {
  if (input.file.text?.header === false) return input.columns.map((column) => column.field ?? column.name)
  const encoding = input.file.text?.encoding === 'utf-16' ? `, encoding = 'utf-16'` : ''
  const lines = await rows(
    connection,
    `SELECT raw FROM read_csv(${lit(input.path)}, columns = {'raw': 'VARCHAR'}, delim = E'\\x01', quote = '', escape = '', strict_mode = false, ignore_errors = true,
      header = false, auto_detect = false${encoding}${compressionOption(input.file)}) LIMIT 50`,
  )
  const text = lines.map((row) => String(row['raw'] ?? '')).join('\n')
  const cells = splitHeader(text, input.file.text?.delimiter ?? ',', input.file.text?.quote ?? '"')
  const named = cells.map((cell, index) => (cell.trim() === '' ? `column_${index + 1}` : cell))
  const double = named.find((cell, index) => named.indexOf(cell) !== index)
  if (double !== undefined) throw doubleName(input, double)
  return named
}

function doubleName(input: ReadInput, name: string): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_LOAD_HEADER',
    message: `${input.file.origin}, line 1: the header names \`${name}\` twice. Nothing was loaded; the bytes are kept in the lake as ${input.file.key}.`,
    hint: 'Give one of the columns another name in the file, and run again.',
    context: { origin: input.file.origin, line: 1, column: name },
  })
}

/** Splits the first record of a delimited text into cells; blank lines before it are skipped. */
function splitHeader(text: string, delimiter: string, quote: string): string[] {
  const cells: string[] = []
  let cell = ''
  let isQuoted = false
  const start = /^\uFEFF?[\r\n]*/.exec(text)?.[0].length ?? 0
  for (let index = start; index < text.length; index++) {
    const character = text.charAt(index)
    if (isQuoted) {
      if (character !== quote) cell += character
      else if (text.charAt(index + 1) === quote) cell += text.charAt(++index)
      else isQuoted = false
    } else if (character === quote && cell === '') isQuoted = true
    else if (text.startsWith(delimiter, index)) {
      cells.push(cell)
      cell = ''
      index += delimiter.length - 1
    } else if (character === '\n') break
    else cell += character
  }
  cells.push(cell.replace(/\r$/, ''))
  return cells
}

/** Whether the reader hands the column over as text, to be cast in SQL. */
function readsText(input: ReadInput, read: Pick<CsvRead, 'fields'>, column: Column): boolean {
  const { kind } = column.type
  if (isGuarded(column.type) || kind === 'bytes' || kind === 'json') return true
  const format = writtenFormat(input.file.text, fieldOf(read, column))
  return kind === 'double' && (format?.decimalSeparator === ',' || format?.thousandsSeparator !== undefined)
}

function cellType(input: ReadInput, read: Omit<CsvRead, 'strict'>, cell: string): string {
  const column = input.columns.find((candidate) => read.fields.get(candidate.name) === cell)
  return column === undefined || readsText(input, read, column) ? 'VARCHAR' : duckdbType(column.type)
}

function fieldOf(read: Pick<CsvRead, 'fields'>, column: Column): string {
  return read.fields.get(column.name) ?? column.name
}

function cellOf(read: Pick<CsvRead, 'cells'>, field: string): string {
  return id(cellName(read.cells.indexOf(field)))
}

type Cast = (cell: string, column: Column, field: string) => string

/** Casts the cells that the reader hands over as text. */
function castOf(input: ReadInput, cast: typeof strictCast): Cast {
  return (cell, column, field) => {
    const isText = readsText(input, { fields: new Map([[column.name, field]]) }, column)
    return isText ? cast(cell, column.type, writtenFormat(input.file.text, field)) : cell
  }
}

/** Casts every cell. */
function castAll(input: ReadInput, cast: typeof strictCast): Cast {
  return (cell, column, field) => cast(cell, column.type, writtenFormat(input.file.text, field))
}

function tableColumns(input: ReadInput, read: Omit<CsvRead, 'strict'>, cast: Cast): string {
  const expressions = input.columns.map((column) => {
    const field = read.fields.get(column.name)
    if (field === undefined) return `NULL::${duckdbType(column.type)} AS ${id(column.name)}`
    return `${cast(cellOf(read, field), column, field)} AS ${id(column.name)}`
  })
  const extras = input.keepsExtra
    ? read.unknown.map((field) => ({ field, expression: cellOf(read, field) }))
    : []
  return `${expressions.join(', ')}, ${extraExpression(extras)} AS _caudal_extra`
}

function csvReader(
  input: ReadInput,
  cells: readonly string[],
  typeOf: (cell: string) => string,
  more = '',
): string {
  const { text } = input.file
  const columns = cells.map((cell, index) => `${lit(cellName(index))}: ${lit(typeOf(cell))}`).join(', ')
  const encoding = text?.encoding === 'utf-16' ? `, encoding = 'utf-16'` : ''
  return `read_csv(${lit(input.path)}, columns = {${columns}}, header = ${text?.header !== false}, ${dialectOptions(input)}${encoding}${compressionOption(input.file)}${more})`
}
