import { randomUUID } from 'node:crypto'
import type { Answer } from './answer.ts'

export interface OAuthOptions {
  readonly clientId: string
  readonly clientSecret: string
  readonly accessTokenSeconds: number
}

/** RFC 6749 for machines: client credentials, and refresh tokens that work once. */
export class OAuth {
  readonly #options: OAuthOptions
  readonly #access = new Map<string, number>()
  readonly #refresh = new Set<string>()

  constructor(options: OAuthOptions) {
    this.#options = options
  }

  /** Whether this access token was issued and has not expired. */
  accepts(token: string): boolean {
    return (this.#access.get(token) ?? 0) > Date.now()
  }

  /** Answers `POST /oauth/token`; the client names itself in the form or by basic authentication. */
  answer(form: URLSearchParams, authorization: string | undefined): Answer {
    const [basicId, basicSecret] = basicOf(authorization)
    const id = form.get('client_id') ?? basicId
    const secret = form.get('client_secret') ?? basicSecret
    if (id !== this.#options.clientId || secret !== this.#options.clientSecret)
      return refuse(401, 'invalid_client')
    const grant = form.get('grant_type')
    if (grant === 'client_credentials') return this.#issue()
    if (grant !== 'refresh_token') return refuse(400, 'unsupported_grant_type')
    return this.#refresh.delete(form.get('refresh_token') ?? '')
      ? this.#issue()
      : refuse(400, 'invalid_grant')
  }

  #issue(): Answer {
    const seconds = this.#options.accessTokenSeconds
    const access_token = `access-${randomUUID()}`
    const refresh_token = `refresh-${randomUUID()}`
    this.#access.set(access_token, Date.now() + seconds * 1000)
    this.#refresh.add(refresh_token)
    const body = { access_token, token_type: 'Bearer', expires_in: seconds, refresh_token }
    return { status: 200, body, headers: { 'cache-control': 'no-store' } }
  }
}

function refuse(status: number, error: string): Answer {
  return { status, body: { error } }
}

function basicOf(authorization = ''): readonly (string | undefined)[] {
  const [scheme, value = ''] = authorization.split(' ')
  return scheme?.toLowerCase() === 'basic'
    ? Buffer.from(value, 'base64').toString().split(':').map(decodeURIComponent)
    : []
}
