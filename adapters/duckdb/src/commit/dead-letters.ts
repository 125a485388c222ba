import type { DuckDBConnection } from '@duckdb/node-api'
import { CaudalError, formatTableName, type Load, type TableLoad } from '@caudal/spec'
import { rows } from '../rows.ts'
import { id, lit, names } from '../sql.ts'
import type { Incoming } from './incoming.ts'
import type { OpenTable } from './table.ts'

/** Bad rows before which no share is judged. */
const rowsBeforeShare = 100

/** Keeps the bad rows of a file. */
export async function keepBadRows(
  connection: DuckDBConnection,
  load: Load,
  table: TableLoad,
  incoming: Incoming,
): Promise<void> {
  if (incoming.bad === undefined) return
  await connection.run(
    insert(load, table, incoming.read.file.origin) +
      `line, column_name, reason, raw, 'open', NULL FROM ${incoming.bad}`,
  )
}

/** Moves the rows of `_incoming` without a key to the dead letters. @returns how many. */
export async function keepKeylessRows(
  connection: DuckDBConnection,
  load: Load,
  table: TableLoad,
  open: OpenTable,
): Promise<number> {
  const isKeyless = table.primaryKey.map((column) => `${id(column)} IS NULL`).join(' OR ')
  const origin = table.files.map((file) => file.origin).join(', ')
  const kept = await connection.run(
    insert(load, table, origin) +
      `rowid - (SELECT min(rowid) FROM _incoming) + 1, ${lit(table.primaryKey.join(', '))}, 'the key has no value', to_json(i)::VARCHAR, 'open', NULL
      FROM (SELECT rowid, ${names(open.columns)} FROM _incoming WHERE ${isKeyless}) i`,
  )
  const count = kept.rowsChanged
  if (count > 0) await connection.run(`DELETE FROM _incoming WHERE ${isKeyless}`)
  return count
}

/** Refuses a load of which too large a share is bad. */
export async function refuseBadShare(
  connection: DuckDBConnection,
  table: TableLoad,
  incoming: readonly Incoming[],
  good: number,
  bad: number,
): Promise<void> {
  const share = bad / Math.max(1, good + bad)
  const shareMax = table.badShareMax ?? 0.05
  if (good + bad < rowsBeforeShare || share <= shareMax) return
  const first = incoming.find((one) => one.bad !== undefined)
  const [example] =
    first === undefined ? [] : await rows(connection, `SELECT * FROM ${first.bad} ORDER BY line LIMIT 1`)
  const column = example?.['column_name'] ?? undefined
  const place = `${first?.read.file.origin ?? ''}, line ${String(example?.['line'] ?? '?')}${column === undefined ? '' : `, column ${String(column)}`}`
  throw new CaudalError({
    code: 'CAUDAL_LOAD_BAD_SHARE',
    message: `${formatTableName(table.table)}: ${bad} of ${good + bad} rows are bad (${(share * 100).toFixed(1)} %, allowed ${(shareMax * 100).toFixed(1)} %). The first: ${place}: ${String(example?.['reason'] ?? '')}. Nothing was loaded; the file is kept in the lake.`,
    hint: 'Correct the declared types or the text format of the stream, or raise badShareMax, and run again.',
    context: { table: formatTableName(table.table), good, bad, shareMax },
  })
}

/** Marks the dead letters that this load replays. */
export async function markReplayed(connection: DuckDBConnection, load: Load): Promise<void> {
  if (load.replays === undefined || load.replays.length === 0) return
  const tables = load.tables
    .map((table) => `(${lit(table.table.schema)}, ${lit(table.table.name)})`)
    .join(', ')
  await connection.run(`UPDATE _caudal.dead_letters SET status = 'replayed', replayed_by = ${lit(load.id)}
    WHERE status = 'open' AND load IN (${load.replays.map(lit).join(', ')}) AND (schema_name, table_name) IN (${tables})`)
}

function insert(load: Load, table: TableLoad, origin: string): string {
  return `INSERT INTO _caudal.dead_letters (load, source, stream, schema_name, table_name, origin, line, column_name, reason, raw, status, replayed_by)
    SELECT ${lit(load.id)}, ${lit(load.source)}, ${lit(table.stream)}, ${lit(table.table.schema)}, ${lit(table.table.name)}, ${lit(origin)}, `
}
