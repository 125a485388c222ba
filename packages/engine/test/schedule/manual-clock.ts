import type { Clock } from '@caudal/engine'

/** A clock that a test moves by hand. */
export class ManualClock implements Clock {
  #now: Date
  readonly #sleepers = new Set<{ readonly at: Date; readonly callback: () => void }>()

  constructor(start: string) {
    this.#now = new Date(start)
  }

  now(): Date {
    return this.#now
  }

  wake(at: Date, callback: () => void): () => void {
    const sleeper = { at, callback }
    this.#sleepers.add(sleeper)
    return () => void this.#sleepers.delete(sleeper)
  }

  /** Moves to a time at once, as after a machine slept, and wakes who is due. */
  moveTo(time: string): void {
    this.#now = new Date(time)
    for (const sleeper of this.#sleepers) {
      if (sleeper.at > this.#now) continue
      this.#sleepers.delete(sleeper)
      sleeper.callback()
    }
  }
}
