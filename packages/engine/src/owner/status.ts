import type { Lake, Manifest, StageRecord, StatusAnswer, Warehouse } from '@caudal/spec'
import { formatTableName } from '@caudal/spec'
import { retiredOf } from '../load/retention.ts'
import { healthOf } from './health.ts'

/** Freshness, dead letters and disk use of every table and model. */
export async function statusOf(
  manifest: Manifest,
  target: string,
  warehouse: Warehouse,
  lake: Lake,
  stages: ReadonlyMap<string, StageRecord>,
): Promise<StatusAnswer> {
  const [relations, versions, letters] = await Promise.all([
    warehouse.introspect(),
    warehouse.state.versions(),
    warehouse.state.deadLetters({ status: 'open', limit: 1_000_000 }),
  ])
  const times = await commitTimes(warehouse)
  const rowsOf = new Map(relations.map((relation) => [formatTableName(relation.table), relation.rows]))
  const lettersOf = new Map<string, number>()
  for (const letter of letters) {
    if (letter.status !== 'open') continue
    const name = formatTableName(letter.table)
    lettersOf.set(name, (lettersOf.get(name) ?? 0) + 1)
  }
  const names = [
    ...manifest.sources.flatMap((source) => source.streams.map((stream) => stream.table)),
    ...manifest.tables.map((table) => table.name),
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
      deadLetters: lettersOf.get(table) ?? 0,
    }
  })
  const kept = await retentions(manifest, lake)
  const sequence = Math.max(0, ...Object.values(versions))
  return {
    project: manifest.name,
    target,
    sequence,
    tables: tables.map((one) => ({ ...one, ...kept.get(one.table) })),
    disk: { warehouseBytes: await warehouseBytes(warehouse), lakeBytes: await lakeBytes(lake) },
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

/** Ledger sequence number → when it was committed, for the newest entries. */
export async function commitTimes(warehouse: Warehouse): Promise<ReadonlyMap<number, string>> {
  const versions = Object.values(await warehouse.state.versions())
  if (versions.length === 0) return new Map()
  const oldest = Math.min(...versions)
  const entries = await warehouse.state.ledger(oldest - 1, 1_000_000)
  return new Map(entries.map((entry) => [entry.sequence, entry.committedAt]))
}

async function lakeBytes(lake: Lake): Promise<number> {
  let bytes = 0
  for await (const object of lake.list('')) bytes += object.bytes
  return bytes
}

async function warehouseBytes(warehouse: Warehouse): Promise<number> {
  if (warehouse.capabilities.dialect !== 'duckdb') return 0
  const sql = 'SELECT sum(block_size * total_blocks)::BIGINT AS bytes FROM pragma_database_size()'
  for await (const chunk of warehouse.query(sql, {}, AbortSignal.timeout(10_000)))
    return Number(chunk.values[0]?.[0] ?? 0)
  return 0
}
