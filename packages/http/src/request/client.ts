import { CaudalError, type JsonObject } from '@caudal/spec'
import type { Agent, request } from 'undici'
import type { Authorizer, Outgoing } from '../auth/authorizer.ts'
import { systemClock, type Clock } from '../clock.ts'
import { RateLimiter, type RateLimit } from '../rate/limiter.ts'
import { parseQuota, serverTime, type Headers, type Quota } from '../rate/quota.ts'
import { Redactor } from '../redactor.ts'
import { resolveUrl } from './address.ts'
import { readBody } from './body.ts'
import { failureOfStatus, failureOfThrown, type Failure } from './failure.ts'
import type { HttpRequest, HttpResponse } from './message.ts'
import { defaultRetryPolicy, jitteredWaitMs, type RetryPolicy } from './retry.ts'

/** What a client is made of. */
export interface HttpClientOptions {
  /** Relative addresses lie below it; only its origin is ever asked, and those in `origins`. */
  readonly baseUrl: string
  readonly origins?: readonly string[]
  /** Sent with each request. */
  readonly headers?: Headers
  readonly authorizer?: Authorizer
  readonly rateLimit?: RateLimit
  readonly retry?: Partial<RetryPolicy>
  /** Time without any byte after which an attempt is given up. Default: 60,000. */
  readonly timeoutMs?: number
  /** Default: 256 MiB, decompressed. */
  readonly bodyBytesMax?: number
  /** Connections to each server; further requests wait for one. Default: 16. */
  readonly connections?: number
  readonly redactor?: Redactor
  readonly clock?: Clock
  /** From 0 up to 1: spreads the waits. */
  readonly random?: () => number
  readonly log?: (level: 'debug' | 'info' | 'warn', message: string, facts?: JsonObject) => void
}

/** Reads an answer inside the attempt: what it throws as retryable is tried again. */
export type ReadAnswer<Value> = (response: HttpResponse) => Value

const redirectsMax = 5

interface Transport {
  readonly agent: Agent
  readonly request: typeof request
}

/**
 * Asks one server: holds its rate limit, authorizes, retries what may pass (429, 408, 5xx, network, a cut body) with full jitter and
 * the waits that the server asks for, and maps what will not to a {@link CaudalError} without secrets.
 */
export class HttpClient {
  readonly #options: HttpClientOptions
  readonly #policy: RetryPolicy
  readonly #limiter: RateLimiter
  readonly #clock: Clock
  readonly #redactor: Redactor
  /** Opened by the first request: most commands make none, and the library takes long to load. */
  #transport: Promise<Transport> | undefined
  #quota: Quota | undefined
  #serverOffsetMs = 0

  constructor(options: HttpClientOptions) {
    this.#options = options
    this.#clock = options.clock ?? systemClock
    this.#redactor = options.redactor ?? new Redactor()
    this.#policy = { ...defaultRetryPolicy, ...options.retry }
    this.#limiter = new RateLimiter(this.#clock, options.rateLimit)
  }

  /** What the server last said of the calls it allows. */
  get quota(): Quota | undefined {
    return this.#quota
  }

  /** Milliseconds between requests at the configured rate; 0 without one. */
  get intervalMs(): number {
    return this.#limiter.intervalMs
  }

  /** How far the server's clock is ahead of the local one, by the `Date` of its last answer; 0 before. */
  get serverOffsetMs(): number {
    return this.#serverOffsetMs
  }

  /** The address that a relative or absolute one stands for. @throws CaudalError `CAUDAL_HTTP_FOREIGN_ORIGIN`. */
  resolve(url: string, where: string, base?: string): URL {
    return resolveUrl(url, {
      ...this.#options,
      where,
      redactor: this.#redactor,
      ...(base === undefined ? {} : { base }),
    })
  }

  /**
   * Asks until there is an answer, and reads it.
   * @throws CaudalError `CAUDAL_HTTP_*`, or the signal's reason.
   */
  async request<Value>(request: HttpRequest, read: ReadAnswer<Value>): Promise<Value> {
    const deadlineMs = this.#clock.now() + this.#policy.totalMs
    const tried = { failed: 0, limited: 0, isRenewed: false }
    for (;;) {
      await this.#limiter.acquire(request.signal)
      const outgoing = await this.#outgoing(request, request.url)
      const attempt = await this.#attempt(request, outgoing, read, deadlineMs)
      if (attempt.failure === undefined) return attempt.value
      if (await this.#isRenewed(attempt.failure, outgoing, request, tried)) continue
      await this.#waitAfter(attempt.failure, request, tried, deadlineMs)
    }
  }

  /** Closes the connections. */
  async close(): Promise<void> {
    await this.#options.authorizer?.close?.()
    await (await this.#transport)?.agent.destroy()
  }

  async #isRenewed(
    failure: Failure,
    outgoing: Outgoing,
    request: HttpRequest,
    tried: { isRenewed: boolean },
  ): Promise<boolean> {
    const { authorizer } = this.#options
    const isRefused = failure.error.code === 'CAUDAL_HTTP_UNAUTHORIZED'
    if (!isRefused || tried.isRenewed || authorizer?.renew === undefined) return false
    tried.isRenewed = true
    return authorizer.renew(outgoing, request.signal)
  }

  async #waitAfter(
    failure: Failure,
    request: HttpRequest,
    tried: { failed: number; limited: number },
    deadlineMs: number,
  ): Promise<void> {
    if (failure.kind === 'terminal') throw failure.error
    const isLimited = failure.kind === 'rate limited'
    const count = isLimited ? ++tried.limited : ++tried.failed
    const jitterMs = jitteredWaitMs(
      this.#policy,
      tried.failed + tried.limited,
      this.#options.random ?? Math.random,
    )
    const waitMs = failure.waitMs === undefined ? jitterMs : failure.waitMs + Math.min(jitterMs, 1000)
    const leftMs = deadlineMs - this.#clock.now()
    const isSpent = count >= (isLimited ? this.#policy.rateLimitedMax : this.#policy.attemptsMax)
    if (isSpent || waitMs >= leftMs) {
      throw spent(failure.error, tried.failed + tried.limited, isSpent ? undefined : waitMs)
    }
    this.#options.log?.(
      waitMs > 10_000 ? 'info' : 'debug',
      `${failure.error.message} Next attempt in ${waitMs} ms.`,
      {
        where: request.where,
        waitMs,
      },
    )
    if (isLimited) this.#limiter.pause(waitMs)
    else await this.#clock.sleep(waitMs, request.signal)
  }

