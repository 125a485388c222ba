/** Response headers: names in small letters, repeated ones joined by `, `. */
export type Headers = Readonly<Record<string, string>>

/** What a server says of the calls it allows. */
export interface Quota {
  readonly limit?: number
  readonly remaining?: number
  /** Milliseconds until `remaining` is full again. */
  readonly resetsInMs?: number
}

/**
 * Milliseconds to wait by `Retry-After` (seconds, or a date). A date is compared with the server's own `Date`, so that a local clock
 * that is wrong does no harm. `undefined` when the header is absent or makes no sense.
 */
export function parseRetryAfter(headers: Headers, nowMs: number): number | undefined {
  const text = headers['retry-after']?.trim()
  if (text === undefined || text === '') return undefined
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000)
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : Math.max(0, at - serverTime(headers, nowMs))
}

/** The quota by `X-RateLimit-*`, `RateLimit-*` or `RateLimit` (`r=…;t=…`); `undefined` when the server tells none. */
export function parseQuota(headers: Headers, nowMs: number): Quota | undefined {
  const limit = number(find(headers, 'limit') ?? structured(headers['ratelimit-policy'], 'q'))
  const remaining = number(find(headers, 'remaining') ?? structured(headers['ratelimit'], 'r'))
  const reset = number(find(headers, 'reset') ?? structured(headers['ratelimit'], 't'))
  if (limit === undefined && remaining === undefined) return undefined
  return {
    ...(limit === undefined ? {} : { limit }),
    ...(remaining === undefined ? {} : { remaining }),
    ...(reset === undefined ? {} : { resetsInMs: resetToMs(reset, serverTime(headers, nowMs)) }),
  }
}

/** The server's clock by its `Date` header, else the given time. */
export function serverTime(headers: Headers, nowMs: number): number {
  const date = Date.parse(headers['date'] ?? '')
  return Number.isNaN(date) ? nowMs : date
}

function find(headers: Headers, what: string): string | undefined {
  return headers[`x-ratelimit-${what}`] ?? headers[`x-rate-limit-${what}`] ?? headers[`ratelimit-${what}`]
}

function structured(header: string | undefined, key: string): string | undefined {
  return new RegExp(`(?:^|[;,\\s])${key}=(\\d+)`).exec(header ?? '')?.[1]
}

function number(text: string | undefined): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)/.exec(text ?? '')
  return match === null ? undefined : Number(match[1])
}

/** Vendors send the reset as seconds from now, as seconds since 1970 or as milliseconds since 1970: told apart by size. */
function resetToMs(reset: number, nowMs: number): number {
  if (reset > 1e12) return Math.max(0, reset - nowMs)
  if (reset > 1e9) return Math.max(0, reset * 1000 - nowMs)
  return Math.ceil(reset * 1000)
}
