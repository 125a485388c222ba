import type { DuckDBConnection } from '@duckdb/node-api'
import { CaudalError, type TableLoad, type TableName } from '@caudal/spec'
import { number } from '../rows.ts'
import { duckdbType, id, lit, relation } from '../sql.ts'
import { discardBefore } from './dead-letters.ts'
import type { Incoming } from './incoming.ts'
import { isNewerRow, keyText, sameKey } from './compare.ts'
import { nextTable, store, validityType, type OpenTable } from './table.ts'
import { hasTombstones, removeBeaten } from './tombstones.ts'

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
    if (load.disposition === 'merge') await keepNewer(connection, load)
    await connection.run(`DROP TABLE ${relation(load.table)}`)
  }
  await connection.run(`ALTER TABLE ${relation(next)} RENAME TO ${id(load.table.name)}`)
  await moveTombstones(connection, load)
  if (load.disposition === 'merge' && (await hasTombstones(connection, load.table)))
    await removeBeaten(connection, load, { ...table, work: load.table })
  await discardBefore(connection, load.table, load.snapshot?.id ?? '')
  await store(connection, load.table, table.columns, table.generation, null)
  return gone
}

/** Takes over rows that other loads brought since the snapshot began, where they are newer than what it has. */
async function keepNewer(connection: DuckDBConnection, load: TableLoad): Promise<void> {
  const next = relation(nextTable(load.table))
  const old = relation(load.table)
  const since = `o._caudal_load > ${load.snapshot?.id ?? '0'}`
  const key = sameKey(load, 'o', 'n')
  await connection.run(
    `DELETE FROM ${next} n USING ${old} o WHERE ${since} AND ${key} AND ${isNewerRow(load, 'o', 'n')}`,
  )
  await connection.run(
    `INSERT INTO ${next} BY NAME SELECT * FROM ${old} o WHERE ${since} AND NOT EXISTS (SELECT 1 FROM ${next} n WHERE ${key})`,
  )
}

/** Deletions since the snapshot began, and those in it, still hold; older ones are settled by what it has. */
async function moveTombstones(connection: DuckDBConnection, load: TableLoad): Promise<void> {
  const { schema, name } = load.table
  const of = (table: string): string => `schema_name = ${lit(schema)} AND table_name = ${lit(table)}`
  await connection.run(
    `DELETE FROM _caudal.tombstones WHERE ${of(name)} AND load <= ${lit(load.snapshot?.id ?? '')}`,
  )
  await connection.run(
    `UPDATE _caudal.tombstones SET table_name = ${lit(name)} WHERE ${of(nextTable(load.table).name)}`,
  )
}

/**
 * Notes the keys of `_incoming` and of the dead letters as seen by the snapshot in progress (`key sweep`): the source has both. A key that
 * cannot be told is noted as NULL.
 */
export async function noteSeenKeys(
  connection: DuckDBConnection,
  load: TableLoad,
  letters: { readonly incoming: readonly Incoming[]; readonly keyless: number },
): Promise<void> {
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
  for (const { badKeys } of letters.incoming) {
    if (badKeys !== undefined)
      await connection.run(`INSERT INTO ${relation(seen)} SELECT DISTINCT ${list} FROM (${badKeys})`)
  }
  if (letters.keyless > 0) {
    await connection.run(
      `INSERT INTO ${relation(seen)} SELECT ${load.primaryKey.map(() => 'NULL').join(', ')}`,
    )
  }
}

/**
 * Removes the rows whose keys a complete snapshot did not see (of a history it ends their versions); none when it saw a record whose key cannot be told, which may be that of any
 * of them.
 */
export async function sweepKeys(
  connection: DuckDBConnection,
  load: TableLoad,
  table: OpenTable,
): Promise<{ readonly removed: number; readonly withheld: number }> {
  const seen = seenTable(load.table)
  const began = load.snapshot?.id ?? '0'
  const target = relation(load.table)
  const keys = load.primaryKey.map((column) => `s.${id(column)} = t.${id(column)}`).join(' AND ')
  const isHistory = load.disposition === 'history'
  const unseen = `FROM ${target} t WHERE ${isHistory ? 't._caudal_valid_to IS NULL AND ' : ''}t._caudal_load < ${began} AND NOT EXISTS (SELECT 1 FROM ${relation(seen)} s WHERE ${keys})`
  const untold = load.primaryKey.map((column) => `${id(column)} IS NULL`).join(' OR ')
  const missing = await number(connection, `SELECT count(*) ${unseen}`)
  const isWithheld = (await number(connection, `SELECT count(*) FROM ${relation(seen)} WHERE ${untold}`)) > 0
  if (missing > 0 && !isWithheld && isHistory) await closeVersions(connection, load, began, unseen)
  else if (missing > 0 && !isWithheld) {
    await connection.run(`INSERT INTO _caudal.tombstones
      SELECT ${lit(load.table.schema)}, ${lit(load.table.name)}, ${keyText(load, 't')}, NULL, ${lit(began)}, 0 ${unseen}`)
    await removeBeaten(connection, { ...load, deletes: 'key sweep' }, table)
  }
  await connection.run(`DROP TABLE IF EXISTS ${relation(seen)}`)
  await connection.run(
    `UPDATE _caudal.tables SET snapshot = NULL WHERE schema_name = ${lit(load.table.schema)} AND table_name = ${lit(load.table.name)}`,
  )
  return isWithheld ? { removed: 0, withheld: missing } : { removed: missing, withheld: 0 }
}

/** Of a history nothing is removed: the versions of keys that are gone end with the read that missed them, also when older ones come late. */
async function closeVersions(
  connection: DuckDBConnection,
  load: TableLoad,
  began: string,
  unseen: string,
): Promise<void> {
  const type = validityType(load)
  if (!/^(TIMESTAMP|DATE)/.test(type)) {
    throw new CaudalError({
      code: 'CAUDAL_LOAD_HISTORY_SWEEP',
      message: `${load.table.schema}.${load.table.name}: records are gone, and a history ordered by \`${load.order ?? ''}\`, which is no time, cannot say since when. Nothing was loaded.`,
      hint: `Leave \`order\` out of the stream, so that the time of the load counts, or keep what is gone: deletes: 'none'.`,
      context: { schema: load.table.schema, table: load.table.name },
    })
  }
  const end = `CAST(make_timestamptz(${began}) AS ${type})`
  const target = relation(load.table)
  await connection.run(`INSERT INTO _caudal.tombstones
    SELECT ${lit(load.table.schema)}, ${lit(load.table.name)}, ${keyText(load, 't')}, CAST(${end} AS VARCHAR), ${lit(began)}, 0 ${unseen}`)
  await connection.run(
    `UPDATE ${target} SET _caudal_valid_to = ${end} WHERE rowid IN (SELECT t.rowid ${unseen})`,
  )
}

function seenTable(table: TableName): TableName {
  return { schema: '_caudal_build', name: `seen ${table.schema}.${table.name}` }
}
