import type { DuckDBConnection } from '@duckdb/node-api'
import type { Column } from '@caudal/spec'
import { rows } from '../rows.ts'
import { duckdbType, id, lit } from '../sql.ts'
import { complaintAbout, isGuarded, strictCast, tryCast } from './exact.ts'
import {
  compressionOption,
  extraExpression,
  keyColumns,
  keyMissing,
  matchFields,
  operationExpression,
  operationField,
  type FileRead,
  type ReadInput,
} from './read.ts'

/** Prepares the read of newline-delimited JSON, or of one JSON array or object. */
export async function readJson(
  connection: DuckDBConnection,
  input: ReadInput,
  isCareful: boolean,
): Promise<FileRead> {
  const present = input.file.fields ?? (await topLevelFields(connection, input, isCareful))
  const { matched, unknown } = matchFields(input.columns, present)
  const kept = input.keepsExtra ? unknown : []
  const types = [
    ...input.columns.flatMap((column) => {
      const field = matched.get(column.name)
      return field === undefined ? [] : [`${lit(field)}: ${lit(readerType(column))}`]
    }),
    ...kept.map((field) => `${lit(field)}: 'JSON'`),
    ...(input.file.hasOperations === true ? [`${lit(operationField)}: 'VARCHAR'`] : []),
  ]
  const expressions = input.columns.map((column) => {
    const field = matched.get(column.name)
    if (field === undefined) return `NULL::${duckdbType(column.type)} AS ${id(column.name)}`
    const value = readsText(column) ? strictCast(id(field), column.type) : id(field)
    return `${value} AS ${id(column.name)}`
  })
  const extra = extraExpression(kept.map((field) => ({ field, expression: id(field) })))
  const from =
    types.length === 0
      ? `read_json_objects(${lit(input.path)}, ${jsonOptions(input)})`
      : `read_json(${lit(input.path)}, columns = {${types.join(', ')}}, ${jsonOptions(input)})`
  return {
    file: input.file,
    path: input.path,
    fields: matched,
    unknown,
    strict: `SELECT ${expressions.join(', ')}, ${extra} AS _caudal_extra${operationExpression(input.file)} FROM ${from}`,
  }
}

/** Every line as text with its 1-based number, blank lines left out. */
export function numberedLines(input: ReadInput): string {
  return `(SELECT row_number() OVER () AS line, raw FROM read_csv(${lit(input.path)}, columns = {'raw': 'VARCHAR'}, delim = E'\\x01', quote = '',
    escape = '', header = false, auto_detect = false, null_padding = true, strict_mode = false, max_line_size = 16777216, buffer_size = 33554432${compressionOption(input.file)}))`
}

/** The same read over numbered lines of text that are known to be good, with the rank of each. */
export function jsonFromLines(input: ReadInput, read: FileRead, lines: string, rank: string): string {
  const kept = input.keepsExtra ? read.unknown : []
  const structure = {
    ...Object.fromEntries(
      input.columns.flatMap((column) => {
        const field = read.fields.get(column.name)
        return field === undefined ? [] : [[field, readerType(column)]]
      }),
    ),
    ...Object.fromEntries(kept.map((field) => [field, 'JSON'])),
    ...(input.file.hasOperations === true ? { [operationField]: 'VARCHAR' } : {}),
  }
  // The engine refuses a structure without fields, as of a file in which no line is an object.
  const shape = JSON.stringify(Object.keys(structure).length === 0 ? { id: 'JSON' } : structure)
  const expressions = input.columns.map((column) => {
    const field = read.fields.get(column.name)
    if (field === undefined) return `NULL::${duckdbType(column.type)} AS ${id(column.name)}`
    const value = readsText(column) ? strictCast(`r.${id(field)}`, column.type) : `r.${id(field)}`
    return `${value} AS ${id(column.name)}`
  })
  const extra = extraExpression(kept.map((field) => ({ field, expression: `r.${id(field)}` })))
  const operation =
    input.file.hasOperations === true
      ? `, coalesce(r.${id(operationField)}, 'upsert') AS ${id(operationField)}`
      : ''
  return `SELECT ${expressions.join(', ')}, ${extra} AS _caudal_extra${operation}, ${rank} AS _caudal_row
    FROM (SELECT line, json_transform(raw, ${lit(shape)}) AS r FROM ${lines})`
}

/** SQL over lines of JSON objects: the first column whose value does not fit or is missing in the key, and why; NULL when all do. */
export function jsonMisfit(input: ReadInput, read: FileRead): string {
  const whens = input.columns.flatMap((column) => {
    const field = read.fields.get(column.name)
    const text = field === undefined ? 'NULL::VARCHAR' : `json_extract_string(raw, ${lit(jsonPath(field))})`
    const name = lit(column.name)
    const isKey = input.keys.includes(column.name)
    const missing = isKey
      ? [`WHEN ${text} IS NULL THEN {'column_name': ${name}, 'reason': ${lit(keyMissing)}}`]
      : []
    if (field === undefined || column.type.kind === 'text') return missing
    return [
      ...missing,
      `WHEN ${text} IS NOT NULL AND (${tryCast(text, column.type)}) IS NULL THEN {'column_name': ${name}, 'reason': ${complaintAbout(text, column.type)}}`,
    ]
  })
  return whens.length === 0
    ? 'NULL::STRUCT(column_name VARCHAR, reason VARCHAR)'
    : `CASE ${whens.join(' ')} END`
}

/** SELECT of the keys of lines of JSON objects; NULL where the line is none, or the value does not fit. @param lines table with `raw` */
export function jsonKeys(input: ReadInput, read: FileRead, lines: string): string {
  const values = keyColumns(input).map((column) => {
    const field = read.fields.get(column.name)
    const text = field === undefined ? undefined : `json_extract_string(raw, ${lit(jsonPath(field))})`
    return `${text === undefined ? 'NULL' : tryCast(text, column.type)} AS ${id(column.name)}`
  })
  return `SELECT ${values.join(', ')} FROM (SELECT CASE WHEN json_valid(raw) THEN raw ELSE '{}' END AS raw FROM ${lines})`
}

/** Path of a top-level field. */
export function jsonPath(field: string): string {
  return `$."${field.replaceAll('"', '\\"')}"`
}

function readerType(column: Column): string {
  return readsText(column) ? 'VARCHAR' : duckdbType(column.type)
}

/** Whether the reader hands the column over as text, to be cast in SQL. */
function readsText(column: Column): boolean {
  return isGuarded(column.type) || column.type.kind === 'bytes'
}

function jsonOptions(input: ReadInput): string {
  const format = input.file.format === 'ndjson' ? 'newline_delimited' : 'auto'
  return `format = ${lit(format)}${compressionOption(input.file)}`
}

async function topLevelFields(
  connection: DuckDBConnection,
  input: ReadInput,
  isCareful: boolean,
): Promise<string[]> {
  const byLine = `(SELECT CASE WHEN json_valid(raw) THEN raw::JSON END AS json FROM ${numberedLines(input)})`
  const objects = `read_json_objects(${lit(input.path)}, ${jsonOptions(input)})`
  const found = await rows(
    connection,
    `SELECT DISTINCT unnest(keys) AS field FROM (SELECT DISTINCT json_keys(json) AS keys
      FROM ${isCareful && input.file.format === 'ndjson' ? byLine : objects} WHERE json_type(json) = 'OBJECT')`,
  )
  return found.map((row) => String(row['field']))
}
