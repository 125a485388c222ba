import type { JsonValue } from '@caudal/spec'
import type { Headers } from '../rate/quota.ts'

/** One call. */
export interface HttpRequest {
  /** Default: `GET`. A `POST` is tried again like a `GET`: use it for searches, not for changes. */
  readonly method?: 'GET' | 'POST'
  /** Relative to the base URL, or an absolute URL of an allowed origin. */
  readonly url: string
  /** Query parameters; they replace those of the same name in `url`. */
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Headers
  /** Sent as JSON. */
  readonly json?: JsonValue
  /** Sent as `application/x-www-form-urlencoded`. */
  readonly form?: Readonly<Record<string, string>>
  /** What the call is for, as messages begin: `crm.deals, page 3`. */
  readonly where: string
  /** Statuses outside 2xx that are answers, not failures. */
  readonly acceptStatus?: readonly number[]
  /** `false`: the authorizer is left out. */
  readonly isAuthorized?: boolean
  readonly signal: AbortSignal
}

/** The whole answer to a call. */
export interface HttpResponse {
  readonly status: number
  readonly headers: Headers
  /** Where it came from, after redirects: may hold secrets, so show {@link shownUrl}. */
  readonly url: string
  /** The address without secrets. */
  readonly shownUrl: string
  /** `where` of the request with method and address, as messages begin. */
  readonly where: string
  /** The body, decompressed. */
  readonly bytes: Buffer
}
