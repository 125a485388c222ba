import type { DuckDBConnection } from '@duckdb/node-api'
import { CaudalError } from '@caudal/spec'
import { execFile } from 'node:child_process'
import { constants, existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { number } from './rows.ts'

const run = promisify(execFile)

/** Statements that lead from one format of the `_caudal` schema to the next. */
export type BookkeepingStep = readonly string[]

/** The steps after format 1, in order. Published steps are never edited. */
const steps: readonly BookkeepingStep[] = []

/**
 * Creates the bookkeeping of an empty database, or brings an older format forward: every step in one transaction, after a copy of the file.
 * @param filePath `:memory:` has no copy
 * @throws CaudalError `CAUDAL_WAREHOUSE_NEWER` when newer code wrote it, `CAUDAL_WAREHOUSE_MIGRATION` when a step fails; nothing is changed
 */
export async function prepareBookkeeping(
  connection: DuckDBConnection,
  filePath: string,
  laterSteps: readonly BookkeepingStep[] = steps,
): Promise<void> {
  const format = laterSteps.length + 1
  const found = await storedFormat(connection)
  if (found > format) throw newer(filePath, found, format)
  if (found === format) return
  const missing = found === 0 ? [statements, ...laterSteps] : laterSteps.slice(found - 1)
  const backup = found === 0 ? undefined : await copyFile(connection, filePath, found)
  await connection.run('BEGIN')
  try {
    for (const statement of missing.flat()) await connection.run(statement)
    await connection.run(`INSERT OR REPLACE INTO _caudal.meta VALUES ('format', '${format}')`)
    await connection.run('COMMIT')
  } catch (cause) {
    await connection.run('ROLLBACK')
    throw migrationFailed(filePath, found, format, backup, cause)
  }
}

/** 0: there is no bookkeeping yet. */
async function storedFormat(connection: DuckDBConnection): Promise<number> {
  const known = `SELECT count(*) FROM information_schema.tables WHERE table_schema = '_caudal' AND table_name = 'meta'`
  if ((await number(connection, known)) === 0) return 0
  return number(connection, `SELECT value FROM _caudal.meta WHERE key = 'format'`)
}

/** Copies the file as it is on disk. In another process: a handle on the file that closes in this one would drop DuckDB's lock. */
async function copyFile(
  connection: DuckDBConnection,
  filePath: string,
  format: number,
): Promise<string | undefined> {
  if (filePath === ':memory:') return undefined
  await connection.run('CHECKPOINT')
  const stem = `${filePath}.format-${format}`
  let copy = `${stem}.backup`
  for (let index = 2; existsSync(copy); index++) copy = `${stem}.${index}.backup`
  const script = `require('node:fs').copyFileSync(process.argv[1], process.argv[2], ${constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL})`
  try {
    await run(process.execPath, ['--eval', script, filePath, copy])
  } catch (cause) {
    throw new CaudalError({
      code: 'CAUDAL_WAREHOUSE_BACKUP',
      message: `The warehouse ${filePath} has the older format ${format} and could not be copied to ${copy} before it is brought forward. Nothing was changed.`,
      hint: 'Free as much disk as the file is large, or make the folder writable, and start again.',
      context: { path: filePath, copy },
      cause,
    })
  }
  return copy
}

function newer(filePath: string, found: number, format: number): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_WAREHOUSE_NEWER',
    message: `The warehouse ${filePath} was written by a newer Caudal (format ${found}; this one knows ${format}). Nothing was changed.`,
    hint: `Upgrade: npm install caudal@latest; or put back the copy that was made before the upgrade (${filePath}.format-${format}.backup).`,
    context: { path: filePath, found, known: format },
  })
}

function migrationFailed(
  filePath: string,
  found: number,
  format: number,
  backup: string | undefined,
  cause: unknown,
): CaudalError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  const copy = backup === undefined ? '' : `; a copy from before lies in ${backup}`
  return new CaudalError({
    code: 'CAUDAL_WAREHOUSE_MIGRATION',
    message: `The warehouse ${filePath} could not be brought from format ${found} to ${format}: ${reason.split('\n')[0] ?? reason}. Everything was rolled back${copy}.`,
    hint: 'Start again; if it fails again, use the release of Caudal that you used before and report the message.',
    context: { path: filePath, found, format },
    cause,
  })
}

const counts = [
  'extracted',
  'inserted',
  'updated',
  'unchanged',
  'superseded',
  'deleted',
  'dead_lettered',
  'filtered',
  'late',
]
  .map((name) => `${name} BIGINT NOT NULL`)
  .join(', ')

/** Format 1. */
const statements: BookkeepingStep = [
  'CREATE SCHEMA IF NOT EXISTS _caudal',
  'CREATE SCHEMA IF NOT EXISTS _caudal_build',
  'CREATE TABLE _caudal.meta (key VARCHAR PRIMARY KEY, value VARCHAR NOT NULL)',
  `CREATE TABLE _caudal.ledger (sequence BIGINT PRIMARY KEY, kind VARCHAR NOT NULL, load VARCHAR, source VARCHAR, run VARCHAR NOT NULL,
    committed_at TIMESTAMPTZ NOT NULL, outcome JSON NOT NULL, events JSON)`,
  `CREATE TABLE _caudal.ledger_tables (sequence BIGINT NOT NULL, schema_name VARCHAR NOT NULL, table_name VARCHAR NOT NULL,
    stream VARCHAR, is_visible BOOLEAN NOT NULL, ${counts})`,
  `CREATE TABLE _caudal.loads (load VARCHAR PRIMARY KEY, sequence BIGINT NOT NULL)`,
  `CREATE TABLE _caudal.positions (source VARCHAR, stream VARCHAR, partition VARCHAR, version BIGINT NOT NULL, position JSON, load VARCHAR,
    PRIMARY KEY (source, stream, partition))`,
  `CREATE TABLE _caudal.partition_loads (source VARCHAR NOT NULL, stream VARCHAR NOT NULL, partition VARCHAR NOT NULL, load VARCHAR NOT NULL)`,
  `CREATE TABLE _caudal.tables (schema_name VARCHAR, table_name VARCHAR, generation BIGINT NOT NULL, columns JSON NOT NULL, snapshot VARCHAR,
    PRIMARY KEY (schema_name, table_name))`,
  `CREATE TABLE _caudal.versions (schema_name VARCHAR, table_name VARCHAR, sequence BIGINT NOT NULL, PRIMARY KEY (schema_name, table_name))`,
  `CREATE TABLE _caudal.tombstones (schema_name VARCHAR, table_name VARCHAR, key VARCHAR, order_value VARCHAR, load VARCHAR NOT NULL, row BIGINT NOT NULL)`,
  `CREATE TABLE _caudal.dead_letters (load VARCHAR NOT NULL, source VARCHAR NOT NULL, stream VARCHAR NOT NULL, schema_name VARCHAR NOT NULL,
    table_name VARCHAR NOT NULL, origin VARCHAR NOT NULL, line BIGINT NOT NULL, column_name VARCHAR, reason VARCHAR NOT NULL, raw VARCHAR NOT NULL,
    status VARCHAR NOT NULL, replayed_by VARCHAR, operator VARCHAR, attempt INTEGER, raw_bytes BLOB)`,
  `CREATE TABLE _caudal.models (model VARCHAR PRIMARY KEY, fingerprint VARCHAR NOT NULL, materialization VARCHAR NOT NULL, intervals JSON NOT NULL)`,
]
