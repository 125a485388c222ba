import type { OwnerService } from '@caudal/engine'
import type { ErrorReport, Manifest, PushEvent } from '@caudal/spec'
import { dashboards } from './dashboards.ts'
import { createGraph } from './graph.ts'
import { createLead, createLeads, today, type Lead } from './leads.ts'
import { metrics } from './metrics.ts'
import { createRandom } from './random.ts'
import { FakeRuns } from './runs.ts'
import { createFakeTiles } from './tile-service.ts'

/** What a fake project is like. */
export interface FakeOwnerOptions {
  /** A project in which nothing has been written or run. */
  readonly isEmpty?: boolean
  /** Mistakes in its configuration. */
  readonly problems?: readonly ErrorReport[]
  /** So many more models in its graph. */
  readonly moreModels?: number
}

/**
 * A pretend project in memory, with the leads of a pretend company: the same for the same seed. It does what an owner process does for the
 * console, so that the real server can serve it.
 */
export class FakeOwner implements OwnerService {
  readonly target: string = 'dev'
  readonly manifest: Manifest
  readonly runs: FakeRuns
  readonly tiles: OwnerService['tiles']
  readonly leads: Lead[]
  #sequence = 40
  isMended = false
  /** Of the files as they are now, while the version before is served. */
  problems: readonly ErrorReport[] = []
  readonly #options: FakeOwnerOptions
  readonly #random = createRandom(99)
  readonly #listeners = new Set<(event: PushEvent) => void>()

  constructor(options: FakeOwnerOptions = {}) {
    this.#options = options
    this.manifest = manifestOf(options)
    this.leads = options.isEmpty === true ? [] : createLeads(7)
    this.runs = new FakeRuns(
      () => Date.now(),
      (event) => this.#emit(event),
      options.isEmpty === true ? 0 : 64,
    )
    this.tiles = createFakeTiles({
      leads: this.leads,
      now: () => new Date().toISOString(),
      isMended: () => this.isMended,
      sequence: () => this.#sequence,
    })
  }

  withVersion<T>(_version: object, act: (runs: FakeRuns) => Promise<T>): Promise<T> {
    return act(this.runs)
  }

  /** A deal of today is won: the commit reaches every listener. */
  sell(): Lead {
    let lead = createLead(this.leads.length + 1, today, this.#random)
    while (!lead.isWon) lead = createLead(this.leads.length + 1, today, this.#random)
    this.leads.push(lead)
    this.commit()
    return lead
  }

  /** A commit that changes the leads. */
  commit(): void {
    this.#sequence++
    this.#emit({ kind: 'commit', sequence: this.#sequence, tables: ['marts.leads'] })
  }

  sequence(): Promise<number> {
    return Promise.resolve(this.#sequence)
  }

  status(): ReturnType<OwnerService['status']> {
    const { nodes } = createGraph(Date.now(), 0)
    const tables = nodes.filter((node) => node.kind === 'table' || node.kind === 'model')
    return Promise.resolve({
      project: this.manifest.name,
      target: this.target,
      sequence: this.#sequence,
      tables:
        this.#options.isEmpty === true
          ? []
          : tables.map(({ id, health, rows, freshAt }) => ({
              table: id,
              health,
              deadLetters: id === 'crm.deals' ? 12 : 0,
              ...(rows === undefined ? {} : { rows }),
              ...(freshAt === undefined ? {} : { freshAt }),
            })),
      disk: { warehouseBytes: 482_344_960, lakeBytes: 1_893_220_110 },
    })
  }

  graph(): ReturnType<OwnerService['graph']> {
    if (this.#options.isEmpty === true) return Promise.resolve({ nodes: [], edges: [] })
    return Promise.resolve(createGraph(Date.now(), this.#options.moreModels ?? 0))
  }

  query(): never {
    throw new Error('Invariant broken: the console asks no free queries')
  }

  subscribe(listener: (event: PushEvent) => void, after?: number): () => void {
    this.#listeners.add(listener)
    if (after !== undefined && after < this.#sequence) {
      listener({ kind: 'commit', sequence: this.#sequence, tables: ['marts.leads'] })
    }
    return () => this.#listeners.delete(listener)
  }

  #emit(event: PushEvent): void {
    for (const listener of this.#listeners) listener(event)
  }
}

function manifestOf(options: FakeOwnerOptions): Manifest {
  const isEmpty = options.isEmpty === true
  return {
    format: 1,
    name: 'acme-sales',
    path: '/project',
    fingerprint: 'a1b2c3d4e5f6',
    timeZone: 'Europe/Madrid',
    locale: 'en-GB',
    currency: 'EUR',
    targets: [],
    defaultTarget: 'dev',
    sources: [],
    pipelines: [],
    tables: [],
    models: [],
    checks: [],
    tests: [],
    metrics: [...metrics.values()].map(({ node }) => node),
    dashboards: isEmpty ? [] : dashboards,
    problems: options.problems ?? [],
  }
}
