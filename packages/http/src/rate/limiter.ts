import type { Clock } from '../clock.ts'

/** How many requests may be made: a bucket that holds `burst` tokens and is filled evenly. */
export interface RateLimit {
  readonly requests: number
  /** Default: 1. */
  readonly perSeconds?: number
  /** Requests that may start at once after a quiet time. Default: `requests`, at most 10. */
  readonly burst?: number
}

/** Lets requests start at the configured rate, in the order in which they asked, and holds all of them while the server says so. */
export class RateLimiter {
  readonly #clock: Clock
  readonly #intervalMs: number
  readonly #toleranceMs: number
  #nextMs = 0
  #pausedUntilMs = 0

  constructor(clock: Clock, limit?: RateLimit) {
    this.#clock = clock
    this.#intervalMs = limit === undefined ? 0 : ((limit.perSeconds ?? 1) * 1000) / limit.requests
    const burst = limit === undefined ? 1 : (limit.burst ?? Math.min(Math.max(1, limit.requests), 10))
    this.#toleranceMs = (burst - 1) * this.#intervalMs
  }

  /** Milliseconds between two requests at the configured rate; 0 without one. */
  get intervalMs(): number {
    return this.#intervalMs
  }

  /** Resolves when the next request may start. */
  async acquire(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const now = this.#clock.now()
    const slot = Math.max(this.#nextMs, now)
    this.#nextMs = slot + this.#intervalMs
    const waitMs = Math.max(slot - this.#toleranceMs, this.#pausedUntilMs) - now
    if (waitMs > 0) await this.#clock.sleep(waitMs, signal)
    while (this.#pausedUntilMs > this.#clock.now()) {
      await this.#clock.sleep(this.#pausedUntilMs - this.#clock.now(), signal)
    }
  }

  /** No request starts before so many milliseconds have passed. A shorter pause does not shorten a longer one. */
  pause(milliseconds: number): void {
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, this.#clock.now() + milliseconds)
  }
}
