/** So many requests per window; the window begins with its first request. */
export interface RateLimit {
  readonly requests: number
  readonly windowMs: number
}

/** Counts requests in real time, whatever the company's clock says. */
export class RateLimiter {
  readonly #limit: RateLimit
  #used = 0
  #resetsAt = 0

  constructor(limit: RateLimit) {
    this.#limit = limit
  }

  /** Takes one request from the quota: false when there was none left. */
  take(): boolean {
    if (Date.now() >= this.#resetsAt) {
      this.#used = 0
      this.#resetsAt = Date.now() + this.#limit.windowMs
    }
    if (this.#used >= this.#limit.requests) return false
    this.#used++
    return true
  }

  /** Limit, what remains, and the time at which it is whole again, in seconds since 1970. */
  quota(): { limit: number; remaining: number; reset: number } {
    const { requests } = this.#limit
    return { limit: requests, remaining: requests - this.#used, reset: Math.ceil(this.#resetsAt / 1000) }
  }

  headers(): Record<string, string> {
    const { limit, remaining, reset } = this.quota()
    return {
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(remaining),
      'x-ratelimit-reset': String(reset),
    }
  }

  /** Whole seconds until the quota is back, at least 1. */
  retryAfter(): string {
    return String(Math.max(1, Math.ceil((this.#resetsAt - Date.now()) / 1000)))
  }
}
