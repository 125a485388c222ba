import type { CompanyOptions } from '../company/world.ts'
import type { Fault } from './faults.ts'
import type { OAuthOptions } from './oauth.ts'
import type { RateLimit } from './rate-limit.ts'

/** Which company to serve, and how. */
export interface ServeOptions extends CompanyOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number
  /** The bearer token that always works; `demo-token` by default. */
  readonly token?: string
  /** The OAuth client; `demo` and `demo-secret`, tokens of 1,800 seconds by default. */
  readonly oauth?: Partial<OAuthOptions>
  /** Records per page when the request names no size; 100 by default. */
  readonly pageSize?: number
  /** 100,000 requests in 10 seconds by default. */
  readonly rateLimit?: RateLimit
  /** What goes wrong from the start. */
  readonly faults?: readonly Fault[]
  /** The seller's clock in milliseconds; the computer's by default. Times before `now` count as `now`. */
  readonly clock?: () => number
}

/** How to sell. */
export interface SellOptions {
  /** Milliseconds between two ticks, at least 1; 0 stops selling. */
  readonly everyMs: number
  /** The company's seed by default. */
  readonly seed?: number
}
