import { createHash } from 'node:crypto'
import { CaudalError } from '@caudal/spec'
import type { Clock } from '../clock.ts'
import { scalarText } from '../json/parse.ts'
import { valueAt } from '../json/path.ts'
import type { Redactor } from '../redactor.ts'
import { responseJson } from '../request/body.ts'
import type { HttpClient } from '../request/client.ts'
import type { HttpResponse } from '../request/message.ts'
import type { Authorizer, Outgoing } from './authorizer.ts'

/** Where tokens that rotate are kept: `SourceContext.readSecret` and `writeSecret` under one name. */
export interface TokenStore {
  read(): Promise<string | undefined>
  /** Resolves when the value is durable. */
  write(value: string): Promise<void>
}

/** OAuth 2 (RFC 6749) without a person at hand. */
export interface OAuthOptions {
  readonly tokenUrl: string
  readonly clientId: string
  /** Absent: a public client. */
  readonly clientSecret?: string
  readonly scope?: string
  readonly audience?: string
  /** How the client names itself to the token endpoint. Default: `body`. */
  readonly clientAuth?: 'body' | 'header'
  /** Word before the access token in the `authorization` header. Default: `Bearer`. */
  readonly scheme?: string
  /** Present: the refresh token grant, beginning with this one; absent: client credentials. */
  readonly refreshToken?: { readonly initial: string; readonly store: TokenStore }
  /** A client for the token endpoint, without authorizer. */
  readonly http: HttpClient
  readonly redactor: Redactor
  readonly clock: Clock
}

interface Held {
  readonly accessToken: string
  /** When it is no longer used, somewhat before it expires; absent: until it is refused. */
  readonly usableUntilMs?: number
}

interface Stored extends Held {
  /** Digest of the setting that the chain of tokens began with: a new setting begins a new chain. */
  readonly began: string
  readonly refreshToken: string
}

/**
 * Fetches access tokens and renews them before they expire. Callers that need one at the same time share one renewal. A refresh token that
 * is good for one use is replaced safely: the new one is durable in the store before anything else is done with the answer.
 */
export function createOAuthAuthorizer(options: OAuthOptions): Authorizer {
  return new OAuthAuthorizer(options)
}

class OAuthAuthorizer implements Authorizer {
  readonly #options: OAuthOptions
  readonly #lifetime = new AbortController()
  #held: Held | undefined
  #renewal: Promise<Held> | undefined

  constructor(options: OAuthOptions) {
    this.#options = options
    if (options.clientSecret !== undefined) options.redactor.addSecret(options.clientSecret)
    if (options.refreshToken !== undefined) options.redactor.addSecret(options.refreshToken.initial)
  }

  async authorize(outgoing: Outgoing, signal: AbortSignal): Promise<void> {
    const held = this.#isUsable(this.#held) ? this.#held : await this.#renewOnce(signal)
    outgoing.headers['authorization'] = this.#header(held)
  }

  async renew(outgoing: Outgoing, signal: AbortSignal): Promise<boolean> {
    const refused = outgoing.headers['authorization']
    const isStillHeld = this.#held !== undefined && this.#header(this.#held) === refused
    if (isStillHeld) await this.#renewOnce(signal)
    return true
  }

  async close(): Promise<void> {
    await this.#renewal?.catch(() => undefined)
    this.#lifetime.abort()
  }

