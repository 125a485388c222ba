/**
 * The ledger sequence number up to which a client has everything: the id of what it is sent, so that a reconnect from there misses
 * nothing. It stays below the first commit of which something has not been sent yet, however far other tiles are.
 */
export class Watermark {
  /** What has not been sent yet → the first commit that caused it; 0: it was never sent. */
  readonly #unsent = new Map<string, number>()
  /** The newest commit that caused it. */
  readonly #newest = new Map<string, number>()
  #seen: number | undefined

  /** @param after where the client continues; `undefined`: it has nothing yet. */
  constructor(after?: number) {
    this.#seen = after
  }

  /** A commit was heard. */
  see(sequence: number): void {
    this.#seen = Math.max(this.#seen ?? 0, sequence)
  }

  /** Something is to be sent because of a commit. */
  owe(key: string, sequence: number): void {
    if (!this.#unsent.has(key)) this.#unsent.set(key, sequence)
    this.#newest.set(key, Math.max(this.#newest.get(key) ?? 0, sequence))
  }

  isOwed(key: string): boolean {
    return this.#unsent.has(key)
  }

  /** It was sent, and included the commits up to `covered`. */
  sent(key: string, covered: number): void {
    const first = this.#unsent.get(key) ?? 0
    const newest = this.#newest.get(key) ?? 0
    if (newest > covered) this.#unsent.set(key, Math.max(first, covered + 1))
    else this.forget(key)
  }

  /** It is not to be sent any more. */
  forget(key: string): void {
    this.#unsent.delete(key)
    this.#newest.delete(key)
  }

  /** `undefined`: nothing from which a reconnect could continue. */
  get value(): number | undefined {
    if (this.#seen === undefined) return undefined
    let value = this.#seen
    for (const first of this.#unsent.values()) value = Math.min(value, first - 1)
    return value < 0 ? undefined : value
  }
}
