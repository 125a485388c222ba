import type { DuckDBConnection } from '@duckdb/node-api'
import type { TableLoad, TableName } from '@caudal/spec'
import { number, rows } from '../rows.ts'
import { id, lit, relation } from '../sql.ts'
import { keyText, orderType, tombstoneBeats } from './compare.ts'
import { rowRank, type Rank } from './rank.ts'
import type { OpenTable } from './table.ts'

/*
 * A tombstone remembers that a key is gone, and how new the newest version was that is gone with it, so that a late update does not
 * revive it. With an order value it beats what is not newer by order; without one (a sweep, or a source that does not say when) it beats
 * what was loaded earlier.
 */

/** Whether the table has any tombstone: most have none, and skip all of this. */
export async function hasTombstones(connection: DuckDBConnection, table: TableName): Promise<boolean> {
  return (await number(connection, `SELECT count(*) FROM _caudal.tombstones WHERE ${of(table)}`)) > 0
}

/** Records the deletions of `_incoming` and removes the rows they beat. Expects `_winners`. */
export async function applyDeletes(
  connection: DuckDBConnection,
  load: TableLoad,
  table: OpenTable,
  rank: Rank,
): Promise<{ deleted: number; superseded: number }> {
  const order = load.order === undefined ? 'NULL::VARCHAR' : `CAST(i.${id(load.order)} AS VARCHAR)`
  const newest = load.order === undefined ? '' : `i.${id(load.order)} DESC NULLS LAST, `
  await connection.run(`CREATE OR REPLACE TEMP TABLE _deletes AS
    SELECT ${keyText(load, 'i')} AS key, ${order} AS order_value, ${lit(rank.load)} AS load, ${rowRank(rank)} AS row
    FROM _incoming i WHERE i._caudal_operation = 'delete'
    QUALIFY row_number() OVER (PARTITION BY ${load.primaryKey.map((column) => `i.${id(column)}`).join(', ')} ORDER BY ${newest}i.rowid DESC) = 1`)
  const target = relation(table.work)
  const beats = tombstoneBeats(load, 's', 't')
  const [verdict] = await rows(
    connection,
    `SELECT count(*) FILTER (WHERE t.rowid IS NOT NULL AND NOT (${beats})) AS superseded, count(*) AS all_deletes,
      (SELECT count(*) FROM _incoming WHERE _caudal_operation = 'delete') AS records
     FROM _deletes s LEFT JOIN ${target} t ON ${keyText(load, 't')} = s.key`,
  )
  await connection.run(
    `INSERT INTO _caudal.tombstones SELECT ${owner(table.work)}, key, order_value, load, row FROM _deletes`,
  )
  await removeBeaten(connection, load, table)
  const superseded = Number(verdict?.['superseded'] ?? 0)
  const distinct = Number(verdict?.['all_deletes'] ?? 0)
  return {
    deleted: distinct - superseded,
    superseded: superseded + Number(verdict?.['records'] ?? 0) - distinct,
  }
}

/** Removes the rows that tombstones beat (with `soft flag` they stay and are marked), remembering their order values. */
export async function removeBeaten(
  connection: DuckDBConnection,
  load: TableLoad,
  table: OpenTable,
): Promise<void> {
  if (load.deletes === 'soft flag') return
  const target = relation(table.work)
  const order = load.order === undefined ? 'NULL::VARCHAR' : `CAST(t.${id(load.order)} AS VARCHAR)`
  await connection.run(`CREATE OR REPLACE TEMP TABLE _beaten AS SELECT DISTINCT t.rowid AS target, s.key, ${order} AS order_value, t._caudal_load::VARCHAR AS load, t._caudal_row AS row
    FROM ${target} t JOIN _caudal.tombstones s ON ${of(table.work, 's')} AND s.key = ${keyText(load, 't')}
    WHERE ${tombstoneBeats(load, 's', 't')}`)
  if (load.order !== undefined) {
    await connection.run(
      `INSERT INTO _caudal.tombstones SELECT ${owner(table.work)}, key, order_value, load, row FROM _beaten WHERE order_value IS NOT NULL`,
    )
  }
  await connection.run(`DELETE FROM ${target} WHERE rowid IN (SELECT target FROM _beaten)`)
}

/** SQL: a tombstone beats the winner `w`, so that it must not come back. */
export function isBuried(load: TableLoad, table: OpenTable, w: string, loadId: string): string {
  if (load.deletes === 'soft flag') return 'false'
  const later = `(s.load::BIGINT > ${loadId} OR (s.load::BIGINT = ${loadId} AND s.row > ${w}._caudal_row))`
  const beats =
    load.order === undefined
      ? later
      : `CASE WHEN s.order_value IS NULL THEN ${later} ELSE ${w}.${id(load.order)} IS NULL
          OR CAST(s.order_value AS ${orderType(load)}) > ${w}.${id(load.order)}
          OR (CAST(s.order_value AS ${orderType(load)}) = ${w}.${id(load.order)} AND ${later}) END`
  return `EXISTS (SELECT 1 FROM _caudal.tombstones s WHERE ${of(table.work, 's')} AND s.key = ${keyText(load, w)} AND ${beats})`
}

/** Remembers the order values of winners that were buried, so that an older record does not pass where a newer one did not. */
export async function bury(
  connection: DuckDBConnection,
  load: TableLoad,
  table: OpenTable,
  loadId: string,
): Promise<void> {
  if (load.order === undefined) return
  await connection.run(`INSERT INTO _caudal.tombstones SELECT ${owner(table.work)}, ${keyText(load, 'w')}, CAST(w.${id(load.order)} AS VARCHAR), ${lit(loadId)}, w._caudal_row
    FROM _verdict v JOIN _winners w ON w.rowid = v.winner WHERE v.verdict = 'buried' AND w.${id(load.order)} IS NOT NULL`)
}

function owner(table: TableName): string {
  return `${lit(table.schema)}, ${lit(table.name)}`
}

function of(table: TableName, alias?: string): string {
  const prefix = alias === undefined ? '' : `${alias}.`
  return `${prefix}schema_name = ${lit(table.schema)} AND ${prefix}table_name = ${lit(table.name)}`
}
