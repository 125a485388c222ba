import type {
  Column,
  DeadLetter,
  EventCounts,
  LedgerEntry,
  ModelState,
  StoredPosition,
  TableOutcome,
  TableState,
  WarehouseState,
} from '@caudal/spec'
import { addCounts, noCounts } from '@caudal/spec'
import type { Database } from './database.ts'
import { rows, type Row } from './rows.ts'
import { lit } from './sql.ts'

/** The read side of the bookkeeping. */
export function warehouseState(database: Database): WarehouseState {
  const read = (sql: string): Promise<Row[]> => database.withConnection((connection) => rows(connection, sql))
  return {
    positions: async (source) =>
      (await read(`SELECT * FROM _caudal.positions WHERE source = ${lit(source)}`)).map(toPosition),
    newestLoads: async () => {
      const found = await read(
        `SELECT l.source, t.stream, max(l.load) AS load FROM _caudal.ledger l JOIN _caudal.ledger_tables t USING (sequence)
          WHERE l.load IS NOT NULL GROUP BY l.source, t.stream`,
      )
      return found.map((row) => ({
        source: String(row['source']),
        stream: String(row['stream']),
        load: String(row['load']),
      }))
    },
    tables: async () => (await read(`SELECT * FROM _caudal.tables ORDER BY ALL`)).map(toTable),
    models: async () => (await read(`SELECT * FROM _caudal.models ORDER BY model`)).map(toModel),
    ledger: async (after, limit) =>
      (
        await read(
          `SELECT sequence, kind, load, source, run, committed_at::VARCHAR AS committed_at, outcome, events FROM _caudal.ledger
            WHERE sequence > ${after} ORDER BY sequence LIMIT ${limit}`,
        )
      ).map(toEntry),
    versions: async () => {
      const found = await read(
        `SELECT schema_name || '.' || table_name AS name, sequence FROM _caudal.versions`,
      )
      return Object.fromEntries(found.map((row) => [String(row['name']), Number(row['sequence'])]))
    },
    deadLetters: async ({ source, stream, load, status, limit }) => {
      const conditions = [
        ...(source === undefined ? [] : [`source = ${lit(source)}`]),
        ...(stream === undefined ? [] : [`stream = ${lit(stream)}`]),
        ...(load === undefined ? [] : [`load = ${lit(load)}`]),
        ...(status === undefined ? [] : [`status = ${lit(status)}`]),
        'true',
      ].join(' AND ')
      const found = await read(
        `SELECT * FROM _caudal.dead_letters WHERE ${conditions} ORDER BY load DESC, origin, line LIMIT ${limit}`,
      )
      return found.map(toDeadLetter)
    },
  }
}

function toPosition(row: Row): StoredPosition {
  return {
    source: String(row['source']),
    stream: String(row['stream']),
    partition: String(row['partition']),
    version: Number(row['version']),
    position:
      row['position'] === null ? null : (JSON.parse(String(row['position'])) as StoredPosition['position']),
    load: String(row['load'] ?? ''),
  }
}

function toTable(row: Row): TableState {
  return {
    table: { schema: String(row['schema_name']), name: String(row['table_name']) },
    generation: Number(row['generation']),
    columns: JSON.parse(String(row['columns'])) as Column[],
    ...(row['snapshot'] === null ? {} : { snapshot: String(row['snapshot']) }),
  }
}

function toModel(row: Row): ModelState {
  return {
    model: String(row['model']),
    fingerprint: String(row['fingerprint']),
    materialization: String(row['materialization']),
    intervals: JSON.parse(String(row['intervals'])) as ModelState['intervals'],
  }
}

function toEntry(row: Row): LedgerEntry {
  const outcomes = JSON.parse(String(row['outcome'])) as TableOutcome[]
  return {
    sequence: Number(row['sequence']),
    kind: String(row['kind']) as LedgerEntry['kind'],
    ...(row['load'] === null ? {} : { load: String(row['load']) }),
    ...(row['source'] === null ? {} : { source: String(row['source']) }),
    run: String(row['run']),
    tables: outcomes.filter((outcome) => outcome.isVisibleChange).map((outcome) => outcome.table),
    counts: outcomes.reduce((sum, outcome) => addCounts(sum, outcome.counts), noCounts),
    ...(row['events'] === null ? {} : { events: JSON.parse(String(row['events'])) as EventCounts }),
    committedAt: new Date(String(row['committed_at'])).toISOString(),
  }
}

function toDeadLetter(row: Row): DeadLetter {
  return {
    load: String(row['load']),
    source: String(row['source']),
    stream: String(row['stream']),
    table: { schema: String(row['schema_name']), name: String(row['table_name']) },
    origin: String(row['origin']),
    line: Number(row['line']),
    ...(row['column_name'] === null ? {} : { column: String(row['column_name']) }),
    reason: String(row['reason']),
    raw: String(row['raw']),
    status: String(row['status']) as DeadLetter['status'],
  }
}
