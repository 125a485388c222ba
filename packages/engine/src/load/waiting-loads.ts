import type { LoadOutcome } from '@caudal/spec'
import type { StagedLoad } from './staged-load.ts'

/** Loads and bytes that take effect in one transaction at most: readers and other writers wait for its end. */
const groupLoadsMax = 100
const groupBytesMax = 8 * 1024 * 1024

/** A load that waits for the writer lane. */
export interface WaitingLoad {
  readonly load: StagedLoad
  readonly signal: AbortSignal
  readonly outcome: PromiseWithResolvers<LoadOutcome>
}

/**
 * The loads that wait for the writer lane, in the order in which they came. Small ones of one stream go through it as a group: a group never
 * passes another load of its stream.
 */
export class WaitingLoads {
  readonly #loads = new Set<WaitingLoad>()

  /** @returns the load, and whether it needs a turn of its own: the one before it in its stream does not take it along. */
  add(load: StagedLoad, signal: AbortSignal): { readonly waiting: WaitingLoad; readonly isFirst: boolean } {
    const waiting = { load, signal, outcome: Promise.withResolvers<LoadOutcome>() }
    const before = [...this.#loads].findLast((one) => isSameStream(one, waiting))
    this.#loads.add(waiting)
    return { waiting, isFirst: before === undefined || !isAlike(before, waiting) }
  }

  /** Takes out a load with those that go with it. @returns them, and the next that would have, were the group not full. */
  take(first: WaitingLoad): { readonly group: readonly WaitingLoad[]; readonly next?: WaitingLoad } {
    const group: WaitingLoad[] = []
    let bytes = 0
    for (const one of this.#loads) {
      if (!isSameStream(first, one)) continue
      if (one !== first && !isAlike(first, one)) break
      bytes += bytesOf(one.load)
      if (group.length > 0 && (group.length === groupLoadsMax || bytes > groupBytesMax)) {
        return { group: this.#without(group), next: one }
      }
      group.push(one)
    }
    return { group: this.#without(group) }
  }

  #without(group: readonly WaitingLoad[]): readonly WaitingLoad[] {
    for (const one of group) this.#loads.delete(one)
    return group
  }
}

function isSameStream(a: WaitingLoad, b: WaitingLoad): boolean {
  return a.load.source === b.load.source && a.load.stream === b.load.stream
}

function isAlike(a: WaitingLoad, b: WaitingLoad): boolean {
  return a.signal === b.signal && isPlain(a.load) && isPlain(b.load)
}

/** Whether the load stands alone: it is neither part of a complete read nor a replay. */
function isPlain({ snapshot, replays, rank }: StagedLoad): boolean {
  return snapshot === undefined && replays === undefined && rank === undefined
}

/** Bytes of the files of a load. */
export function bytesOf({ files }: Pick<StagedLoad, 'files'>): number {
  return files.reduce((sum, file) => sum + file.bytes, 0)
}
