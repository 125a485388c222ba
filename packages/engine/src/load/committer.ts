import {
  CaudalError,
  invariant,
  supportsTogether,
  type Lake,
  type Load,
  type LoadId,
  type LoadOutcome,
  type StagedFile,
  type Warehouse,
} from '@caudal/spec'
import type { WriterLane } from './lane.ts'
import { WaitingLoads, type WaitingLoad } from './waiting-loads.ts'
import { missingRows, type MissingRows } from './retention.ts'
import { abandonStagedLoad, listUnsettledLoads, type LakeLoad, type StagedLoad } from './staged-load.ts'

/** How often a load that met a newer generation is prepared again. */
const preparationsMax = 5

/** What recovery found. */
export interface Recovered {
  /** Loads that took effect now. */
  readonly committed: readonly { readonly load: StagedLoad; readonly outcome: LoadOutcome }[]
  readonly abandoned: number
  /** Loads that the warehouse could not take now: they are tried again before their source is read. */
  readonly waiting: number
  /** Why the first of them waits. */
  readonly failure: CaudalError | undefined
  /** Rows that could not be brought back, because their files are gone. */
  readonly missing: readonly MissingRows[]
  /** The newest load that is known, applied or not; empty when there is none. */
  readonly newest: LoadId
}

/** Applies staged loads to the warehouse through the writer lane. */
export class Committer {
  readonly #warehouse: Warehouse
  readonly #lake: Lake
  readonly #lane: WriterLane
  readonly #waiting = new WaitingLoads()

  constructor(warehouse: Warehouse, lake: Lake, lane: WriterLane) {
    this.#warehouse = warehouse
    this.#lake = lake
    this.#lane = lane
  }

  /**
   * Commits a staged load, preparing it again when its table has changed in the meantime. Small loads of one stream that wait for the lane
   * take effect in one transaction, each as a load of its own.
   */
  commit(staged: StagedLoad, signal: AbortSignal): Promise<LoadOutcome> {
    const { waiting, isFirst } = this.#waiting.add(staged, signal)
    if (isFirst) this.#takeTurn(waiting)
    return waiting.outcome.promise
  }

