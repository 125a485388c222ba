import type { DuckDBConnection } from '@duckdb/node-api'
import { rows } from '../rows.ts'
import { duckdbType, id, lit } from '../sql.ts'
import { extraExpression, keyColumns, matchFields, type FileRead, type ReadInput } from './read.ts'

/** Prepares the read of a Parquet file: columns by name, cast to the table's types. */
export async function readParquet(connection: DuckDBConnection, input: ReadInput): Promise<FileRead> {
  const described = await rows(connection, `DESCRIBE SELECT * FROM read_parquet(${lit(input.path)})`)
  const present = described.map((row) => String(row['column_name']))
  const { matched, unknown } = matchFields(input.columns, present)
  return {
    file: input.file,
    path: input.path,
    fields: matched,
    unknown,
    strict: parquetSelect(input, { matched, unknown }, 'CAST'),
  }
}

/** Rows in which a column's value does not fit, as JSON with the row's number and the column. */
export function parquetMisfits(input: ReadInput, read: FileRead): string {
  const checks = input.columns.flatMap((column) => {
    const field = read.fields.get(column.name)
    if (field === undefined) return []
    const type = duckdbType(column.type)
    return [
      `WHEN ${id(field)} IS NOT NULL AND TRY_CAST(${id(field)} AS ${type}) IS NULL THEN ${lit(column.name)}`,
    ]
  })
  return `SELECT file_row_number + 1 AS line, bad AS column_name, raw FROM (SELECT file_row_number, CASE ${checks.join(' ')} END AS bad, to_json(p) AS raw
    FROM read_parquet(${lit(input.path)}, file_row_number = true) p) WHERE bad IS NOT NULL`
}

/** SELECT of the keys of the rows that {@link parquetMisfits} finds; NULL where the value does not fit. @param bad table with `line` */
export function parquetKeys(input: ReadInput, read: FileRead, bad: string): string {
  const values = keyColumns(input).map((column) => {
    const field = read.fields.get(column.name)
    return `${field === undefined ? 'NULL' : `TRY_CAST(${id(field)} AS ${duckdbType(column.type)})`} AS ${id(column.name)}`
  })
  return `SELECT ${values.join(', ')} FROM read_parquet(${lit(input.path)}, file_row_number = true) WHERE file_row_number + 1 IN (SELECT line FROM ${bad})`
}

/** The read without the rows that {@link parquetMisfits} finds, with the rank of each. */
export function parquetGoodRows(input: ReadInput, read: FileRead, rank: string): string {
  return `${parquetSelect(input, { matched: read.fields, unknown: read.unknown }, 'TRY_CAST', `, ${rank} AS _caudal_row`)}
    WHERE file_row_number + 1 NOT IN (SELECT line FROM (${parquetMisfits(input, read)}))`
}

function parquetSelect(
  input: ReadInput,
  fields: { matched: ReadonlyMap<string, string>; unknown: readonly string[] },
  mode: 'CAST' | 'TRY_CAST',
  more = '',
): string {
  const expressions = input.columns.map((column) => {
    const field = fields.matched.get(column.name)
    const type = duckdbType(column.type)
    return field === undefined
      ? `NULL::${type} AS ${id(column.name)}`
      : `${mode}(${id(field)} AS ${type}) AS ${id(column.name)}`
  })
  const extras = input.keepsExtra
    ? fields.unknown.map((field) => ({ field, expression: `to_json(${id(field)})` }))
    : []
  const option = mode === 'TRY_CAST' ? ', file_row_number = true' : ''
  return `SELECT ${expressions.join(', ')}, ${extraExpression(extras)} AS _caudal_extra${more} FROM read_parquet(${lit(input.path)}${option})`
}
