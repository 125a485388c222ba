import {
  CaudalError,
  type Lake,
  type Load,
  type LoadId,
  type LoadOutcome,
  type Warehouse,
} from '@caudal/spec'
import type { WriterLane } from './lane.ts'
import { abandonStagedLoad, listUnsettledLoads, type StagedLoad } from './staged-load.ts'

/** How often a load that met a newer generation is prepared again. */
const preparationsMax = 5

/** What recovery found. */
export interface Recovered {
  /** Loads that took effect now. */
  readonly committed: readonly { readonly load: StagedLoad; readonly outcome: LoadOutcome }[]
  readonly abandoned: number
  /** The newest load that is known, applied or not; empty when there is none. */
  readonly newest: LoadId
}

/** Applies staged loads to the warehouse through the writer lane. */
export class Committer {
  readonly #warehouse: Warehouse
  readonly #lake: Lake
  readonly #lane: WriterLane

  constructor(warehouse: Warehouse, lake: Lake, lane: WriterLane) {
    this.#warehouse = warehouse
    this.#lake = lake
    this.#lane = lane
  }

  /** Commits a staged load, preparing it again when its table has changed in the meantime. */
  async commit(staged: StagedLoad, signal: AbortSignal): Promise<LoadOutcome> {
    return this.#lane.run('load', async () => {
      for (let attempt = 1; ; attempt++) {
        const load = await this.#prepare(staged)
        try {
          return await this.#warehouse.commit(load, (key) => this.#lake.locate(key), signal)
        } catch (error) {
          const isStale = CaudalError.isInstance(error) && error.code === 'CAUDAL_LOAD_GENERATION'
          if (!isStale || attempt === preparationsMax) throw error
        }
      }
    })
  }

  /**
   * Commits every complete staged load that is not in the ledger and still fits its position, and marks the others abandoned. Called
   * before anything is extracted, at start and for a source before each read: so the lake alone tells what counts.
   */
  async recover(signal: AbortSignal, source?: string): Promise<Recovered> {
    const committed: Recovered['committed'][number][] = []
    let abandoned = 0
    const newest = await this.#warehouse.state.newestLoads()
    const unsettled = await listUnsettledLoads(this.#lake, newest, source)
    for (const staged of unsettled) {
      try {
        const outcome = await this.commit(staged, signal)
        if (!outcome.wasApplied) committed.push({ load: staged, outcome })
      } catch (error) {
        if (!CaudalError.isInstance(error) || error.retryable) throw error
        await abandonStagedLoad(this.#lake, staged, error.message)
        abandoned++
      }
    }
    const ids = [...newest.map(({ load }) => load), ...unsettled.map(({ id }) => id)]
    return { committed, abandoned, newest: ids.reduce((a, b) => (a > b ? a : b), '') }
  }

  async #prepare(staged: StagedLoad): Promise<Load> {
    const states = await this.#warehouse.state.tables()
    const state = states.find(
      ({ table }) => table.schema === staged.table.schema && table.name === staged.table.name,
    )
    const { table, stream, columns, isTyped, disposition, primaryKey, order, deletes, contract } = staged
    const { files, filtered, snapshot, replacesPartition, rank } = staged
    return {
      id: staged.id,
      source: staged.source,
      run: staged.run,
      tables: [
        {
          table,
          stream,
          generation: state?.generation ?? 0,
          columns,
          isTyped,
          disposition,
          primaryKey,
          ...(order === undefined ? {} : { order }),
          deletes,
          contract,
          files,
          filtered,
          ...(snapshot === undefined ? {} : { snapshot }),
          ...(replacesPartition === undefined ? {} : { replacesPartition }),
          ...(rank === undefined ? {} : { rank }),
        },
      ],
      positions: [
        {
          stream,
          partition: staged.partition,
          expectedVersion: staged.expectedVersion,
          position: staged.position,
        },
      ],
      ...(staged.replays === undefined ? {} : { replays: staged.replays }),
    }
  }
}
