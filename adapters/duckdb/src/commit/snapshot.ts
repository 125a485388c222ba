import type { DuckDBConnection } from '@duckdb/node-api'
import type { TableLoad, TableName } from '@caudal/spec'
import { number } from '../rows.ts'
import { duckdbType, id, lit, relation } from '../sql.ts'
import { discardBefore } from './dead-letters.ts'
import { keyText } from './merge.ts'
import { nextTable, store, type OpenTable } from './table.ts'
import { removeBeaten } from './tombstones.ts'

/** Puts the filled private table in the place of the table. @returns rows that are gone with the old one, by key where there is one. */
export async function swapNext(
  connection: DuckDBConnection,
  load: TableLoad,
  table: OpenTable,
): Promise<number> {
  const next = nextTable(load.table)
  const hasOld = await number(
    connection,
    `SELECT count(*) FROM information_schema.tables WHERE table_schema = ${lit(load.table.schema)} AND table_name = ${lit(load.table.name)}`,
  )
  let gone = 0
  if (hasOld > 0) {
    const keys = load.primaryKey.map((column) => `o.${id(column)} = n.${id(column)}`).join(' AND ')
    gone =
      keys === ''
        ? 0
        : await number(
            connection,
            `SELECT count(*) FROM ${relation(load.table)} o WHERE NOT EXISTS (SELECT 1 FROM ${relation(next)} n WHERE ${keys})`,
          )
    await connection.run(`DROP TABLE ${relation(load.table)}`)
  }
  await connection.run(`ALTER TABLE ${relation(next)} RENAME TO ${id(load.table.name)}`)
  for (const name of [load.table.name, next.name]) {
    await connection.run(
      `DELETE FROM _caudal.tombstones WHERE schema_name = ${lit(load.table.schema)} AND table_name = ${lit(name)}`,
    )
  }
  await discardBefore(connection, load.table, load.snapshot?.id ?? '')
  await store(connection, load.table, table.columns, table.generation, null)
  return gone
}

/** Notes the keys of `_incoming` as seen by the snapshot in progress (`key sweep`). */
export async function noteSeenKeys(connection: DuckDBConnection, load: TableLoad): Promise<void> {
  const seen = seenTable(load.table)
  const isBegun = await number(
    connection,
    `SELECT count(*) FROM _caudal.tables WHERE schema_name = ${lit(load.table.schema)} AND table_name = ${lit(load.table.name)}
      AND snapshot = ${lit(load.snapshot?.id ?? '')}`,
  )
  const keys = load.primaryKey.map((name) => {
    const column = load.columns.find((candidate) => candidate.name === name)
    return `${id(name)} ${column === undefined ? 'VARCHAR' : duckdbType(column.type)}`
  })
  if (isBegun === 0) {
    await connection.run(`DROP TABLE IF EXISTS ${relation(seen)}`)
    await connection.run(`CREATE TABLE ${relation(seen)} (${keys.join(', ')})`)
    await connection.run(
      `UPDATE _caudal.tables SET snapshot = ${lit(load.snapshot?.id ?? '')} WHERE schema_name = ${lit(load.table.schema)} AND table_name = ${lit(load.table.name)}`,
    )
  }
  const list = load.primaryKey.map(id).join(', ')
  await connection.run(`INSERT INTO ${relation(seen)} SELECT DISTINCT ${list} FROM _incoming`)
}

/** Removes the rows whose keys a complete snapshot did not see. @returns how many. */
export async function sweepKeys(
  connection: DuckDBConnection,
  load: TableLoad,
  table: OpenTable,
): Promise<number> {
  const seen = seenTable(load.table)
  const began = load.snapshot?.id ?? '0'
  const target = relation(load.table)
  const keys = load.primaryKey.map((column) => `s.${id(column)} = t.${id(column)}`).join(' AND ')
  const unseen = `FROM ${target} t WHERE t._caudal_load < ${began} AND NOT EXISTS (SELECT 1 FROM ${relation(seen)} s WHERE ${keys})`
  const swept = await number(connection, `SELECT count(*) ${unseen}`)
  if (swept > 0) {
    await connection.run(`INSERT INTO _caudal.tombstones
      SELECT ${lit(load.table.schema)}, ${lit(load.table.name)}, ${keyText(load, 't')}, NULL, ${lit(began)}, 0 ${unseen}`)
    await removeBeaten(connection, { ...load, deletes: 'key sweep' }, table)
  }
  await connection.run(`DROP TABLE IF EXISTS ${relation(seen)}`)
  await connection.run(
    `UPDATE _caudal.tables SET snapshot = NULL WHERE schema_name = ${lit(load.table.schema)} AND table_name = ${lit(load.table.name)}`,
  )
  return swept
}

function seenTable(table: TableName): TableName {
  return { schema: '_caudal_build', name: `seen ${table.schema}.${table.name}` }
}
