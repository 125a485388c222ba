import type { DuckDBConnection } from '@duckdb/node-api'
import {
  CaudalError,
  type Load,
  type LoadOutcome,
  type PositionChange,
  type TableOutcome,
} from '@caudal/spec'
import { number, rows } from '../rows.ts'
import { literal } from '../sql.ts'

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

/** Moves positions by compare-and-set on their versions. */
export async function moveStoredPositions(
  connection: DuckDBConnection,
  source: string,
  changes: readonly PositionChange[],
  load: string | null,
): Promise<void> {
  for (const change of changes) {
    const [stored] = await rows(
      connection,
      `SELECT version FROM _caudal.positions WHERE source = $source AND stream = $stream AND partition = $partition`,
      { source, stream: change.stream, partition: change.partition },
    )
    const version = Number(stored?.['version'] ?? 0)
    if (version !== change.expectedVersion) throw moved(source, change, version)
    await connection.run(
      `INSERT OR REPLACE INTO _caudal.positions VALUES ($source, $stream, $partition, $version, $position, $load)`,
      {
        source,
        stream: change.stream,
        partition: change.partition,
        version: version + 1,
        position: JSON.stringify(change.position),
        load,
      },
    )
  }
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

/** Writes the ledger entry with what it touched. @returns its sequence number. */
export async function writeLedger(
  connection: DuckDBConnection,
  entry: {
    readonly kind: 'load' | 'publish' | 'position'
    readonly run: string
    readonly load?: Load
    readonly source?: string
    readonly tables: readonly TableOutcome[]
  },
): Promise<number> {
  const sequence = 1 + (await number(connection, `SELECT coalesce(max(sequence), 0) FROM _caudal.ledger`))
  await connection.run(
    `INSERT INTO _caudal.ledger VALUES ($sequence, $kind, $load, $source, $run, now(), $outcome)`,
    {
      sequence,
      kind: entry.kind,
      load: entry.load?.id ?? null,
      source: entry.source ?? entry.load?.source ?? null,
      run: entry.run,
      outcome: JSON.stringify(entry.tables),
    },
  )
  if (entry.load !== undefined)
    await connection.run(`INSERT INTO _caudal.loads VALUES ($load, $sequence)`, {
      load: entry.load.id,
      sequence,
    })
  for (const outcome of entry.tables) {
    const { schema, name } = outcome.table
    const c = outcome.counts
    const counts = [
      c.extracted,
      c.inserted,
      c.updated,
      c.unchanged,
      c.superseded,
      c.deleted,
      c.deadLettered,
      c.filtered,
      c.late,
    ]
    await connection.run(
      `INSERT INTO _caudal.ledger_tables VALUES (${sequence}, ${literal(schema)}, ${literal(name)}, ${literal(outcome.stream)}, ${outcome.isVisibleChange}, ${counts.join(', ')})`,
    )
    if (outcome.isVisibleChange) {
      await connection.run(
        `INSERT OR REPLACE INTO _caudal.versions VALUES (${literal(schema)}, ${literal(name)}, ${sequence})`,
      )
    }
  }
  return sequence
}
