import type { OwnerService, RunRequest, TileCell } from '@caudal/engine'
import {
  CaudalError,
  toErrorReport,
  type ColumnChunk,
  type DashboardNode,
  type Manifest,
  type PushEvent,
  type TileAnswer,
  type TileData,
  type ViewState,
} from '@caudal/spec'
import { RunsInMemory } from './runs-in-memory.ts'

/** A deal of the fake warehouse. */
export interface Deal {
  readonly id: string
  readonly sdr: string | null
  readonly amount: number
}

const label = (en: string, es: string): { en: string; es: string } => ({ en, es })
const money = { kind: 'currency', currency: 'EUR', decimals: 2 } as const

const dashboard: DashboardNode = {
  name: 'sales',
  title: label('Sales', 'Ventas'),
  filters: ['sdr'],
  range: 'last 30 days',
  comparison: 'previous period',
  rows: [
    [
      { id: 'revenue', kind: 'number', title: label('Revenue', 'Ingresos'), width: 4, metric: 'revenue' },
      {
        id: 'by-sdr',
        kind: 'leaderboard',
        title: label('By SDR', 'Por SDR'),
        width: 8,
        metrics: ['revenue'],
        by: 'sdr',
        top: 10,
      },
    ],
    [
      { id: 'emails', kind: 'number', title: label('E-mails', 'Correos'), width: 6, metric: 'emails' },
      { id: 'broken', kind: 'number', title: label('Broken', 'Rota'), width: 6, metric: 'broken' },
    ],
  ],
  place: 'dashboards/sales.ts:1',
}

function manifestOf(fingerprint: string): Manifest {
  return {
    format: 1,
    name: 'acme-sales',
    path: '/projects/acme',
    fingerprint,
    timeZone: 'Europe/Madrid',
    locale: 'es-ES',
    currency: 'EUR',
    targets: [],
    defaultTarget: 'dev',
    sources: [],
    pipelines: [],
    tables: [],
    models: [],
    checks: [],
    tests: [],
    metrics: [],
    dashboards: [dashboard],
    problems: [],
  }
}

interface Commit {
  readonly sequence: number
  readonly tables: readonly string[]
}

/**
 * A fake owner: deals and e-mails in arrays, a ledger of commits, runs that end when they are told to. It keeps the contracts of
 * {@link OwnerService}: an answer includes every commit before it, and `subscribe` replays the commits after a number.
 */
export class FakeService implements OwnerService {
  manifest: Manifest = manifestOf('f1')
  problems: OwnerService['problems'] = []
  /** Fingerprints of the versions that were opened for attached processes. */
  readonly opened: string[] = []
  readonly target = 'dev'
  readonly deals: Deal[] = []
  emails = 0
  /** How often each tile was computed. */
  readonly computed = new Map<string, number>()
  /** How long a tile takes. */
  tileMs = 0
  /** Queries that were aborted. */
  abortedQueries = 0
  /** What was asked of `runs.start`. */
  readonly started: RunRequest[] = []
  readonly #ledger: Commit[] = []
  readonly #history = new RunsInMemory((event) => this.emit(event))
  readonly #listeners = new Set<(event: PushEvent) => void>()

  get listeners(): number {
    return this.#listeners.size
  }

  /** Commits deals. @returns the sequence number. */
  sell(...deals: readonly Deal[]): number {
    this.deals.push(...deals)
    return this.#commit(['marts.deals'])
  }

  /** Commits e-mails. @returns the sequence number. */
  send(count: number): number {
    this.emails += count
    return this.#commit(['marts.emails'])
  }

  async withVersion<T>(
    { fingerprint }: { readonly projectPath: string; readonly fingerprint: string },
    act: (runs: Pick<OwnerService['runs'], 'plan' | 'start'>) => Promise<T>,
  ): Promise<T> {
    this.opened.push(fingerprint)
    return act(this.runs)
  }

  reload(fingerprint: string): void {
    this.manifest = manifestOf(fingerprint)
    this.emit({ kind: 'project', fingerprint })
  }

