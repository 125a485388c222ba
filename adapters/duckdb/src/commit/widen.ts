import type { DuckDBConnection } from '@duckdb/node-api'
import { isSameType, type Column, type TableLoad } from '@caudal/spec'
import { csvAsText, csvCell, type CsvRead } from '../file/csv.ts'
import { plain, tryCast } from '../file/exact.ts'
import { jsonPath, numberedLines } from '../file/ndjson.ts'
import type { FileRead, ReadInput } from '../file/read.ts'
import { rows } from '../rows.ts'
import { lit } from '../sql.ts'
import { wider } from '../types.ts'

/**
 * Widens the sampled columns of a load in which a value of the file does not fit, to the narrowest type that holds every value.
 * @returns the load with wider columns, or `undefined` when nothing is to be widened.
 */
export async function widenColumns(
  connection: DuckDBConnection,
  load: TableLoad,
  input: ReadInput,
  read: FileRead,
): Promise<TableLoad | undefined> {
  if (load.isTyped || load.contract.types !== 'evolve' || input.file.format === 'parquet') return undefined
  const source = textSource(input, read)
  const columns: Column[] = []
  for (const column of load.columns) {
    const text = source.expression(column)
    columns.push(text === undefined ? column : await widen(connection, column, text, source.from, input))
  }
  const isWider = columns.some(
    (column, index) => !isSameType(column.type, load.columns[index]?.type ?? column.type),
  )
  return isWider ? { ...load, columns } : undefined
}

interface TextSource {
  readonly from: string
  expression(column: Column): string | undefined
}

function textSource(input: ReadInput, read: FileRead): TextSource {
  if (input.file.format === 'csv') {
    const csv = read as CsvRead
    return { from: csvAsText(input, csv), expression: (column) => csvCell(csv, column) }
  }
  const lines: ReadInput = { ...input, file: { ...input.file, format: 'ndjson' } }
  return {
    from: `(SELECT raw FROM ${numberedLines(lines)} WHERE json_valid(raw))`,
    expression: (column) => {
      const field = read.fields.get(column.name)
      return field === undefined ? undefined : `json_extract_string(raw, ${lit(jsonPath(field))})`
    },
  }
}

async function widen(
  connection: DuckDBConnection,
  column: Column,
  text: string,
  from: string,
  input: ReadInput,
): Promise<Column> {
  const hasOwnDates =
    input.file.text?.dateFormat !== undefined || input.file.text?.timestampFormat !== undefined
  const isTime = ['date', 'timestamp', 'timestamptz'].includes(column.type.kind)
  if (column.type.kind === 'text' || column.type.kind === 'json') return column
  if (isTime && hasOwnDates) return column
  const misfits = (type: Column['type']): string =>
    `count(*) FILTER (WHERE v IS NOT NULL AND ${tryCast('v', type, input.file.text)} IS NULL)`
  const [seen] = await rows(
    connection,
    `SELECT ${misfits(column.type)} AS bad, coalesce(max(length(regexp_extract(${plain('v', input.file.text)}, '^[-+]?[0-9]+\\.([0-9]+)$', 1))), 0) AS scale
      FROM (SELECT ${text} AS v FROM ${from})`,
  )
  if (Number(seen?.['bad'] ?? 0) === 0) return column
  for (const type of wider(column.type, Number(seen?.['scale'] ?? 0))) {
    const [tried] = await rows(
      connection,
      `SELECT ${misfits(type)} AS bad FROM (SELECT ${text} AS v FROM ${from})`,
    )
    if (Number(tried?.['bad'] ?? 0) === 0) return { ...column, type }
  }
  return { ...column, type: { kind: 'text' } }
}
