import { CaudalError, normaliseName, type Column, type StagedFile } from '@caudal/spec'
import { id, lit } from '../sql.ts'

/** How a staged file is read: the columns of the table in order, then `_caudal_extra`, and for files with operations `_caudal_operation`. */
export interface FileRead {
  readonly file: StagedFile
  readonly path: string
  /** SELECT that fails on the first value that does not fit. */
  readonly strict: string
  /** What the file calls each column; absent columns are not in the file. */
  readonly fields: ReadonlyMap<string, string>
  /** Top-level fields or header cells that the table does not name. */
  readonly unknown: readonly string[]
}

/** What a reader of one format needs to know. */
export interface ReadInput {
  readonly file: StagedFile
  readonly path: string
  readonly columns: readonly Column[]
  /** Whether unknown fields go to `_caudal_extra`. */
  readonly keepsExtra: boolean
  /** Columns without which a row is no row: those of the key, where rows go by it. */
  readonly keys: readonly string[]
}

/** The columns of the key. */
export function keyColumns({ columns, keys }: ReadInput): readonly Column[] {
  return columns.filter(({ name }) => keys.includes(name))
}

/** The name of the field that a column is filled from. */
function fieldOf(column: Column): string {
  return column.field ?? column.name
}

/** Finds for each column the field of the file that fills it: by field name, else by normalised name. */
export function matchFields(
  columns: readonly Column[],
  fields: readonly string[],
): { matched: Map<string, string>; unknown: string[] } {
  const byName = new Map(fields.map((field) => [normaliseName(field), field]))
  const matched = new Map<string, string>()
  for (const column of columns) {
    const exact = fields.find((field) => field === fieldOf(column))
    const field = exact ?? byName.get(column.name)
    if (field !== undefined) matched.set(column.name, field)
  }
  const used = new Set(matched.values())
  return { matched, unknown: fields.filter((field) => !used.has(field) && field !== operationField) }
}

/** Why a row is set aside whose key has no value in the file: the text is kept as it came. */
export const keyMissing = 'the column of the key has no value'

/** The reserved field that tells what happens to a row's key. */
export const operationField = '_caudal_operation'

/** JSON object of the unknown fields that have a value; NULL when none has. */
export function extraExpression(unknown: readonly { field: string; expression: string }[]): string {
  if (unknown.length === 0) return 'NULL::JSON'
  const members = unknown.map(
    ({ field, expression }) => `${lit(`${JSON.stringify(field)}:`)} || to_json(${expression})`,
  )
  const allNull = unknown.map(({ expression }) => `${expression} IS NULL`).join(' AND ')
  return `CASE WHEN ${allNull} THEN NULL ELSE ('{' || concat_ws(',', ${members.join(', ')}) || '}')::JSON END`
}

/** The `compression = …` option of a reader. */
export function compressionOption(file: StagedFile): string {
  return file.compression === undefined ? '' : `, compression = ${lit(file.compression)}`
}

/** The operation column of the SELECT, when the file has one. */
export function operationExpression(file: StagedFile): string {
  return file.hasOperations === true
    ? `, coalesce(${id(operationField)}, 'upsert') AS ${id(operationField)}`
    : ''
}

/** The error for a file that no reader understands. */
export function unreadable(read: { readonly file: StagedFile }, error: unknown): CaudalError {
  const text = error instanceof Error ? error.message : String(error)
  const line = /line:? (\d+)/i.exec(text)?.[1]
  const first = text.split('\n').find((part) => part.trim() !== '') ?? text
  return new CaudalError({
    code: 'CAUDAL_LOAD_UNREADABLE',
    message: `${read.file.origin}${line === undefined ? '' : `, line ${line}`}: the file cannot be read as ${read.file.format}: ${first}. Nothing was loaded; the bytes are kept in the lake as ${read.file.key}.`,
    hint: 'Check the format, delimiter and encoding that the stream declares, or mend the file and run again.',
    context: {
      origin: read.file.origin,
      key: read.file.key,
      ...(line === undefined ? {} : { line: Number(line) }),
    },
    cause: error,
  })
}