  emit(event: PushEvent): void {
    for (const listener of this.#listeners) listener(event)
  }

  async endRun(id: string, state: 'succeeded' | 'failed', error?: Error): Promise<void> {
    const run = await this.#history.get(id)
    this.#history.put({ ...run, state, ...(error === undefined ? {} : { error: toErrorReport(error) }) })
  }

  readonly runs: OwnerService['runs'] = {
    plan: async (request) => ({
      plan: {
        target: 'dev',
        stages: request.select.map((name) => ({
          kind: 'model',
          id: `model ${name}`,
          model: name,
          action: 'refresh',
          reason: JSON.stringify(request),
          intervals: [],
          after: [],
        })),
      },
      fingerprint: this.manifest.fingerprint,
    }),
    start: async (request) => {
      this.started.push(request)
      return this.#history.put({
        id: `r${this.#history.size + 1}`,
        target: 'dev',
        trigger: request.trigger,
        state: 'running',
        queuedAt: new Date(0).toISOString(),
        fingerprint: this.manifest.fingerprint,
        stages: [],
      })
    },
    cancel: (id) => this.#history.cancel(id),
    list: (limit, before) => this.#history.list(limit, before),
    get: (id) => this.#history.get(id),
    schedules: async () => [{ source: 'crm', schedule: 'every 15 minutes' }],
  }

  readonly tiles: OwnerService['tiles'] = {
    dashboard: (name) => {
      if (name === 'sales') {
        const { timeZone, locale, currency } = this.manifest
        return { dashboard, dimensions: [], unreached: {}, timeZone, locale, currency }
      }
      throw new CaudalError({
        code: 'CAUDAL_DASHBOARD_UNKNOWN',
        message: `There is no dashboard \`${name}\`.`,
      })
    },
    answer: (_dashboard, tile, view, _viewer, signal) => this.#answer(tile, view, signal),
    reads: (_dashboard, tile) => (tile === 'emails' ? ['marts.emails'] : ['marts.deals']),
    rows: async (_dashboard, _tile, view, cell, _viewer, limit) => this.#rows(view, cell, limit),
    values: async (_dashboard, dimension) => ({
      dimension,
      values: [...new Set(this.deals.map((deal) => deal.sdr))],
      isCut: false,
    }),
  }

  sequence(): Promise<number> {
    return Promise.resolve(this.#ledger.length)
  }

  async status(): Promise<Awaited<ReturnType<OwnerService['status']>>> {
    const disk = { warehouseBytes: 0, lakeBytes: 0 }
    return {
      project: this.manifest.name,
      target: this.target,
      sequence: this.#ledger.length,
      tables: [],
      disk,
    }
  }

  async graph(): Promise<Awaited<ReturnType<OwnerService['graph']>>> {
    const error = toErrorReport(new Error('cannot reach postgres://ana:S3cr3tPass@db/crm'))
    const node = {
      id: 'crm',
      kind: 'source',
      label: 'crm',
      health: 'failing',
      failingChecks: [],
      error,
    } as const
    return { nodes: [node], edges: [] }
  }

  async *query(sql: string, parameters: object, signal: AbortSignal): AsyncIterable<ColumnChunk> {
    if (sql.startsWith('drop'))
      throw new CaudalError({ code: 'CAUDAL_QUERY_INVALID', message: 'Not read-only.' })
    const columns = [{ name: 'n', type: { kind: 'integer' } }] as const
    try {
      for (let n = 0; sql.includes('forever') || n < 3; n++) {
        if (sql.includes('break') && n === 2)
          throw new CaudalError({ code: 'X_BROKE', message: 'The disk is gone.' })
        signal.throwIfAborted()
        yield { columns, rows: 1, values: [[`${n} ${JSON.stringify(parameters)}`]] }
      }
    } finally {
      if (signal.aborted) this.abortedQueries++
    }
  }

  subscribe(listener: (event: PushEvent) => void, after?: number): () => void {
    for (const commit of after === undefined ? [] : this.#ledger.slice(after))
      listener({ kind: 'commit', ...commit })
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #commit(tables: readonly string[]): number {
    const commit = { sequence: this.#ledger.length + 1, tables }
    this.#ledger.push(commit)
    this.emit({ kind: 'commit', ...commit })
    return commit.sequence
  }

  async #answer(tile: string, view: ViewState, signal: AbortSignal): Promise<TileAnswer> {
    this.computed.set(tile, (this.computed.get(tile) ?? 0) + 1)
    const sequence = this.#ledger.length
    const data = this.#data(tile, view)
    if (this.tileMs > 0) await new Promise((resolve) => setTimeout(resolve, this.tileMs))
    signal.throwIfAborted()
    if (data === undefined) {
      return {
        tile,
        state: 'error',
        error: toErrorReport(new Error('column "password=hunter22" is missing')),
      }
    }
    return { tile, state: 'ready', data, sequence, asOf: new Date(0).toISOString(), sql: 'select 1' }
  }

  #data(tile: string, view: ViewState): TileData | undefined {
    const deals = this.#deals(view)
    if (tile === 'emails') return number(String(this.emails))
    if (tile === 'revenue') return number(total(deals), view.comparison === 'none' ? undefined : '0.00')
    if (tile !== 'by-sdr') return undefined
    const sdrs = [...new Set(deals.map((deal) => deal.sdr))]
    return {
      kind: 'categories',
      dimension: { name: 'sdr', label: label('SDR', 'SDR'), column: 'sdr' },
      metrics: [{ name: 'revenue', label: label('Revenue', 'Ingresos'), format: money, direction: 'up' }],
      rows: sdrs.map((sdr) => ({ value: sdr, values: [total(deals.filter((deal) => deal.sdr === sdr))] })),
    }
  }

  #rows(view: ViewState, cell: TileCell, limit: number): Awaited<ReturnType<OwnerService['tiles']['rows']>> {
    const deals = this.#deals(view).filter((deal) => !('sdr' in cell.at) || deal.sdr === cell.at['sdr'])
    return {
      columns: [
        { name: 'id', type: { kind: 'text' } },
        { name: 'sdr', type: { kind: 'text' } },
        { name: 'amount', type: { kind: 'decimal', precision: 18, scale: 2 } },
      ],
      rows: deals.slice(0, limit).map((deal) => [deal.id, deal.sdr, deal.amount.toFixed(2)]),
      isCut: deals.length > limit,
    }
  }

  #deals(view: ViewState): readonly Deal[] {
    const sdrs = view.filters['sdr'] ?? []
    return sdrs.length === 0 ? this.deals : this.deals.filter((deal) => sdrs.includes(deal.sdr))
  }
}

function number(value: string, previous?: string): TileData {
  return {
    kind: 'number',
    value,
    ...(previous === undefined ? {} : { previous }),
    spark: [],
    format: money,
    direction: 'up',
  }
}

function total(deals: readonly Deal[]): string {
  return deals.reduce((sum, deal) => sum + deal.amount, 0).toFixed(2)
}
