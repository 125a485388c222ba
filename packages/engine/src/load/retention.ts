import { formatTableName, type Lake, type LoadId, type StreamDescription, type Warehouse } from '@caudal/spec'
import {
  fillsTable,
  listStreamLoads,
  loadDay,
  loadFolder,
  retiredName,
  streamFolder,
  type LakeLoad,
  type StagedLoad,
} from './staged-load.ts'

/** Rows that are in no raw file any more, so that a rebuild cannot bring them back. */
export interface MissingRows {
  readonly table: string
  readonly loads: number
  /** Absent when the files did not say how many they had. */
  readonly rows?: number
  /** Days of the first and the last of the loads, UTC. */
  readonly from: string
  readonly to: string
}

/**
 * Removes the raw files of a stream that are older than its retention, once their loads have taken effect and left no open dead letter. Each
 * removal is recorded first, and the load's manifest stays: a rebuild keeps the order of positions and tells what it lacks.
 * @returns the loads whose files were removed.
 */
export async function enforceRetention(
  { lake, warehouse }: { readonly lake: Lake; readonly warehouse: Warehouse },
  source: string,
  stream: Pick<StreamDescription, 'name' | 'retentionDays'>,
  now: Date = new Date(),
): Promise<LoadId[]> {
  const { name, retentionDays } = stream
  if (retentionDays === undefined) return []
  const before = new Date(now.getTime() - retentionDays * 86_400_000)
  const limit = String(before.getTime() * 1000).padStart(16, '0')
  const [newest, letters] = await Promise.all([
    warehouse.state.newestLoads(),
    warehouse.state.deadLetters({ source, stream: name, status: 'open', limit: 1_000_000 }),
  ])
  const last = newest.find((one) => one.source === source && one.stream === name)?.load ?? ''
  const needed = new Set(letters.map((letter) => letter.load))
  const retired: LoadId[] = []
  for (const { load, missing } of await listStreamLoads(lake, streamFolder(source, name))) {
    const isKept = load.id >= limit || load.id > last || needed.has(load.id)
    if (isKept || load.files.length === missing.length) continue
    await retire(lake, load, retentionDays)
    retired.push(load.id)
  }
  return retired
}

/** What the files of loads that are gone held, by table; what a complete read among all loads replaced later is not missed. */
export function missingRows(gone: readonly LakeLoad[], all: readonly LakeLoad[]): MissingRows[] {
  const byTable = new Map<string, StagedLoad[]>()
  const replaced = replacedBefore(all.map(({ load }) => load))
  for (const { load } of gone) {
    const table = formatTableName(load.table)
    if (load.id < (replaced.get(table) ?? '')) continue
    byTable.set(table, [...(byTable.get(table) ?? []), load])
  }
  return [...byTable].map(([table, list]) => {
    const counts = list.flatMap((load) => load.files.map((file) => file.rows))
    const rows = counts.reduce<number | undefined>(
      (sum, count) => (sum === undefined || count === undefined ? undefined : sum + count),
      0,
    )
    const days = list.map((load) => loadDay(load.id)).toSorted()
    return {
      table,
      loads: list.length,
      from: days[0] ?? '',
      to: days.at(-1) ?? '',
      ...(rows === undefined ? {} : { rows }),
    }
  })
}

/** What of a stream's raw files is gone: how many loads, and the day of the newest. */
export async function retiredOf(
  lake: Lake,
  source: string,
  stream: string,
): Promise<{ readonly retiredLoads: number; readonly retiredUntil?: string }> {
  let retiredLoads = 0
  let newest: LoadId | undefined
  for await (const { key } of lake.list(streamFolder(source, stream))) {
    const [id, name] = key.split('/').slice(-2)
    if (id === undefined || name !== retiredName) continue
    retiredLoads++
    if (newest === undefined || id > newest) newest = id
  }
  return { retiredLoads, ...(newest === undefined ? {} : { retiredUntil: loadDay(newest) }) }
}

/** One sentence for people. */
export function describeMissing({ table, loads, rows, from, to }: MissingRows): string {
  const what = rows === undefined ? 'rows of unknown number' : `${rows} rows`
  const when = from === to ? from : `${from} to ${to}`
  return `${table} lacks ${what} of ${loads} ${loads === 1 ? 'load' : 'loads'} (${when}): their raw files are not in the lake any more`
}

async function retire(lake: Lake, load: StagedLoad, retentionDays: number): Promise<void> {
  const folder = loadFolder(load.source, load.stream, load.id)
  const record = { retiredAt: new Date().toISOString(), retentionDays, files: load.files }
  await lake.putIfAbsent(`${folder}/${retiredName}`, Buffer.from(JSON.stringify(record)))
  for (const file of load.files) {
    await lake.delete(file.key)
    if (file.convertedFrom !== undefined) await lake.delete(file.convertedFrom)
  }
}

/** Table → the load that began its last complete read. */
function replacedBefore(loads: readonly StagedLoad[]): ReadonlyMap<string, LoadId> {
  const began = new Map<string, LoadId>()
  for (const load of loads) {
    if (load.snapshot?.complete === true && fillsTable(load))
      began.set(formatTableName(load.table), load.snapshot.id)
  }
  return began
}
