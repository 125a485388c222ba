import type { DuckDBConnection } from '@duckdb/node-api'
import type { TableLoad } from '@caudal/spec'
import { rows } from '../rows.ts'
import { id, lit, names, relation } from '../sql.ts'
import { keyText, orderType } from './compare.ts'
import { type MergeCounts } from './merge.ts'
import { rowRank, type Rank } from './rank.ts'
import { validityType, type OpenTable } from './table.ts'

/**
 * Adds versions to a history table: every version of a key with the half-open span in which it held. With an order column the result
 * depends only on the set of versions; without one the time of the load is the order, and a version equal to the one before is unchanged.
 */
export async function addHistory(
  connection: DuckDBConnection,
  load: TableLoad,
  table: OpenTable,
  rank: Rank,
  hasOperations: boolean,
): Promise<MergeCounts> {
  if (hasOperations) await rememberDeletes(connection, load, table, rank)
  const records = await chooseVersions(connection, load, table, rank, hasOperations)
  await judge(connection, load, table)
  const counts = await countVersions(connection, records)
  await rewriteKeys(connection, load, table)
  return counts
}

const versionsOf = (table: OpenTable): string => `${names(table.columns)}, _caudal_extra`

async function rememberDeletes(
  connection: DuckDBConnection,
  load: TableLoad,
  table: OpenTable,
  rank: Rank,
): Promise<void> {
  const order =
    load.order === undefined
      ? `CAST(make_timestamptz(${rank.load}) AS VARCHAR)`
      : `CAST(i.${id(load.order)} AS VARCHAR)`
  await connection.run(`INSERT INTO _caudal.tombstones
    SELECT ${lit(table.work.schema)}, ${lit(table.work.name)}, ${keyText(load, 'i')}, ${order}, ${lit(rank.load)}, ${rowRank(rank)}
    FROM _incoming i WHERE i._caudal_operation = 'delete'`)
}

async function chooseVersions(
  connection: DuckDBConnection,
  load: TableLoad,
  table: OpenTable,
  rank: Rank,
  hasOperations: boolean,
): Promise<{ upserts: number; deletes: number }> {
  const from = load.order === undefined ? `make_timestamptz(${rank.load})` : id(load.order)
  const where = hasOperations ? `WHERE _caudal_operation <> 'delete'` : ''
  const keys = load.primaryKey.map(id).join(', ')
  await connection.run(`CREATE OR REPLACE TEMP TABLE _winners AS
    SELECT ${versionsOf(table)}, ${rank.load}::BIGINT AS _caudal_load, ${rowRank(rank)} AS _caudal_row, ${from} AS _caudal_valid_from FROM _incoming ${where}
    QUALIFY row_number() OVER (PARTITION BY ${keys}, ${from} ORDER BY rowid DESC) = 1`)
  const [counted] = await rows(
    connection,
    `SELECT count(*) AS all_rows, ${hasOperations ? `count(*) FILTER (WHERE _caudal_operation = 'delete')` : '0'} AS deletes FROM _incoming`,
  )
  const deletes = Number(counted?.['deletes'] ?? 0)
  return { upserts: Number(counted?.['all_rows'] ?? 0) - deletes, deletes }
}

async function judge(connection: DuckDBConnection, load: TableLoad, table: OpenTable): Promise<void> {
  const target = relation(table.work)
  const keys = load.primaryKey.map(id)
  const same = [...table.columns.map((column) => id(column.name)), '_caudal_extra']
    .map((name) => `w.${name} IS NOT DISTINCT FROM t.${name}`)
    .join(' AND ')
  const match = keys.map((key) => `w.${key} = t.${key}`).join(' AND ')
  const at =
    load.order === undefined
      ? 't._caudal_valid_to IS NULL'
      : 't._caudal_valid_from IS NOT DISTINCT FROM w._caudal_valid_from'
  const older = `(t._caudal_load > w._caudal_load OR (t._caudal_load = w._caudal_load AND t._caudal_row > w._caudal_row))`
  const replaces = load.order === undefined ? 'inserted' : 'updated'
  await connection.run(`CREATE OR REPLACE TEMP TABLE _verdict AS
    SELECT w.rowid AS winner, t.rowid AS target, CASE WHEN t.rowid IS NULL THEN 'inserted' WHEN ${same} THEN 'unchanged'
      WHEN ${older} THEN 'superseded' ELSE '${replaces}' END AS verdict, NOT ${older} AS is_newer
    FROM _winners w LEFT JOIN ${target} t ON ${match} AND ${at}`)
}

async function countVersions(
  connection: DuckDBConnection,
  records: { upserts: number; deletes: number },
): Promise<MergeCounts> {
  const counts: MergeCounts = {
    inserted: 0,
    updated: 0,
    unchanged: 0,
    superseded: 0,
    deleted: records.deletes,
  }
  let judged = 0
  for (const row of await rows(connection, `SELECT verdict, count(*) AS n FROM _verdict GROUP BY verdict`)) {
    counts[String(row['verdict']) as keyof MergeCounts] += Number(row['n'])
    judged += Number(row['n'])
  }
  counts.superseded += records.upserts - judged
  return counts
}

async function rewriteKeys(connection: DuckDBConnection, load: TableLoad, table: OpenTable): Promise<void> {
  const target = relation(table.work)
  const keys = load.primaryKey.map(id)
  const columns = `${versionsOf(table)}, _caudal_load, _caudal_row, _caudal_valid_from`
  // A version that came again ranks as its newest record, so that what lies between the two does not win over it.
  const again = load.order === undefined ? 'false' : `v.verdict = 'unchanged' AND v.is_newer`
  const touched = `(${keys.join(', ')}) IN (SELECT DISTINCT ${keys.join(', ')} FROM _incoming)`
  await connection.run(`CREATE OR REPLACE TEMP TABLE _versions AS
    SELECT ${versionsOf(table)}, coalesce(again_load, _caudal_load) AS _caudal_load, coalesce(again_row, _caudal_row) AS _caudal_row,
      _caudal_valid_from
    FROM ${target} t LEFT JOIN (SELECT v.target, w._caudal_load AS again_load, w._caudal_row AS again_row
      FROM _verdict v JOIN _winners w ON w.rowid = v.winner WHERE ${again}) u ON u.target = t.rowid
    WHERE ${touched} AND t.rowid NOT IN (SELECT target FROM _verdict WHERE verdict = 'updated' AND target IS NOT NULL)
    UNION ALL SELECT ${columns} FROM _winners w
      WHERE w.rowid IN (SELECT winner FROM _verdict WHERE verdict IN ('inserted', 'updated'))`)
  await connection.run(`DELETE FROM ${target} WHERE ${touched}`)
  const type = load.order === undefined ? validityType(load) : orderType(load)
  const gone = `(SELECT min(CAST(s.order_value AS ${type})) FROM _caudal.tombstones s
    WHERE s.schema_name = ${lit(table.work.schema)} AND s.table_name = ${lit(table.work.name)} AND s.key = v.key_text
      AND CAST(s.order_value AS ${type}) >= v._caudal_valid_from)`
  await connection.run(`INSERT INTO ${target} (${columns}, _caudal_valid_to)
    SELECT ${columns}, least(next_from, ${gone}) FROM (SELECT *, ${keyText(load, 'x')} AS key_text,
      lead(_caudal_valid_from) OVER (PARTITION BY ${keys.join(', ')} ORDER BY _caudal_valid_from) AS next_from FROM _versions x) v`)
}
