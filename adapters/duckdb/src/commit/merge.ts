import type { DuckDBConnection } from '@duckdb/node-api'
import type { TableLoad } from '@caudal/spec'
import { rows } from '../rows.ts'
import { id, lit, names, relation } from '../sql.ts'
import { keyText, sameKey, tombstoneBeats } from './compare.ts'
import { rowRank, type Rank } from './rank.ts'
import { applyDeletes, bury, hasTombstones, isBuried, removeBeaten } from './tombstones.ts'
import type { OpenTable } from './table.ts'

/** Where the records of a merge went. */
export interface MergeCounts {
  inserted: number
  updated: number
  unchanged: number
  superseded: number
  deleted: number
}

/**
 * Merges the temporary table `_incoming` (columns, `_caudal_extra`, `_caudal_operation` when there is one) by key. The newest wins:
 * larger order value, then later load, then later row, whatever the order in which loads arrive.
 */
export async function merge(
  connection: DuckDBConnection,
  load: TableLoad,
  table: OpenTable,
  rank: Rank,
  hasOperations: boolean,
): Promise<MergeCounts> {
  const counts: MergeCounts = { inserted: 0, updated: 0, unchanged: 0, superseded: 0, deleted: 0 }
  await chooseWinners(connection, load, rank, hasOperations)
  const target = relation(table.work)
  if (hasOperations) Object.assign(counts, await applyDeletes(connection, load, table, rank))
  const tombstones = await hasTombstones(connection, table.work)
  const canBeMarked = tombstones && load.deletes === 'soft flag'
  await connection.run(`CREATE OR REPLACE TEMP TABLE _verdict AS
    SELECT w.rowid AS winner, t.rowid AS target, CASE
      ${tombstones ? `WHEN ${isBuried(load, table, 'w', rank.load)} THEN 'buried'` : ''}
      WHEN t.rowid IS NULL THEN 'inserted'
      WHEN NOT (${isNewer(load, rank.load)}) THEN 'superseded'
      WHEN ${isSame(table)}${canBeMarked ? ' AND t._caudal_deleted_at IS NULL' : ''} THEN 'unchanged'
      ELSE 'updated' END AS verdict
    FROM _winners w LEFT JOIN ${target} t ON ${sameKey(load, 'w', 't')}`)
  for (const row of await rows(connection, `SELECT verdict, count(*) AS n FROM _verdict GROUP BY verdict`)) {
    const verdict = String(row['verdict'])
    if (verdict === 'buried') counts.superseded += Number(row['n'])
    else counts[verdict as keyof MergeCounts] += Number(row['n'])
  }
  if (tombstones) await bury(connection, load, table, rank.load)
  await apply(connection, table, rank.load)
  // A record that a deletion buried has left its order value: what is in the table and older goes too.
  if (tombstones) await removeBeaten(connection, load, table)
  const [all] = await rows(
    connection,
    `SELECT (SELECT count(*) FROM _incoming ${hasOperations ? `WHERE _caudal_operation <> 'delete'` : ''}) - (SELECT count(*) FROM _winners) AS n`,
  )
  counts.superseded += Number(all?.['n'] ?? 0)
  if (canBeMarked) await markDeleted(connection, load, table)
  return counts
}

async function chooseWinners(
  connection: DuckDBConnection,
  load: TableLoad,
  rank: Rank,
  hasOperations: boolean,
): Promise<void> {
  const keys = load.primaryKey.map(id).join(', ')
  const order = load.order === undefined ? '' : `${id(load.order)} DESC NULLS LAST, `
  const where = hasOperations ? `WHERE _caudal_operation <> 'delete'` : ''
  await connection.run(`CREATE OR REPLACE TEMP TABLE _winners AS SELECT *${rank.isExplicit ? '' : `, ${rowRank(rank)} AS _caudal_row`} FROM _incoming ${where}
    QUALIFY row_number() OVER (PARTITION BY ${keys} ORDER BY ${order}rowid DESC) = 1`)
}

async function apply(connection: DuckDBConnection, table: OpenTable, loadId: string): Promise<void> {
  const target = relation(table.work)
  await connection.run(
    `DELETE FROM ${target} WHERE rowid IN (SELECT target FROM _verdict WHERE verdict = 'updated')`,
  )
  await connection.run(`UPDATE ${target} SET _caudal_load = ${loadId}, _caudal_row = u.source_row
    FROM (SELECT v.target, w._caudal_row AS source_row FROM _verdict v JOIN _winners w ON w.rowid = v.winner WHERE v.verdict = 'unchanged') u
    WHERE ${target}.rowid = u.target`)
  const columns = `${names(table.columns)}, _caudal_extra`
  await connection.run(`INSERT INTO ${target} (${columns}, _caudal_load, _caudal_row)
    SELECT ${names(table.columns, 'w')}, w._caudal_extra, ${loadId}, w._caudal_row
    FROM _verdict v JOIN _winners w ON w.rowid = v.winner WHERE v.verdict IN ('inserted', 'updated')`)
}

async function markDeleted(connection: DuckDBConnection, load: TableLoad, table: OpenTable): Promise<void> {
  const target = relation(table.work)
  await connection.run(`UPDATE ${target} SET _caudal_deleted_at = d.deleted_at FROM (
      SELECT t.rowid AS target, max(make_timestamptz(s.load::BIGINT)) AS deleted_at
      FROM ${target} t JOIN _caudal.tombstones s ON s.schema_name = ${lit(table.work.schema)} AND s.table_name = ${lit(table.work.name)}
        AND s.key = ${keyText(load, 't')} WHERE ${tombstoneBeats(load, 's', 't')} GROUP BY ALL) d
    WHERE ${target}.rowid = d.target`)
}

function isNewer(load: TableLoad, loadId: string): string {
  const later = `(${loadId} > t._caudal_load OR (${loadId} = t._caudal_load AND w._caudal_row > t._caudal_row))`
  if (load.order === undefined) return later
  const order = id(load.order)
  return `CASE WHEN w.${order} IS NOT DISTINCT FROM t.${order} THEN ${later}
    WHEN w.${order} IS NULL THEN false WHEN t.${order} IS NULL THEN true ELSE w.${order} > t.${order} END`
}

function isSame(table: OpenTable): string {
  return [...table.columns.map((column) => id(column.name)), '_caudal_extra']
    .map((name) => `w.${name} IS NOT DISTINCT FROM t.${name}`)
    .join(' AND ')
}
