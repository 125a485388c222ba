import type { DuckDBConnection } from '@duckdb/node-api'
import {
  CaudalError,
  noCounts,
  type Load,
  type StagedFile,
  type TableLoad,
  type TableOutcome,
} from '@caudal/spec'
import { isReadError } from '../errors.ts'
import type { Inserter } from '../inserter.ts'
import { unreadable, type FileRead, type ReadInput } from '../file/read.ts'
import { number } from '../rows.ts'
import { names, relation } from '../sql.ts'
import { keepBadRows, keepKeylessRows, refuseBadShare } from './dead-letters.ts'
import { addHistory } from './history.ts'
import { countBad, prepareRead, readInput, separateBadRows, type Incoming } from './incoming.ts'
import { merge } from './merge.ts'
import { MisfitError } from './misfit.ts'
import { replacePartition, type PartitionLoads } from './partition.ts'
import { rankOf, type Rank } from './rank.ts'
import { noteSeenKeys, swapNext, sweepKeys } from './snapshot.ts'
import { fillsNext, frozen, isMade, type OpenTable } from './table.ts'

/** One table of a load inside its transaction. */
interface TableWork {
  readonly load: Load
  readonly inserter: Inserter
  readonly table: TableLoad
  readonly index: number
  readonly locate: (key: string) => string
  readonly isCareful: boolean
  /** The load replays letters of which none is open any more: another load has taken their place. */
  readonly isOutdated: boolean
  readonly partitions: PartitionLoads
  /** Opens the table of the load, or hands over what an earlier load of the transaction opened. */
  readonly open: (table: TableLoad) => Promise<OpenTable>
}

/** Applies one table of a load and says where its records went. */
export async function applyTable(connection: DuckDBConnection, work: TableWork): Promise<TableOutcome> {
  const { table } = work
  if (isNothing(table) && !(await isMade(connection, table.table))) return nothing(table)
  const open = await work.open(table)
  const incoming = await readAll(connection, work, open)
  const replaced = await replacePartition(connection, work.load, table, open, work.partitions)
  const result = await applyRecords(connection, work, open, incoming)
  for (const one of incoming) await one.release?.()
  let swept = replaced
  let sweepWithheld = 0
  const isComplete = table.snapshot?.complete === true
  if (isComplete && fillsNext(table)) swept = await swapNext(connection, table, open)
  else if (isComplete && table.deletes === 'key sweep') {
    const sweep = await sweepKeys(connection, table, open)
    swept = sweep.removed
    sweepWithheld = sweep.withheld
  }
  const { inserted, updated, deleted } = result
  const counts = { ...noCounts, ...result, filtered: table.filtered }
  const extracted = Object.values({ ...counts, extracted: 0 }).reduce((sum, value) => sum + value, 0)
  return {
    table: table.table,
    stream: table.stream,
    counts: { ...counts, extracted },
    swept,
    ...(sweepWithheld === 0 ? {} : { sweepWithheld }),
    generation: open.generation,
    changes: open.changes,
    isVisibleChange: fillsNext(table)
      ? isComplete
      : open.isNew || inserted + updated + deleted + swept + open.changes.length > 0,
  }
}

/** Whether a load names no column and brings no record, as of a stream without declared columns that has none yet. */
function isNothing(table: TableLoad): boolean {
  return table.columns.length === 0 && table.files.length === 0
}

/** A table of which no column is known is not made: it begins with its first record. */
function nothing(table: TableLoad): TableOutcome {
  return {
    table: table.table,
    stream: table.stream,
    counts: { ...noCounts, extracted: table.filtered, filtered: table.filtered },
    swept: 0,
    generation: 0,
    changes: [],
    isVisibleChange: false,
  }
}

type Result = Pick<
  TableOutcome['counts'],
  'inserted' | 'updated' | 'unchanged' | 'superseded' | 'deleted' | 'deadLettered'
>

async function applyRecords(
  connection: DuckDBConnection,
  work: TableWork,
  open: OpenTable,
  incoming: readonly Incoming[],
): Promise<Result> {
  const { table } = work
  if (work.isOutdated) {
    const records = table.files.reduce((sum, file) => sum + (file.rows ?? 0), 0)
    return { inserted: 0, updated: 0, unchanged: 0, superseded: records, deleted: 0, deadLettered: 0 }
  }
  const byKey = table.disposition === 'merge' || table.disposition === 'history'
  return byKey ? applyByKey(connection, work, open, incoming) : applyRows(connection, work, open, incoming)
}

async function readAll(connection: DuckDBConnection, work: TableWork, open: OpenTable): Promise<Incoming[]> {
  const incoming: Incoming[] = []
  for (const index of work.table.files.keys()) {
    const input = readInput(work.table, open, index, work.locate)
    const read = await guarded(work, input, undefined, () =>
      prepareRead(connection, input, work.table, work.isCareful),
    )
    incoming.push(
      work.isCareful ? await separateBadRows(connection, input, read, index) : { read, select: read.strict },
    )
  }
  return incoming
}

