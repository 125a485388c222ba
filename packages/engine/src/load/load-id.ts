import type { LoadId } from '@caudal/spec'

/** Gives load ids: microseconds since 1970, strictly increasing, above every id that is known when it begins. */
export class LoadClock {
  #last: number
  readonly #now: () => number

  constructor(lastKnown: LoadId = '', now: () => number = Date.now) {
    this.#last = lastKnown === '' ? 0 : Number(lastKnown)
    this.#now = now
  }

  /** The next id; a clock that was set back does not matter. */
  next(): LoadId {
    this.#last = Math.max(this.#last + 1, this.#now() * 1000)
    return String(this.#last).padStart(16, '0')
  }
}