  async #attempt<Value>(
    request: HttpRequest,
    outgoing: Outgoing,
    read: ReadAnswer<Value>,
    deadlineMs: number,
  ): Promise<{ readonly value: Value; readonly failure?: undefined } | { readonly failure: Failure }> {
    const { signal } = request
    const cutter = new AbortController()
    const onAbort = (): void => cutter.abort(signal.reason)
    const leftMs = Math.max(1, deadlineMs - this.#clock.now())
    const timer = setTimeout(
      () => cutter.abort(new Error(`no whole answer in ${Math.round(leftMs / 1000)} s`)),
      leftMs,
    )
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      const response = await this.#exchange(request, outgoing, cutter.signal)
      const isAnswer = response.status < 300 || request.acceptStatus?.includes(response.status) === true
      if (isAnswer) return { value: read(response) }
      return { failure: failureOfStatus(response, this.#redactor, this.#clock.now()) }
    } catch (thrown) {
      signal.throwIfAborted()
      const where = `${request.where}: ${request.method ?? 'GET'} ${this.#redactor.url(outgoing.url)}`
      return { failure: failureOfThrown(thrown, where) }
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
    }
  }

  async #outgoing(request: HttpRequest, address: string, base?: string): Promise<Outgoing> {
    const url = this.resolve(address, request.where, base)
    for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.set(name, value)
    const headers: Record<string, string> = {
      accept: 'application/json',
      'accept-encoding': 'gzip, deflate, br, zstd',
      'user-agent': 'caudal',
      ...this.#options.headers,
      ...request.headers,
    }
    if (request.json !== undefined) headers['content-type'] ??= 'application/json'
    if (request.form !== undefined) headers['content-type'] = 'application/x-www-form-urlencoded'
    const outgoing = { url, headers }
    if (request.isAuthorized !== false) await this.#options.authorizer?.authorize(outgoing, request.signal)
    return outgoing
  }

  async #exchange(request: HttpRequest, first: Outgoing, signal: AbortSignal): Promise<HttpResponse> {
    let outgoing = first
    for (let redirects = 0; ; redirects++) {
      const response = await this.#send(request, outgoing, signal)
      const location = response.headers['location']
      const isFollowed = [301, 302, 303, 307, 308].includes(response.status) && location !== undefined
      if (!isFollowed || redirects === redirectsMax || (request.method === 'POST' && response.status < 307)) {
        return response
      }
      outgoing = await this.#outgoing({ ...request, query: {} }, location, outgoing.url.href)
    }
  }

  async #send(request: HttpRequest, { url, headers }: Outgoing, signal: AbortSignal): Promise<HttpResponse> {
    const body =
      request.json !== undefined
        ? JSON.stringify(request.json)
        : request.form !== undefined
          ? new URLSearchParams(request.form).toString()
          : undefined
    const shownUrl = this.#redactor.url(url)
    const where = `${request.where}: ${request.method ?? 'GET'} ${shownUrl}`
    const transport = await (this.#transport ??= openTransport(this.#options))
    const answer = await transport.request(url, {
      dispatcher: transport.agent,
      method: request.method ?? 'GET',
      headers,
      signal,
      ...(body === undefined ? {} : { body }),
    })
    const received = plainHeaders(answer.headers)
    this.#notice(received)
    const bytes = await readBody({
      body: answer.body,
      headers: received,
      where,
      bytesMax: this.#options.bodyBytesMax ?? 256 * 1024 * 1024,
    })
    return { status: answer.statusCode, headers: received, url: url.href, shownUrl, where, bytes }
  }

  #notice(headers: Headers): void {
    const now = this.#clock.now()
    this.#serverOffsetMs = serverTime(headers, now) - now
    const quota = parseQuota(headers, now)
    if (quota === undefined) return
    this.#quota = quota
    if (quota.remaining === 0 && quota.resetsInMs !== undefined) {
      this.#limiter.pause(Math.min(quota.resetsInMs, this.#policy.totalMs / 2))
    }
  }
}

async function openTransport({
  timeoutMs = 60_000,
  connections = 16,
}: HttpClientOptions): Promise<Transport> {
  const { Agent, request } = await import('undici')
  const agent = new Agent({
    allowH2: false,
    connections,
    connect: { timeout: Math.min(timeoutMs, 10_000) },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  })
  return { agent, request }
}

function plainHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Headers {
  const plain: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) plain[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value
  }
  return plain
}

function spent(error: CaudalError, attempts: number, waitMs: number | undefined): CaudalError {
  const why =
    waitMs === undefined
      ? `Given up after ${attempts} attempts.`
      : `Given up after ${attempts} attempts: the next one would be due in ${Math.round(waitMs / 1000)} s, past the time limit.`
  return new CaudalError({
    ...error.toJSON(),
    message: `${error.message} ${why}`,
    context: { ...error.context, attempts },
    cause: error.cause ?? error,
  })
}
