import { normaliseName, type StageRecord, type StreamDescription, type Warehouse } from '@caudal/spec'
import type { StreamExtract } from '../worker/protocol.ts'
import type { RunContext } from './context.ts'

type Verdict = NonNullable<StageRecord['reconciliation']>[number]

/**
 * Compares what the source counts with the live keys of the warehouse. Live keys must lie between the counts before and after the read,
 * widened by one record in a thousand for a source that declares a lag; outside them source and warehouse are counted once more. A stream
 * without keys is compared by rows, one without a count is not.
 */
export async function reconcile(
  context: Pick<RunContext, 'warehouse' | 'worker'>,
  source: string,
  extracts: readonly StreamExtract[],
  signal: AbortSignal,
): Promise<Verdict[]> {
  const verdicts: Verdict[] = []
  for (const { stream, description, counted, error } of extracts) {
    if (error !== undefined || description === undefined) continue
    const table = `${normaliseName(source)}.${normaliseName(stream)}`
    const live = await liveRows(context.warehouse, table, description, signal)
    if (live === undefined) continue
    const isCounted = description.disposition === 'merge' || description.disposition === 'replace'
    if (counted === undefined || !isCounted) {
      verdicts.push({ table, verdict: 'no count', warehouse: live })
      continue
    }
    const counts = [counted.before, counted.after]
    if (judge(description, counts, live) === 'unreconciled') {
      counts.push((await context.worker.count(source, stream, signal)) ?? counted.after)
    }
    verdicts.push({
      table,
      verdict: judge(description, counts, live),
      source: counts.at(-1) ?? 0,
      warehouse: live,
    })
  }
  return verdicts
}

function judge(description: StreamDescription, counts: readonly number[], live: number): Verdict['verdict'] {
  const low = Math.min(...counts)
  const high = Math.max(...counts)
  const lag = (description.lagSeconds ?? 0) > 0 ? Math.ceil(high / 1000) : 0
  const keepsDeleted = description.deletes === 'none' && description.disposition === 'merge'
  const isTooMany = live > high + lag && !keepsDeleted
  if (isTooMany || live < low - lag) return 'unreconciled'
  return live === high && low === high ? 'equal' : 'within lag'
}

async function liveRows(
  warehouse: Warehouse,
  table: string,
  description: StreamDescription,
  signal: AbortSignal,
): Promise<number | undefined> {
  const [schema = '', name = ''] = table.split('.')
  const states = await warehouse.state.tables()
  if (!states.some((state) => state.table.schema === schema && state.table.name === name)) return undefined
  const isSoft = description.deletes === 'soft flag' && description.disposition === 'merge'
  const where = isSoft ? ' WHERE _caudal_deleted_at IS NULL' : ''
  const sql = `SELECT count(*) AS n FROM "${schema}"."${name}"${where}`
  for await (const chunk of warehouse.query(sql, {}, signal)) return Number(chunk.values[0]?.[0] ?? 0)
  return undefined
}
