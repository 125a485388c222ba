/** How an event with a message id goes on; a promise: another with the id is being written, ask again when that is over. */
export type Admission = 'new' | 'duplicate' | Promise<void>

/**
 * Remembers message ids for a while, so that what is sent again is not appended again. An id is remembered at least for the window and at most
 * for two; about 100 bytes each. While the first of two is not yet durable the second has to wait: it is no duplicate of what fails.
 */
export class MessageWindow {
  readonly #windowMs: number
  #recent = new Set<string>()
  #older = new Set<string>()
  #recentSince: number
  readonly #pending = new Map<string, PromiseWithResolvers<void>>()

  constructor(windowMs: number, now: number) {
    this.#windowMs = windowMs
    this.#recentSince = now
  }

  /** Begins with an id: `new` ones are to be {@link settle}d. */
  admit(id: string, now: number): Admission {
    this.#turn(now)
    if (this.#recent.has(id) || this.#older.has(id)) return 'duplicate'
    const pending = this.#pending.get(id)
    if (pending !== undefined) return pending.promise
    this.#pending.set(id, Promise.withResolvers<void>())
    return 'new'
  }

  /** The event of the id is durable, or was not appended. */
  settle(id: string, isDurable: boolean): void {
    if (isDurable) this.#recent.add(id)
    this.#pending.get(id)?.resolve()
    this.#pending.delete(id)
  }

  /** Remembers what was durable before. */
  remember(id: string): void {
    this.#recent.add(id)
  }

  #turn(now: number): void {
    if (now - this.#recentSince < this.#windowMs) return
    this.#older = now - this.#recentSince < 2 * this.#windowMs ? this.#recent : new Set()
    this.#recent = new Set()
    this.#recentSince = now
  }
}
