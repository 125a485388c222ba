import {
  CaudalError,
  formatTableName,
  supportsFlush,
  type LoadOutcome,
  type PushEvent,
  type Warehouse,
} from '@caudal/spec'
import { Committer } from '../load/committer.ts'
import { WriterLane } from '../load/lane.ts'
import { LoadClock } from '../load/load-id.ts'
import type { StagedLoad } from '../load/staged-load.ts'
import type { Destination } from '../pipeline/flush/destination.ts'
import type { RunContext } from '../run/context.ts'
import type { Stores } from './open-stores.ts'
import type { ProjectVersion } from './project-versions.ts'

type Receive = (load: StagedLoad) => Promise<void>

/** What runs work with: the owner's stores, its one lane for writers, the ids of loads, and who waits for which loads. */
export class RunContexts {
  readonly #stores: Stores
  readonly #lane: WriterLane
  readonly #committer: Committer
  readonly #emit: (event: PushEvent) => void
  readonly #receivers = new Map<string, Receive>()
  #lastLoad: string

  constructor(stores: Stores, emit: (event: PushEvent) => void) {
    this.#stores = stores
    this.#emit = emit
    this.#lastLoad = stores.lastLoad
    this.#lane = new WriterLane(stores.readers)
    this.#committer = new Committer(stores.warehouse, stores.lake, this.#lane)
  }

  /** `run source` → who waits for its loads. */
  get receivers(): ReadonlyMap<string, Receive> {
    return this.#receivers
  }

  /** Where the flushes of pipelines take effect: in the lane of all writers, before loads. */
  destination(): Destination {
    const { warehouse } = this.#stores
    let clock: Promise<LoadClock> | undefined
    return {
      positions: (pipeline) => warehouse.state.positions(pipeline),
      nextLoadId: async () => (await (clock ??= flushClock(warehouse))).next(),
      flush: async (load, signal) => {
        if (!supportsFlush(warehouse)) throw noFlush(warehouse.name)
        const outcome = await this.#lane.run('stream', () => warehouse.flush(load, signal))
        const tables = load.tables.map(({ table }) => formatTableName(table))
        if (tables.length > 0 && !outcome.wasApplied)
          this.#emit({ kind: 'commit', sequence: outcome.sequence, tables })
        return outcome
      },
    }
  }

  /** The context of a run with a version of the project. */
  of({ manifest, worker }: Pick<ProjectVersion, 'manifest' | 'worker'>): RunContext {
    const { warehouse, lake, readers, target } = this.#stores
    return {
      manifest,
      worker,
      warehouse,
      lake,
      lakeReference: target.lake,
      lane: this.#lane,
      readers,
      committer: this.#committer,
      lastLoad: () => this.#lastLoad,
      nextLoad: () => (this.#lastLoad = new LoadClock(this.#lastLoad).next()),
      receiveLoads: (run, source, receive) => {
        const key = `${run} ${source}`
        this.#receivers.set(key, receive)
        return () => void this.#receivers.delete(key)
      },
      committed: (load, outcome) => this.#committed(load, outcome),
      published: (sequence, tables) => this.#emit({ kind: 'commit', sequence, tables }),
    }
  }

  #committed(load: StagedLoad, outcome: LoadOutcome): void {
    if (load.id > this.#lastLoad) this.#lastLoad = load.id
    const tables = outcome.tables
      .filter((table) => table.isVisibleChange)
      .map((table) => formatTableName(table.table))
    if (tables.length > 0) this.#emit({ kind: 'commit', sequence: outcome.sequence, tables })
  }
}

/** Half a millisecond off the clock of loads, which counts up from whole ones: a flush and a load never get one id. */
async function flushClock(warehouse: Warehouse): Promise<LoadClock> {
  const clock = new LoadClock('', () => Date.now() + 0.5)
  for (const { load } of await warehouse.state.newestLoads()) clock.passed(load)
  return clock
}

function noFlush(warehouse: string): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_PIPELINE_WAREHOUSE',
    message: `The warehouse ${warehouse} does not take the flushes of pipelines. Nothing was written; the events stay in the log.`,
    hint: 'Name a warehouse that does in the target: duckdb().',
  })
}
