import {
  rawTables,
  type Lake,
  type Manifest,
  type StageRecord,
  type StatusAnswer,
  type Warehouse,
} from '@caudal/spec'
import { stat } from 'node:fs/promises'
import { queryRecords } from '../check/records.ts'
import { retiredOf } from '../load/retention.ts'
import type { TableVersions } from '../metric/tile-service.ts'
import { countRows } from './count-rows.ts'
import { healthOf } from './health.ts'
import type { LakeSize } from './lake-size.ts'

/** Freshness, dead letters and disk use of every table and model. */
export async function statusOf(
  manifest: Manifest,
  target: string,
  warehouse: Warehouse,
  lake: Lake,
  stages: ReadonlyMap<string, StageRecord>,
  lakeSize: LakeSize,
): Promise<StatusAnswer> {
  const [relations, versions, letters] = await Promise.all([
    warehouse.introspect(),
    warehouse.state.versions(),
    openLetters(warehouse),
  ])
  const times = await commitTimes(warehouse, versions)
  const rowsOf = await countRows(warehouse, relations)
  const names = [
    ...rawTables(manifest).map((table) => table.name),
    ...manifest.models.map((model) => model.name),
  ]
  const tables = names.map((table) => {
    const version = versions[table]
    const freshAt = version === undefined ? undefined : times.get(version)
    const rows = rowsOf.get(table)
    return {
      table,
      ...(rows === undefined ? {} : { rows }),
      ...(freshAt === undefined ? {} : { freshAt }),
      health: healthOf(manifest, stages, table, rowsOf.has(table)).health,
      deadLetters: letters.get(table) ?? 0,
      ...reconciliationOf(stages, table),
    }
  })
  const kept = await retentions(manifest, lake)
  return {
    project: manifest.name,
    target,
    sequence: newestSequence(versions),
    tables: tables.map((one) => ({ ...one, ...kept.get(one.table) })),
    disk: { warehouseBytes: await warehouseBytes(warehouse), lakeBytes: await lakeSize.bytes() },
  }
}

/** Table → how long its raw files are kept, and what of them is gone. */
async function retentions(
  manifest: Manifest,
  lake: Lake,
): Promise<ReadonlyMap<string, Pick<StatusAnswer['tables'][number], 'retention'>>> {
  const kept = new Map<string, Pick<StatusAnswer['tables'][number], 'retention'>>()
  for (const source of manifest.sources) {
    for (const { name, table, retentionDays: days } of source.streams) {
      if (days === undefined) continue
      kept.set(table, { retention: { days, ...(await retiredOf(lake, source.name, name)) } })
    }
  }
  return kept
}

function reconciliationOf(
  stages: ReadonlyMap<string, StageRecord>,
  table: string,
): Pick<StatusAnswer['tables'][number], 'reconciliation' | 'sourceRows'> {
  const [source = ''] = table.split('.')
  const found = stages.get(`extract ${source}`)?.reconciliation?.find((one) => one.table === table)
  if (found === undefined) return {}
  return {
    reconciliation: found.verdict,
    ...(found.source === undefined ? {} : { sourceRows: found.source }),
  }
}

/** The newest of the versions; 0: there is none. */
export function newestSequence(versions: TableVersions): number {
  return Math.max(0, ...Object.values(versions))
}

/** Ledger sequence number → when it was committed, for the newest entry of each table: the cost does not grow with the ledger. */
export async function commitTimes(
  warehouse: Warehouse,
  versions: TableVersions,
): Promise<ReadonlyMap<number, string>> {
  const distinct = new Set(Object.values(versions))
  const entries = await Promise.all([...distinct].map((version) => warehouse.state.ledger(version - 1, 1)))
  return new Map(entries.flat().map((entry) => [entry.sequence, entry.committedAt]))
}

/** Table → its dead letters that wait. */
async function openLetters(warehouse: Warehouse): Promise<ReadonlyMap<string, number>> {
  const counted = await queryRecords(
    warehouse,
    `select schema_name || '.' || table_name as name, count(*) as letters from _caudal.dead_letters
      where status = 'open' group by 1`,
    {},
    AbortSignal.timeout(10_000),
  )
  return new Map(counted.map(({ name, letters }) => [String(name), Number(letters)]))
}

/** Bytes of the warehouse's file and of what it has not yet taken over from its write-ahead log. */
async function warehouseBytes(warehouse: Warehouse): Promise<number> {
  if (warehouse.capabilities.dialect !== 'duckdb') return 0
  const [found] = await queryRecords(
    warehouse,
    `SELECT (SELECT sum(block_size * total_blocks)::BIGINT FROM pragma_database_size()) AS bytes,
      (SELECT path FROM duckdb_databases() WHERE database_name = current_database()) AS path`,
    {},
    AbortSignal.timeout(10_000),
  )
  const log = await stat(`${String(found?.['path'])}.wal`).catch(() => undefined)
  return Number(found?.['bytes'] ?? 0) + (log?.size ?? 0)
}
