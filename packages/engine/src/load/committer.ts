import { CaudalError, type Lake, type Load, type LoadOutcome, type Warehouse } from '@caudal/spec'
import type { WriterLane } from './lane.ts'
import { abandonStagedLoad, listStagedLoads, type StagedLoad } from './staged-load.ts'

/** How often a load that met a newer generation is prepared again. */
const preparationsMax = 5

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
   * Commits every complete staged load that is not in the ledger and still fits its position, and marks the others abandoned. Called at
   * start, before anything is extracted: so the lake alone tells what counts.
   */
  async recover(signal: AbortSignal): Promise<{ readonly committed: number; readonly abandoned: number }> {
    let committed = 0
    let abandoned = 0
    const applied = new Set(await this.#warehouse.state.appliedLoads())
    for (const staged of await listStagedLoads(this.#lake, applied)) {
      try {
        const outcome = await this.commit(staged, signal)
        if (!outcome.wasApplied) committed++
      } catch (error) {
        if (!CaudalError.isInstance(error) || error.retryable) throw error
        await abandonStagedLoad(this.#lake, staged, error.message)
        abandoned++
      }
    }
    return { committed, abandoned }
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
