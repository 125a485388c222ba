import { setTimeout as sleep } from 'node:timers/promises'

/** Who waits for an answer of a dashboard at this moment: loads and publications let them go first. */
export class Readers {
  #count = 0
  #gone = Promise.withResolvers<void>()

  /** Passes an answer on; whoever asked counts until it has ended. */
  async *answer<Chunk>(chunks: AsyncIterable<Chunk>): AsyncIterable<Chunk> {
    if (this.#count++ === 0) this.#gone = Promise.withResolvers<void>()
    try {
      yield* chunks
    } finally {
      if (--this.#count === 0) this.#gone.resolve()
    }
  }

  /** Resolves when nobody waits for an answer, or after so many milliseconds. */
  async gone(patienceMs: number): Promise<void> {
    if (this.#count === 0) return
    const end = new AbortController()
    const patience = sleep(patienceMs, undefined, { signal: end.signal }).catch(() => undefined)
    await Promise.race([this.#gone.promise, patience])
    end.abort()
  }
}
