/** What is sent back: a text body is HTML, anything else JSON. */
export interface Answer {
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** Thrown by whatever cannot answer a request; becomes a JSON error. */
export class Refusal extends Error {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.status = status
    this.headers = headers
  }

  answer(): Answer {
    return { status: this.status, body: { status: 'error', message: this.message }, headers: this.headers }
  }
}