  /** One renewal at a time; it goes on when the caller is aborted, for a rotation must not stop half-way. */
  async #renewOnce(signal: AbortSignal): Promise<Held> {
    signal.throwIfAborted()
    const { refreshToken } = this.#options
    this.#renewal ??= (
      refreshToken === undefined
        ? this.#requestToken({ grant_type: 'client_credentials' }).then(({ held }) => held)
        : this.#rotate(refreshToken.initial, refreshToken.store)
    )
      .then((held) => (this.#held = held))
      .finally(() => (this.#renewal = undefined))
    return raceAbort(this.#renewal, signal)
  }

  async #rotate(initial: string, store: TokenStore): Promise<Held> {
    const began = createHash('sha256').update(initial).digest('hex')
    const stored = parseStored(await store.read(), began)
    if (stored !== undefined && this.#isUsable(stored) && stored.accessToken !== this.#held?.accessToken) {
      this.#options.redactor.addSecret(stored.accessToken)
      return stored
    }
    const current = stored?.refreshToken ?? initial
    if (stored === undefined) await this.#proveStore(current, began, store)
    try {
      return await this.#refresh(current, began, store)
    } catch (thrown) {
      const newer = parseStored(await store.read(), began)?.refreshToken
      if (newer === undefined || newer === current) throw thrown
      return this.#refresh(newer, began, store)
    }
  }

  /** Stores the first token before it is used: a store that cannot keep its successor is found out while nothing is lost. */
  async #proveStore(refreshToken: string, began: string, store: TokenStore): Promise<void> {
    const first: Stored = { accessToken: '', usableUntilMs: 0, began, refreshToken }
    await store.write(JSON.stringify(first))
  }

  async #refresh(current: string, began: string, store: TokenStore): Promise<Held> {
    this.#options.redactor.addSecret(current)
    const { held, refreshToken } = await this.#requestToken({
      grant_type: 'refresh_token',
      refresh_token: current,
    })
    const next: Stored = { ...held, began, refreshToken: refreshToken ?? current }
    await store.write(JSON.stringify(next))
    return held
  }

  async #requestToken(
    grant: Readonly<Record<string, string>>,
  ): Promise<{ held: Held; refreshToken: string | undefined }> {
    const { http, clientId, clientSecret, scope, audience, clientAuth, tokenUrl, clock, redactor } =
      this.#options
    const startedMs = clock.now()
    const isInHeader = clientAuth === 'header' && clientSecret !== undefined
    const credentials = isInHeader
      ? Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`).toString('base64')
      : ''
    if (isInHeader) redactor.addSecret(credentials)
    const body = await http.request(
      {
        method: 'POST',
        url: tokenUrl,
        where: 'OAuth token',
        headers: isInHeader ? { authorization: `Basic ${credentials}` } : {},
        form: {
          ...grant,
          ...(isInHeader ? {} : { client_id: clientId }),
          ...(isInHeader || clientSecret === undefined ? {} : { client_secret: clientSecret }),
          ...(scope === undefined ? {} : { scope }),
          ...(audience === undefined ? {} : { audience }),
        },
        acceptStatus: [400, 401, 403],
        signal: this.#lifetime.signal,
      },
      (response) => readTokenAnswer(response, grant['grant_type'] ?? ''),
    )
    redactor.addSecret(body.accessToken)
    if (body.refreshToken !== undefined) redactor.addSecret(body.refreshToken)
    const lifeMs = body.expiresInSeconds === undefined ? undefined : body.expiresInSeconds * 1000
    const held: Held = {
      accessToken: body.accessToken,
      ...(lifeMs === undefined ? {} : { usableUntilMs: startedMs + lifeMs - Math.min(60_000, lifeMs / 10) }),
    }
    return { held, refreshToken: body.refreshToken }
  }

  #isUsable(held: Held | undefined): held is Held {
    return (
      held !== undefined &&
      (held.usableUntilMs === undefined || held.usableUntilMs > this.#options.clock.now())
    )
  }

  #header(held: Held): string {
    return `${this.#options.scheme ?? 'Bearer'} ${held.accessToken}`
  }
}

interface TokenAnswer {
  readonly accessToken: string
  readonly refreshToken: string | undefined
  readonly expiresInSeconds: number | undefined
}

function readTokenAnswer(response: HttpResponse, grant: string): TokenAnswer {
  const body = responseJson(response)
  const text = (name: string): string | undefined => scalarText(valueAt(body, [name]))
  const accessToken = text('access_token')
  if (response.status < 300 && accessToken !== undefined) {
    const seconds = Number(text('expires_in'))
    return {
      accessToken,
      refreshToken: text('refresh_token'),
      expiresInSeconds: Number.isFinite(seconds) && seconds > 0 ? seconds : undefined,
    }
  }
  const reason = text('error') ?? `status ${response.status} without \`access_token\``
  const description = text('error_description')
  throw new CaudalError({
    code: 'CAUDAL_HTTP_OAUTH_REFUSED',
    message: `${response.where} refused the ${grant} grant: ${reason}${description === undefined ? '' : ` (${description})`}.`,
    hint:
      reason === 'invalid_grant' && grant === 'refresh_token'
        ? 'The refresh token is used up, expired or revoked: authorise the application again and set the new refresh token.'
        : 'Check `tokenUrl`, client id, client secret and scope under `auth`.',
    context: { where: response.where, status: response.status, error: reason },
  })
}

function parseStored(text: string | undefined, began: string): Stored | undefined {
  if (text === undefined) return undefined
  try {
    const stored = JSON.parse(text) as Stored
    return stored.began === began && typeof stored.refreshToken === 'string' ? stored : undefined
  } catch {
    return undefined
  }
}

async function raceAbort<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
