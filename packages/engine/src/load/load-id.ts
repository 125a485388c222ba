import type { LoadId } from '@caudal/spec'

/**
 * Gives load ids: microseconds since 1970, strictly increasing, above every id that is known. One clock serves everything that stages at the
 * same time: two clocks could give one id to two loads, and the second would count as applied.
 */
export class LoadClock {
  #last: number
  readonly #now: () => number

  constructor(lastKnown: LoadId = '', now: () => number = Date.now) {
    this.#last = lastKnown === '' ? 0 : Number(lastKnown)
    this.#now = now
  }

  /** Raises the clock above an id that has become known. */
  passed(known: LoadId): void {
    this.#last = Math.max(this.#last, Number(known))
  }

  /** The next id; a clock that was set back does not matter. */
  next(): LoadId {
    this.#last = Math.max(this.#last + 1, this.#now() * 1000)
    return String(this.#last).padStart(16, '0')
  }
}
