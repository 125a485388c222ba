import type { Lake } from '@caudal/spec'

/** How long a measure is good enough to be shown. */
const freshMs = 60_000

/** The bytes of a lake. Measuring looks at every object: it is done once, and later beside the answers. */
export class LakeSize {
  readonly #lake: Lake
  readonly #now: () => number
  #known: number | undefined
  #measuredAt = 0
  #measuring: Promise<number> | undefined

  constructor(lake: Lake, now: () => number = Date.now) {
    this.#lake = lake
    this.#now = now
  }

  /** What was measured last; waits only for the first measure. */
  async bytes(): Promise<number> {
    if (this.#known !== undefined && this.#now() - this.#measuredAt < freshMs) return this.#known
    this.#measuring ??= this.#measure().finally(() => (this.#measuring = undefined))
    if (this.#known === undefined) return this.#measuring
    this.#measuring.catch(() => undefined)
    return this.#known
  }

  async #measure(): Promise<number> {
    let bytes = 0
    for await (const object of this.#lake.list('')) bytes += object.bytes
    this.#known = bytes
    this.#measuredAt = this.#now()
    return bytes
  }
}
