import type { DuckDBConnection } from '@duckdb/node-api'
import {
  CaudalError,
  formatTableName,
  noCounts,
  type ModelState,
  type Publication,
  type PublishRequest,
  type TableName,
} from '@caudal/spec'
import { writeLedger } from './commit/ledger.ts'
import { mapEngineError } from './errors.ts'
import { rows } from './rows.ts'
import { id, lit, names, relation } from './sql.ts'

/** Puts relations in place, checks them, and records models and ledger, in one transaction. @returns the ledger sequence number. */
export async function publishRelations(
  connection: DuckDBConnection,
  request: PublishRequest,
): Promise<number> {
  await connection.run('BEGIN')
  try {
    for (const publication of request.publications) await place(connection, publication)
    for (const check of request.checks) await hold(connection, check)
    for (const model of request.models) await record(connection, model)
    const tables = request.publications.map((publication) => ({
      table: publication.table,
      stream: '',
      counts: noCounts,
      swept: 0,
      generation: 0,
      changes: [],
      isVisibleChange: true,
    }))
    const sequence = await writeLedger(connection, { kind: 'publish', run: request.run, tables })
    await connection.run('COMMIT')
    return sequence
  } catch (error) {
    await connection.run('ROLLBACK').catch(() => undefined)
    if (CaudalError.isInstance(error)) throw error
    const what = request.publications.map((publication) => formatTableName(publication.table)).join(', ')
    throw mapEngineError(error, `publishing ${what}`)
  }
}

async function place(connection: DuckDBConnection, publication: Publication): Promise<void> {
  const { table } = publication
  await connection.run(`CREATE SCHEMA IF NOT EXISTS ${id(table.schema)}`)
  switch (publication.kind) {
    case 'view':
      await dropOther(connection, table, 'VIEW')
      await connection.run(`CREATE OR REPLACE VIEW ${relation(table)} AS ${publication.sql}`)
      return
    case 'table':
      await dropOther(connection, table, 'BASE TABLE')
      await connection.run(
        `CREATE OR REPLACE TABLE ${relation(table)} AS FROM ${relation(publication.built)}`,
      )
      await connection.run(`DROP TABLE ${relation(publication.built)}`)
      return
    case 'merge':
      await mergeBuilt(connection, publication)
      return
    case 'drop':
      await dropOther(connection, table, '')
  }
}

/** Drops the relation when it is of another kind than the one that comes. */
async function dropOther(connection: DuckDBConnection, table: TableName, keeps: string): Promise<void> {
  const [found] = await rows(
    connection,
    `SELECT table_type FROM information_schema.tables WHERE table_schema = ${lit(table.schema)} AND table_name = ${lit(table.name)}`,
  )
  if (found === undefined || found['table_type'] === keeps) return
  await connection.run(`DROP ${found['table_type'] === 'VIEW' ? 'VIEW' : 'TABLE'} ${relation(table)}`)
}

async function mergeBuilt(
  connection: DuckDBConnection,
  publication: Extract<Publication, { kind: 'merge' }>,
): Promise<void> {
  const target = relation(publication.table)
  const built = relation(publication.built)
  await connection.run(`CREATE TABLE IF NOT EXISTS ${target} AS FROM ${built} LIMIT 0`)
  const columns = await rows(connection, `SELECT column_name AS name FROM (DESCRIBE ${built})`)
  const present = await rows(connection, `SELECT column_name AS name, column_type FROM (DESCRIBE ${target})`)
  const known = new Set(present.map((row) => String(row['name'])))
  for (const row of await rows(
    connection,
    `SELECT column_name AS name, column_type FROM (DESCRIBE ${built})`,
  )) {
    if (!known.has(String(row['name']))) {
      await connection.run(
        `ALTER TABLE ${target} ADD COLUMN ${id(String(row['name']))} ${String(row['column_type'])}`,
      )
    }
  }
  const { interval, key } = publication
  if (key.length > 0) {
    const match = key.map((column) => `b.${id(column)} IS NOT DISTINCT FROM t.${id(column)}`).join(' AND ')
    await connection.run(`DELETE FROM ${target} t USING ${built} b WHERE ${match}`)
  } else if (interval !== undefined) {
    const column = id(interval.column)
    await connection.run(
      `DELETE FROM ${target} WHERE ${column} >= ${lit(interval.start)} AND ${column} < ${lit(interval.end)}`,
    )
  }
  const list = names(columns.map((row) => ({ name: String(row['name']) })))
  await connection.run(`INSERT INTO ${target} (${list}) SELECT ${list} FROM ${built}`)
  await connection.run(`DROP TABLE ${built}`)
}

async function hold(connection: DuckDBConnection, check: { name: string; sql: string }): Promise<void> {
  const failing = await rows(connection, `SELECT count(*) AS n FROM (${check.sql})`)
  const count = Number(failing[0]?.['n'] ?? 0)
  if (count === 0) return
  throw new CaudalError({
    code: 'CAUDAL_CHECK_FAILED',
    message: `Check \`${check.name}\` failed: ${count} row${count === 1 ? '' : 's'}. Nothing was published; the previous version stays.`,
    hint: `See the rows: caudal check, or correct the model.`,
    context: { check: check.name, failingRows: count },
  })
}

async function record(connection: DuckDBConnection, model: ModelState): Promise<void> {
  if (model.isDropped === true) {
    await connection.run(`DELETE FROM _caudal.models WHERE model = $model`, { model: model.model })
    return
  }
  await connection.run(
    `INSERT OR REPLACE INTO _caudal.models VALUES ($model, $fingerprint, $materialization, $intervals)`,
    {
      model: model.model,
      fingerprint: model.fingerprint,
      materialization: model.materialization,
      intervals: JSON.stringify(model.intervals),
    },
  )
}
