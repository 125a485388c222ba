/** Lets so many events a second through, and a second's worth at once. */
export class TokenBucket {
  readonly #perSecond: number
  readonly #now: () => number
  #tokens: number
  #at: number

  /** @param now milliseconds; default: those of the machine, which never go back */
  constructor(perSecond: number, now: () => number = () => performance.now()) {
    this.#perSecond = perSecond
    this.#now = now
    this.#tokens = perSecond
    this.#at = now()
  }

  /** Takes tokens, or says how many seconds it will be until they are there. More than a second's worth are let through when the bucket is full. */
  take(count: number): number {
    const now = this.#now()
    this.#tokens = Math.min(this.#perSecond, this.#tokens + ((now - this.#at) / 1000) * this.#perSecond)
    this.#at = now
    const needed = Math.min(count, this.#perSecond)
    if (this.#tokens < needed) return (needed - this.#tokens) / this.#perSecond
    this.#tokens -= count
    return 0
  }
}
