import type { DuckDBConnection } from '@duckdb/node-api'
import {
  CaudalError,
  type EventCounts,
  type Load,
  type LoadOutcome,
  type PositionChange,
  type TableOutcome,
} from '@caudal/spec'
import { number, rows } from '../rows.ts'
import { lit, literal } from '../sql.ts'

/** The outcome of a load that was applied before. @throws CaudalError `CAUDAL_LOAD_ID_TAKEN` when it was another load under the same id. */
export async function appliedOutcome(
  connection: DuckDBConnection,
  load: Load,
): Promise<LoadOutcome | undefined> {
  const [row] = await rows(
    connection,
    `SELECT l.sequence, l.source, l.outcome FROM _caudal.loads a JOIN _caudal.ledger l ON l.sequence = a.sequence WHERE a.load = $load`,
    { load: load.id },
  )
  if (row === undefined) return undefined
  const tables = JSON.parse(String(row['outcome'])) as TableOutcome[]
  const isSame =
    row['source'] === load.source &&
    tables.map(({ stream }) => stream).join() === load.tables.map(({ stream }) => stream).join()
  if (!isSame) throw idTaken(load, String(row['source']), tables)
  return { id: load.id, sequence: Number(row['sequence']), wasApplied: true, tables }
}

function idTaken(load: Load, source: string, tables: readonly TableOutcome[]): CaudalError {
  const streams = (list: readonly { readonly stream: string }[]): string =>
    list.map(({ stream }) => stream).join(', ')
  return new CaudalError({
    code: 'CAUDAL_LOAD_ID_TAKEN',
    message: `Load ${load.id} of ${load.source} (${streams(load.tables)}) has the id of a load of ${source} (${streams(tables)}) that took effect before. Nothing was written.`,
    hint: 'Two projects load into one warehouse: give each target a warehouse of its own. The range is read again by the next run.',
    context: { load: load.id, source: load.source, taken: source },
  })
}

/** A position that a load moves, or somebody by hand. */
export interface PositionMove extends PositionChange {
  readonly source: string
  readonly load: string | null
}

/** Moves positions by compare-and-set in their order, each from the version that it names: one may be moved more than once. */
export async function movePositions(
  connection: DuckDBConnection,
  moves: readonly PositionMove[],
): Promise<void> {
  if (moves.length === 0) return
  const keyOf = (move: PositionMove): string =>
    [move.source, move.stream, move.partition].map((part) => lit(part)).join(', ')
  const keys = [...new Set(moves.map(keyOf))]
  const stored = await rows(
    connection,
    `SELECT source, stream, partition, version FROM _caudal.positions WHERE (source, stream, partition) IN (${keys.map((key) => `(${key})`).join(', ')})`,
  )
  const versions = new Map(
    stored.map(({ source, stream, partition, version }) => [
      [source, stream, partition].map((part) => lit(String(part))).join(', '),
      Number(version),
    ]),
  )
  const values = new Map<string, string>()
  for (const move of moves) {
    const key = keyOf(move)
    const version = versions.get(key) ?? 0
    if (version !== move.expectedVersion) throw moved(move.source, move, version)
    versions.set(key, version + 1)
    values.set(key, `(${key}, ${version + 1}, ${lit(JSON.stringify(move.position))}, ${literal(move.load)})`)
  }
  await connection.run(`INSERT OR REPLACE INTO _caudal.positions VALUES ${[...values.values()].join(', ')}`)
}

function moved(source: string, change: PositionChange, version: number): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_LOAD_POSITION_MOVED',
    message: `${source}.${change.stream}${change.partition === '' ? '' : ` (${change.partition})`}: the load starts from version ${change.expectedVersion} of the position, but the warehouse is at version ${version}: another load or a reset came first. Nothing was written.`,
    hint: 'The load is marked abandoned and its range is read again by the next run.',
    context: {
      source,
      stream: change.stream,
      partition: change.partition,
      expected: change.expectedVersion,
      stored: version,
    },
  })
}

/** What took effect, for the ledger. */
export interface LedgerRecord {
  readonly kind: 'load' | 'publish' | 'position'
  readonly run: string
  readonly load?: Pick<Load, 'id' | 'source'>
  readonly source?: string
  readonly tables: readonly TableOutcome[]
  /** Of a flush. */
  readonly events?: EventCounts
}

/** Writes the ledger entry with what it touched. @returns its sequence number. */
export function writeLedger(connection: DuckDBConnection, entry: LedgerRecord): Promise<number> {
  return writeLedgerEntries(connection, [entry])
}

/** Writes entries in their order. @returns the sequence number of the first; the others follow it without a gap. */
export async function writeLedgerEntries(
  connection: DuckDBConnection,
  entries: readonly LedgerRecord[],
): Promise<number> {
  const first = 1 + (await number(connection, `SELECT coalesce(max(sequence), 0) FROM _caudal.ledger`))
  const ledger: string[] = []
  const loads: string[] = []
  const tables: string[] = []
  const versions = new Map<string, string>()
  for (const [index, entry] of entries.entries()) {
    const sequence = first + index
    const source = entry.source ?? entry.load?.source ?? null
    ledger.push(
      `(${sequence}, ${lit(entry.kind)}, ${literal(entry.load?.id ?? null)}, ${literal(source)}, ${lit(entry.run)}, now(), ${lit(JSON.stringify(entry.tables))}, ${literal(entry.events === undefined ? null : { ...entry.events })})`,
    )
    if (entry.load !== undefined) loads.push(`(${lit(entry.load.id)}, ${sequence})`)
    for (const outcome of entry.tables) {
      const name = `${lit(outcome.table.schema)}, ${lit(outcome.table.name)}`
      tables.push(
        `(${sequence}, ${name}, ${literal(outcome.stream)}, ${outcome.isVisibleChange}, ${countsOf(outcome).join(', ')})`,
      )
      if (outcome.isVisibleChange) versions.set(name, `(${name}, ${sequence})`)
    }
  }
  await insert(connection, 'INSERT INTO _caudal.ledger', ledger)
  await insert(connection, 'INSERT INTO _caudal.loads', loads)
  await insert(connection, 'INSERT INTO _caudal.ledger_tables', tables)
  await insert(connection, 'INSERT OR REPLACE INTO _caudal.versions', [...versions.values()])
  return first
}

async function insert(
  connection: DuckDBConnection,
  statement: string,
  values: readonly string[],
): Promise<void> {
  if (values.length > 0) await connection.run(`${statement} VALUES ${values.join(', ')}`)
}

function countsOf({ counts }: TableOutcome): readonly number[] {
  return [
    counts.extracted,
    counts.inserted,
    counts.updated,
    counts.unchanged,
    counts.superseded,
    counts.deleted,
    counts.deadLettered,
    counts.filtered,
    counts.late,
  ]
}