/** Appends rows as they come. */
async function applyRows(
  connection: DuckDBConnection,
  work: TableWork,
  open: OpenTable,
  incoming: readonly Incoming[],
): Promise<Result> {
  let inserted = 0
  for (const [index, one] of incoming.entries()) {
    inserted += await guarded(work, readInput(work.table, open, index, work.locate), one.read, async () => {
      const columns = [...open.columns.map(({ name }) => name), '_caudal_extra', '_caudal_load']
      const { load } = rankOf(work.table, work.load.id, work.isCareful)
      const select = `SELECT *, ${load} AS _caudal_load FROM (${one.select})`
      return work.inserter.insert({ target: open.work, columns, select, isWritersOwn: work.isCareful })
    })
  }
  const deadLettered = await keepBad(connection, work, incoming, inserted)
  return { inserted, updated: 0, unchanged: 0, superseded: 0, deleted: 0, deadLettered }
}

/** Temporary table of the rows that a load brings. */
const incomingTable = { name: '_incoming' }

/** Gathers rows in `_incoming`, then merges them by key or adds them to the history. */
async function applyByKey(
  connection: DuckDBConnection,
  work: TableWork,
  open: OpenTable,
  incoming: readonly Incoming[],
): Promise<Result> {
  const { table } = work
  const hasOperations = table.files.some((file) => file.hasOperations === true)
  const rank = rankOf(table, work.load.id, work.isCareful)
  await createIncoming(connection, open, hasOperations, rank)
  for (const [index, one] of incoming.entries()) {
    const isMarked = !hasOperations || work.table.files[index]?.hasOperations === true
    await guarded(work, readInput(work.table, open, index, work.locate), one.read, async () => {
      const columns = [
        ...open.columns.map(({ name }) => name),
        '_caudal_extra',
        ...(rank.isExplicit ? ['_caudal_row'] : []),
        ...(hasOperations ? ['_caudal_operation'] : []),
      ]
      const select = isMarked ? one.select : `SELECT *, 'upsert' AS _caudal_operation FROM (${one.select})`
      return work.inserter.insert({ target: incomingTable, columns, select, isWritersOwn: work.isCareful })
    })
  }
  const keyless = await keepKeylessRows(connection, work.load, table, open, rank)
  if (keyless > 0 && !work.isCareful && table.files.some(hasOwnLines)) throw keylessRows(work, open)
  const good = await number(connection, 'SELECT count(*) FROM _incoming')
  const deadLettered = keyless + (await keepBad(connection, work, incoming, good))
  if (table.snapshot !== undefined && table.deletes === 'key sweep')
    await noteSeenKeys(connection, table, { incoming, keyless })
  const counts =
    table.disposition === 'merge'
      ? await merge(connection, table, open, rank, hasOperations)
      : await addHistory(connection, table, open, rank, hasOperations)
  return { ...counts, deadLettered }
}

/** Whether the file came from outside: its rows without a key are kept as they stand in it. */
function hasOwnLines(file: StagedFile): boolean {
  return file.rows === undefined && (file.format === 'csv' || file.format === 'ndjson')
}

function keylessRows(work: TableWork, open: OpenTable): MisfitError {
  const input = readInput(work.table, open, 0, work.locate)
  return new MisfitError(work.index, input, undefined, unreadable(input, new Error('rows have no key')))
}

async function createIncoming(
  connection: DuckDBConnection,
  open: OpenTable,
  hasOperations: boolean,
  rank: Rank,
): Promise<void> {
  const operation = hasOperations ? `, 'upsert' AS _caudal_operation` : ''
  const row = rank.isExplicit ? ', 0::BIGINT AS _caudal_row' : ''
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE _incoming AS SELECT ${names(open.columns)}, _caudal_extra${operation}${row} FROM ${relation(open.work)} LIMIT 0`,
  )
}

async function keepBad(
  connection: DuckDBConnection,
  work: TableWork,
  incoming: readonly Incoming[],
  good: number,
): Promise<number> {
  let bad = 0
  for (const one of incoming) bad += await countBad(connection, one)
  if (bad === 0) return 0
  if (work.table.contract.types === 'freeze')
    throw frozen(work.table, 'types', `${bad} values that do not fit their columns`)
  await refuseBadShare(connection, work.table, incoming, good, bad)
  for (const one of incoming) await keepBadRows(connection, work.load, work.table, one)
  return bad
}

/** Turns the engine's refusal of a file into a {@link MisfitError}, so that the commit can try another way. */
async function guarded<T>(
  work: TableWork,
  input: ReadInput,
  read: FileRead | undefined,
  step: () => Promise<T>,
): Promise<T> {
  try {
    return await step()
  } catch (error) {
    if (CaudalError.isInstance(error) || !isReadError(error)) throw error
    throw new MisfitError(work.index, input, read, unreadable(input, error))
  }
}
