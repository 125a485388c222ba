import type { Readers } from '@caudal/spec'
import { setTimeout as sleep } from 'node:timers/promises'

/** How long somebody who asked counts as being around. */
const stayMs = 60_000

/** Counts who waits for an answer of a dashboard at this moment: loads, builds and publications let them go first. */
export class CountedReaders implements Readers {
  #count = 0
  #gone = Promise.withResolvers<void>()
  #askedAt = -Infinity
  readonly #listeners = new Set<(areWaiting: boolean) => void>()

  get areAround(): boolean {
    return this.#count > 0 || performance.now() - this.#askedAt < stayMs
  }

  /** Does what somebody waits for; who asked counts until it is done. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#askedAt = performance.now()
    if (this.#count++ === 0) {
      this.#gone = Promise.withResolvers<void>()
      this.#tell()
    }
    try {
      return await work()
    } finally {
      if (--this.#count === 0) {
        this.#gone.resolve()
        this.#tell()
      }
    }
  }

  async gone(patienceMs: number): Promise<void> {
    if (this.#count === 0) return
    const end = new AbortController()
    const patience = sleep(patienceMs, undefined, { signal: end.signal }).catch(() => undefined)
    await Promise.race([this.#gone.promise, patience])
    end.abort()
  }

  watch(listener: (areWaiting: boolean) => void): () => void {
    this.#listeners.add(listener)
    listener(this.#count > 0)
    return () => void this.#listeners.delete(listener)
  }

  #tell(): void {
    for (const listener of this.#listeners) listener(this.#count > 0)
  }
}
