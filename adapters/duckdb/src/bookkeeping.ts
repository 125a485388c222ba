import type { DuckDBConnection } from '@duckdb/node-api'
import { CaudalError } from '@caudal/spec'

/** Version of the `_caudal` schema that this code reads and writes. */
const format = 1

/** Creates the bookkeeping of an empty database, or checks that its format is known. */
export async function prepareBookkeeping(connection: DuckDBConnection): Promise<void> {
  const known = await connection.runAndReadAll(
    `SELECT count(*) FROM information_schema.tables WHERE table_schema = '_caudal' AND table_name = 'meta'`,
  )
  if (Number(known.getRowsJS()[0]?.[0]) === 0) return createBookkeeping(connection)
  const stored = await connection.runAndReadAll(`SELECT value FROM _caudal.meta WHERE key = 'format'`)
  const found = Number(stored.getRowsJS()[0]?.[0])
  if (found > format) {
    throw new CaudalError({
      code: 'CAUDAL_WAREHOUSE_NEWER',
      message: `The warehouse was written by a newer Caudal (format ${found}; this one knows ${format}). Nothing was changed.`,
      hint: 'Upgrade: npm install caudal@latest.',
      context: { found, known: format },
    })
  }
}

async function createBookkeeping(connection: DuckDBConnection): Promise<void> {
  await connection.run('BEGIN')
  for (const statement of statements) await connection.run(statement)
  await connection.run(`INSERT INTO _caudal.meta VALUES ('format', '${format}')`)
  await connection.run('COMMIT')
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

const statements = [
  'CREATE SCHEMA IF NOT EXISTS _caudal',
  'CREATE SCHEMA IF NOT EXISTS _caudal_build',
  'CREATE TABLE _caudal.meta (key VARCHAR PRIMARY KEY, value VARCHAR NOT NULL)',
  `CREATE TABLE _caudal.ledger (sequence BIGINT PRIMARY KEY, kind VARCHAR NOT NULL, load VARCHAR, source VARCHAR, run VARCHAR NOT NULL,
    committed_at TIMESTAMPTZ NOT NULL, outcome JSON NOT NULL)`,
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
    status VARCHAR NOT NULL, replayed_by VARCHAR)`,
  `CREATE TABLE _caudal.models (model VARCHAR PRIMARY KEY, fingerprint VARCHAR NOT NULL, materialization VARCHAR NOT NULL, intervals JSON NOT NULL)`,
]
