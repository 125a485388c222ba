import type { DuckDBConnection } from '@duckdb/node-api'
import {
  CaudalError,
  formatColumnType,
  formatTableName,
  isSameType,
  type Column,
  type FlushTable,
} from '@caudal/spec'
import { openTable, type OpenTable } from '../commit/table.ts'
import { number, rows } from '../rows.ts'
import { lit } from '../sql.ts'

/** Opens the table of a flush: creates it, or adds the columns that it lacks. The types of its columns stay. */
export async function openFlushTable(connection: DuckDBConnection, flush: FlushTable): Promise<OpenTable> {
  const { table, columns } = flush
  const name = `schema_name = ${lit(table.schema)} AND table_name = ${lit(table.name)}`
  const [stored] = await rows(connection, `SELECT generation, columns FROM _caudal.tables WHERE ${name}`)
  const known = stored === undefined ? [] : (JSON.parse(String(stored['columns'])) as Column[])
  const generation = Number(stored?.['generation'] ?? 0)
  const isKnown = columns.every((column) => {
    const before = known.find((one) => one.name === column.name)
    if (before !== undefined && !isSameType(before.type, column.type)) throw otherType(flush, before, column)
    return before !== undefined
  })
  if (isKnown && stored !== undefined)
    return { table, work: table, columns: known, generation, changes: [], isNew: false }
  if (stored === undefined && (await isForeign(connection, flush))) throw foreign(flush)
  return openTable(connection, {
    table,
    stream: table.name,
    generation,
    columns,
    isTyped: true,
    disposition: flush.key.length === 0 ? 'append' : 'merge',
    primaryKey: flush.key,
    deletes: 'none',
    contract: { columns: 'evolve', types: 'freeze' },
    files: [],
    filtered: 0,
  })
}

/** Whether there is a relation of that name which no load made. */
async function isForeign(connection: DuckDBConnection, { table }: FlushTable): Promise<boolean> {
  const found = `SELECT count(*) FROM information_schema.tables WHERE table_schema = ${lit(table.schema)} AND table_name = ${lit(table.name)}`
  return (await number(connection, found)) > 0
}

function otherType({ table }: FlushTable, before: Column, now: Column): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_FLUSH_TABLE',
    message: `${formatTableName(table)}.${now.name} is ${formatColumnType(before.type)}, and the pipeline gives ${formatColumnType(now.type)}. Nothing was written; the events stay in the log.`,
    hint: 'Put them into a column or table of another name, or reset the pipeline to build the table anew from the log.',
    context: { table: formatTableName(table), column: now.name },
  })
}

function foreign({ table }: FlushTable): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_FLUSH_TABLE',
    message: `${formatTableName(table)} is a table that no pipeline or source of Caudal filled. Nothing was written; the events stay in the log.`,
    hint: 'Name another table in `into`.',
    context: { table: formatTableName(table) },
  })
}
