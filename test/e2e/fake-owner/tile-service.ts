import type { TileService } from '@caudal/engine'
import { CaudalError, suggestion, type RowsAnswer, type TileNode, type ViewState } from '@caudal/spec'
import { dataOf, leadsBehind, valueOf } from './answer.ts'
import { dashboards } from './dashboards.ts'
import type { Lead } from './leads.ts'
import { dimensions } from './metrics.ts'

/** What the tiles of the fake are computed from. */
export interface TileSource {
  readonly leads: readonly Lead[]
  sequence(): number
  now(): string
  /** Whether the broken tile is mended. */
  isMended(): boolean
}

const columns: RowsAnswer['columns'] = [
  { name: 'lead_id', type: { kind: 'integer' } },
  { name: 'day', type: { kind: 'date' } },
  { name: 'account', type: { kind: 'text' } },
  { name: 'sdr', type: { kind: 'text' } },
  { name: 'team', type: { kind: 'text' } },
  { name: 'channel', type: { kind: 'text' } },
  { name: 'is_won', type: { kind: 'boolean' } },
  { name: 'amount', type: { kind: 'decimal', precision: 18, scale: 2 } },
]

/** Answers tiles from leads in memory. */
export function createFakeTiles(source: TileSource): TileService {
  return {
    dashboard(name) {
      const dashboard = dashboards.find((known) => known.name === name)
      if (dashboard === undefined) throw unknown(name)
      return {
        dashboard,
        dimensions,
        unreached: { reply_time: ['channel'] },
        timeZone: 'Europe/Madrid',
        locale: 'en-GB',
        currency: 'EUR',
      }
    },
    async answer(_dashboard, id, view, _viewer, signal) {
      const tile = tileNamed(id)
      if (id === 'slow') await delay(1200, signal)
      if (id === 'broken' && !source.isMended()) return { tile: id, state: 'error', error: brokenTile() }
      return {
        tile: id,
        state: 'ready',
        data: dataOf(tile, source.leads, view),
        sequence: source.sequence(),
        asOf: source.now(),
        sql: sqlOf(tile),
      }
    },
    reads: () => ['marts.leads'],
    rows(_dashboard, id, view, cell, _viewer, limit) {
      const found = rowsOf(source.leads, tileNamed(id), view, cell.metric, cell)
      return Promise.resolve({ columns, rows: found.slice(0, limit), isCut: found.length > limit })
    },
    values(_dashboard, dimension) {
      const counts = Map.groupBy(source.leads, (lead) => valueOf(lead, dimension))
      const values = [...counts].toSorted(([, a], [, b]) => b.length - a.length).map(([value]) => value)
      return Promise.resolve({ dimension, values, isCut: dimension === 'channel' })
    },
  }
}

function rowsOf(
  leads: readonly Lead[],
  tile: TileNode,
  view: ViewState,
  metric: string,
  cell: Parameters<TileService['rows']>[3],
): RowsAnswer['rows'] {
  const behind = leadsBehind(
    leads,
    view,
    cell,
    tile.kind === 'line' && tile.grain === 'week' ? 'week' : undefined,
  )
  const counted = metric === 'won' || metric === 'revenue' ? behind.filter((lead) => lead.isWon) : behind
  return counted
    .toReversed()
    .map((lead) => [
      String(lead.id),
      lead.day,
      lead.account,
      lead.sdr,
      lead.team,
      lead.channel,
      lead.isWon,
      lead.isWon ? `${Math.trunc(lead.cents / 100)}.${String(lead.cents % 100).padStart(2, '0')}` : null,
    ])
}

function tileNamed(id: string): TileNode {
  const found = dashboards.flatMap((dashboard) => dashboard.rows.flat()).find((tile) => tile.id === id)
  if (found === undefined) throw unknown(id)
  return found
}

function unknown(name: string): CaudalError {
  const names = dashboards.map((dashboard) => dashboard.name)
  return new CaudalError({
    code: 'CAUDAL_DASHBOARD_UNKNOWN',
    message: `The project has no dashboard \`${name}\`.${suggestion(name, names)}`,
    hint: `Its dashboards are: ${names.join(', ')}.`,
    context: { dashboard: name },
  })
}

function brokenTile(): ReturnType<CaudalError['toJSON']> {
  return new CaudalError({
    code: 'CAUDAL_METRIC_COLUMN',
    message:
      'The metric `revenue` reads the column `amount_eur` of `marts.leads`, which has no such column. Nothing is shown.',
    hint: 'Rename it in `metrics/sales.ts:12`; `caudal verify` finds this without data.',
    retryable: true,
    context: { metric: 'revenue', missing: 'marts.leads.amount_eur' },
  }).toJSON()
}

function sqlOf(tile: TileNode): string {
  return `select date_trunc('week', lead.day) as bucket,\n       sum(lead.amount) as part_0\nfrom marts.leads as lead\nwhere lead.day >= $from and lead.day < $to\ngroup by 1 -- ${tile.id}`
}

function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason as Error)
    })
  })
}
