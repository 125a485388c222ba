import type { DuckDBConnection } from '@duckdb/node-api'
import {
  CaudalError,
  formatTableName,
  keylessReason,
  type Load,
  type TableLoad,
  type TableName,
} from '@caudal/spec'
import { rows } from '../rows.ts'
import { id, lit } from '../sql.ts'
import type { Incoming } from './incoming.ts'
import { lineOfRank, rankOfLine, rowRank, type Rank } from './rank.ts'
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
  const { file } = incoming.read
  const isKnown = file.lines === undefined || file.format === 'csv'
  const line = isKnown ? 'line' : lineOfRank(rankOfLine(file, 0))
  await connection.run(
    insert(load, table, file.origin) + `${line}, column_name, reason, raw, 'open', NULL FROM ${incoming.bad}`,
  )
}

/** Moves the rows of `_incoming` without a key to the dead letters. @returns how many. */
export async function keepKeylessRows(
  connection: DuckDBConnection,
  load: Load,
  table: TableLoad,
  open: OpenTable,
  rank: Rank,
): Promise<number> {
  const isKeyless = table.primaryKey.map((column) => `${id(column)} IS NULL`).join(' OR ')
  const origin = table.files.map((file) => file.origin).join(', ')
  const fields = open.columns.map((column) => `${lit(column.field ?? column.name)}, ${id(column.name)}`)
  const own = `json_object(${fields.join(', ')})::VARCHAR`
  const raw = `CASE WHEN _caudal_extra IS NULL THEN ${own} ELSE left(${own}, -1) || ',' || substr(_caudal_extra::VARCHAR, 2) END`
  const kept = await connection.run(
    insert(load, table, origin) +
      `${lineOfRank(rowRank(rank))}, ${lit(table.primaryKey.join(', '))}, ${lit(keylessReason)}, ${raw}, 'open', NULL
      FROM _incoming WHERE ${isKeyless}`,
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

/** Marks the dead letters that this load replays. @returns `false` when none of them is open any more. */
export async function markReplayed(connection: DuckDBConnection, load: Load): Promise<boolean> {
  if (load.replays === undefined || load.replays.length === 0) return true
  const tables = load.tables
    .map((table) => `(${lit(table.table.schema)}, ${lit(table.table.name)})`)
    .join(', ')
  const marked =
    await connection.run(`UPDATE _caudal.dead_letters SET status = 'replayed', replayed_by = ${lit(load.id)}
    WHERE status = 'open' AND load IN (${load.replays.map(lit).join(', ')}) AND (schema_name, table_name) IN (${tables})`)
  return marked.rowsChanged > 0
}

/** Discards the open dead letters of a table that came before a load: what replaces the table has their records again. */
export async function discardBefore(
  connection: DuckDBConnection,
  table: TableName,
  load: string,
): Promise<void> {
  await connection.run(`UPDATE _caudal.dead_letters SET status = 'discarded' WHERE status = 'open'
    AND schema_name = ${lit(table.schema)} AND table_name = ${lit(table.name)} AND load < ${lit(load)}`)
}

function insert(load: Load, table: TableLoad, origin: string): string {
  return `INSERT INTO _caudal.dead_letters (load, source, stream, schema_name, table_name, origin, line, column_name, reason, raw, status, replayed_by)
    SELECT ${lit(table.rank ?? load.id)}, ${lit(load.source)}, ${lit(table.stream)}, ${lit(table.table.schema)}, ${lit(table.table.name)}, ${lit(origin)}, `
}
