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
    const catalog = await readCatalog(connection)
    for (const publication of request.publications) await place(connection, publication, catalog)
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

/** What there is before a publication: relations by `schema.name` with their kind, and schemas. Asked once: the engine looks through all at each question. */
interface Catalog {
  readonly kinds: ReadonlyMap<string, string>
  readonly schemas: Set<string>
}

async function readCatalog(connection: DuckDBConnection): Promise<Catalog> {
  const found = await rows(
    connection,
    'SELECT table_schema, table_name, table_type FROM information_schema.tables WHERE table_catalog = current_database()',
  )
  const kinds = found.map((row) => {
    const table = { schema: String(row['table_schema']), name: String(row['table_name']) }
    return [formatTableName(table), String(row['table_type'])] as const
  })
  return { kinds: new Map(kinds), schemas: new Set() }
}

async function place(
  connection: DuckDBConnection,
  publication: Publication,
  catalog: Catalog,
): Promise<void> {
  const { table } = publication
  if (!catalog.schemas.has(table.schema)) {
    await connection.run(`CREATE SCHEMA IF NOT EXISTS ${id(table.schema)}`)
    catalog.schemas.add(table.schema)
  }
  switch (publication.kind) {
    case 'view':
      await dropOther(connection, table, 'VIEW', catalog)
      await connection.run(`CREATE OR REPLACE VIEW ${relation(table)} AS ${publication.sql}`)
      return
    case 'table':
      await dropOther(connection, table, 'BASE TABLE', catalog)
      await connection.run(
        `CREATE OR REPLACE TABLE ${relation(table)} AS FROM ${relation(publication.built)}`,
      )
      await connection.run(`DROP TABLE ${relation(publication.built)}`)
      return
    case 'merge':
      await mergeBuilt(connection, publication)
      return
    case 'drop':
      await dropOther(connection, table, '', catalog)
  }
}

/** Drops the relation when it is of another kind than the one that comes. */
async function dropOther(
  connection: DuckDBConnection,
  table: TableName,
  keeps: string,
  catalog: Catalog,
): Promise<void> {
  const kind = catalog.kinds.get(formatTableName(table))
  if (kind === undefined || kind === keeps) return
  await connection.run(`DROP ${kind === 'VIEW' ? 'VIEW' : 'TABLE'} ${relation(table)}`)
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
