/** A request that is not taken: nothing of it is in the log. */
export class Refusal extends Error {
  readonly status: number
  /** Seconds after which it may be taken. */
  readonly retryAfter: number | undefined

  constructor(status: number, message: string, retryAfter?: number) {
    super(message)
    this.name = 'Refusal'
    this.status = status
    this.retryAfter = retryAfter
  }
}