  #takeTurn(first: WaitingLoad): void {
    void this.#lane.run('load', async () => {
      const { group, next } = this.#waiting.take(first)
      if (next !== undefined) this.#takeTurn(next)
      for (const [index, found] of (await this.#commitGroup(group)).entries()) {
        const outcome = group[index]?.outcome
        if ('error' in found) outcome?.reject(found.error)
        else outcome?.resolve(found)
      }
    })
  }

  /** Commits loads in one transaction; when that is refused, the halves of them, down to each alone. */
  async #commitGroup(group: readonly WaitingLoad[]): Promise<readonly (LoadOutcome | Failure)[]> {
    const [first] = group
    if (first === undefined) return []
    const { signal } = first
    if (group.length === 1) {
      return [await this.#commitOne(first.load, signal).catch((error: unknown) => ({ error }))]
    }
    if (supportsTogether(this.#warehouse)) {
      try {
        const loads = await this.#prepare(group.map(({ load }) => load))
        return await this.#warehouse.commitTogether(loads, (key) => this.#lake.locate(key), signal)
      } catch {
        // Which of them it was is found by trying less together: nothing changed.
      }
    }
    const half = Math.ceil(group.length / 2)
    return [
      ...(await this.#commitGroup(group.slice(0, half))),
      ...(await this.#commitGroup(group.slice(half))),
    ]
  }

  async #commitOne(staged: StagedLoad, signal: AbortSignal): Promise<LoadOutcome> {
    for (let attempt = 1; ; attempt++) {
      const [load] = await this.#prepare([staged])
      invariant(load !== undefined, 'a load was prepared')
      try {
        return await this.#warehouse.commit(load, (key) => this.#lake.locate(key), signal)
      } catch (error) {
        const isStale = CaudalError.isInstance(error) && error.code === 'CAUDAL_LOAD_GENERATION'
        if (!isStale || attempt === preparationsMax) throw error
      }
    }
  }

  /**
   * Commits a staged load. One that is refused for good is marked abandoned, so that its range is read again; one that failed for another
   * reason may be in effect or come into effect later: it is recovered before its source is read again.
   */
  async apply(staged: StagedLoad, signal: AbortSignal): Promise<LoadOutcome> {
    try {
      return await this.commit(staged, signal)
    } catch (error) {
      if (isRefusal(error)) await abandonStagedLoad(this.#lake, staged, error.message)
      throw error
    }
  }

  /**
   * Commits every complete staged load that is not in the ledger and still fits its position, and marks the others abandoned. Called before
   * anything is extracted, at start and for a source before each read: so the lake alone tells what counts. A load that took effect before and
   * whose files are gone moves its position all the same, so that what came after it counts, and is told as missing. What the warehouse cannot
   * take now waits, with all that follows it.
   */
  async recover(signal: AbortSignal, source?: string): Promise<Recovered> {
    const newest = await this.#warehouse.state.newestLoads()
    const loads = await listUnsettledLoads(this.#lake, newest, source)
    const found = { committed: [] as Recovered['committed'][number][], abandoned: 0, waiting: 0 }
    const hollow: LakeLoad[] = []
    const blocked = new Map<string, CaudalError>()
    for (const [index, { load, missing, isRetired }] of loads.entries()) {
      const later = loads.slice(index + 1).filter((one) => partitionOf(one.load) === partitionOf(load))
      const reason = notToApply(load, later, missing.length > 0 && !isRetired)
      if (reason !== undefined) {
        await abandonStagedLoad(this.#lake, load, reason)
        found.abandoned++
      } else if (blocked.has(partitionOf(load))) found.waiting++
      else {
        const result = await this.#recoverOne({ ...load, files: without(load.files, missing) }, signal)
        if (result === 'abandoned') found.abandoned++
        else if (CaudalError.isInstance(result)) {
          found.waiting++
          blocked.set(partitionOf(load), result)
        } else if (!result.wasApplied) found.committed.push({ load, outcome: result })
        if (missing.length > 0) hollow.push({ load, missing, isRetired })
      }
    }
    const ids = [...newest.map(({ load }) => load), ...loads.map(({ load }) => load.id)]
    return {
      ...found,
      missing: missingRows(hollow, loads),
      newest: ids.reduce((a, b) => (a > b ? a : b), ''),
      failure: [...blocked.values()][0],
    }
  }

  /** Marks the complete staged loads of a stream that wait for the warehouse abandoned: they do not take effect any more. */
  async giveUp(source: string, stream: string, reason: string): Promise<void> {
    const newest = await this.#warehouse.state.newestLoads()
    const loads = await listUnsettledLoads(this.#lake, newest, source)
    for (const { load } of loads) {
      if (load.stream === stream) await abandonStagedLoad(this.#lake, load, reason)
    }
  }

  async #recoverOne(load: StagedLoad, signal: AbortSignal): Promise<LoadOutcome | 'abandoned' | CaudalError> {
    try {
      return await this.apply(load, signal)
    } catch (error) {
      if (!CaudalError.isInstance(error)) throw error
      return isRefusal(error) ? 'abandoned' : error
    }
  }

  async #prepare(loads: readonly StagedLoad[]): Promise<Load[]> {
    const states = await this.#warehouse.state.tables()
    return loads.map((staged) => prepared(staged, states))
  }
}

/** What a load does to the warehouse, for the present generation of its table. */
function prepared(staged: StagedLoad, states: Awaited<ReturnType<Warehouse['state']['tables']>>): Load {
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

interface Failure {
  readonly error: unknown
}

/** Whether the warehouse looked at the load and will never take it, nothing changed: not so when the machine failed it. */
function isRefusal(error: unknown): error is CaudalError {
  if (!CaudalError.isInstance(error) || error.retryable) return false
  return error.code.startsWith('CAUDAL_LOAD_') || error.code === 'CAUDAL_RUN_CANCELLED'
}

/**
 * Why a load is not to be applied: a later one begins at the same place, because the range was read again while this one had not taken
 * effect; or its files are gone and nothing came after it, so that its range can be read again.
 */
function notToApply(load: StagedLoad, later: readonly LakeLoad[], isLost: boolean): string | undefined {
  if (later.some((one) => one.load.expectedVersion === load.expectedVersion))
    return 'its range was read again'
  return isLost && later.length === 0 ? 'its files are not in the lake any more' : undefined
}

function partitionOf({ source, stream, partition }: StagedLoad): string {
  return JSON.stringify([source, stream, partition])
}

function without(files: readonly StagedFile[], missing: readonly StagedFile[]): StagedFile[] {
  return files.filter((file) => !missing.includes(file))
}
