import {
  HttpClient,
  Redactor,
  basicAuthorizer,
  bearerAuthorizer,
  createOAuthAuthorizer,
  keyHeaderAuthorizer,
  keyQueryAuthorizer,
  systemClock,
  type Authorizer,
} from '@caudal/http'
import { CaudalError, isSecretReference, type Setting, type SourceContext } from '@caudal/spec'
import type { AuthOptions, ErrorBodyRule, OAuthGrantOptions, RestOptions } from './options.ts'

/** What an open source asks its server through. */
export interface Connection {
  /** The source's name. */
  readonly source: string
  readonly http: HttpClient
  readonly redactor: Redactor
  readonly errorBody: ErrorBodyRule | undefined
  readonly log: SourceContext['log']
  /** Milliseconds since 1970, by the local clock. */
  now(): number
  /** The source's own query parameters for a request; those that a link already has are left out. */
  paramsFor(link: string | undefined): Readonly<Record<string, string>>
  /** An address without credentials, fit to be kept in a position. */
  withoutSecrets(url: string): string
  close(): Promise<void>
}

/** Resolves the settings and makes the client. Nothing is sent yet. @throws CaudalError `CAUDAL_SECRET_MISSING`, `CAUDAL_REST_BASE_URL`. */
export function openConnection(options: RestOptions, context: SourceContext): Connection {
  const redactor = new Redactor()
  const resolve = (setting: Setting): string => {
    const value = context.resolve(setting)
    if (isSecretReference(setting)) redactor.addSecret(value)
    return value
  }
  const baseUrl = parseBaseUrl(context.resolve(options.baseUrl), context.source)
  const { retry, timeoutMs, bodyBytesMax } = options
  const shared = {
    redactor,
    log: context.log.bind(context),
    ...(retry === undefined ? {} : { retry }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(bodyBytesMax === undefined ? {} : { bodyBytesMax }),
  }
  const tokens: HttpClient[] = []
  const openTokens = (tokenUrl: string): HttpClient => {
    const http = new HttpClient({ ...shared, baseUrl: tokenUrl })
    tokens.push(http)
    return http
  }
  const authorizer = createAuthorizer(options.auth, { resolve, redactor, context, openTokens })
  const http = new HttpClient({
    ...shared,
    baseUrl,
    headers: mapValues(options.headers ?? {}, resolve),
    ...(options.origins === undefined ? {} : { origins: options.origins }),
    ...(options.rateLimit === undefined ? {} : { rateLimit: options.rateLimit }),
    ...(authorizer === undefined ? {} : { authorizer }),
  })
  const params = mapValues(options.params ?? {}, (value) =>
    typeof value === 'object' || typeof value === 'string' ? resolve(value) : String(value),
  )
  return {
    source: context.source,
    http,
    redactor,
    errorBody: options.errorBody,
    log: shared.log,
    now: systemClock.now,
    paramsFor: (link) => missingParams(params, link),
    withoutSecrets: (url) => withoutSecrets(url, options.auth, redactor),
    async close() {
      await http.close()
      await Promise.all(tokens.map((client) => client.close()))
    },
  }
}

interface AuthParts {
  readonly resolve: (setting: Setting) => string
  readonly redactor: Redactor
  readonly context: SourceContext
  readonly openTokens: (tokenUrl: string) => HttpClient
}

function createAuthorizer(auth: AuthOptions | undefined, parts: AuthParts): Authorizer | undefined {
  const { resolve, redactor } = parts
  switch (auth?.kind) {
    case undefined:
    case 'none':
      return undefined
    case 'basic':
      return basicAuthorizer(resolve(auth.user), resolve(auth.password), redactor)
    case 'bearer':
      return bearerAuthorizer(resolve(auth.token), redactor, auth.scheme)
    case 'apiKey':
      return auth.query === undefined
        ? keyHeaderAuthorizer(auth.header ?? 'x-api-key', resolve(auth.key), redactor)
        : keyQueryAuthorizer(auth.query, resolve(auth.key), redactor)
    case 'oauth2':
      return createOAuth(auth, parts)
  }
}

const tokenSecret = 'oauth_tokens'

function createOAuth(
  auth: OAuthGrantOptions,
  { resolve, redactor, context, openTokens }: AuthParts,
): Authorizer {
  const tokenUrl = resolve(auth.tokenUrl)
  const refresh = auth.grant === 'refreshToken' ? auth.refreshToken : undefined
  return createOAuthAuthorizer({
    tokenUrl,
    clientId: resolve(auth.clientId),
    http: openTokens(tokenUrl),
    redactor,
    clock: systemClock,
    ...(auth.clientSecret === undefined ? {} : { clientSecret: resolve(auth.clientSecret) }),
    ...(auth.scope === undefined ? {} : { scope: auth.scope }),
    ...(auth.audience === undefined ? {} : { audience: auth.audience }),
    ...(auth.clientAuth === undefined ? {} : { clientAuth: auth.clientAuth }),
    ...(auth.scheme === undefined ? {} : { scheme: auth.scheme }),
    ...(refresh === undefined
      ? {}
      : {
          refreshToken: {
            initial: resolve(refresh),
            store: {
              read: () => context.readSecret(tokenSecret),
              write: (value) => context.writeSecret(tokenSecret, value),
            },
          },
        }),
  })
}

function parseBaseUrl(baseUrl: string, source: string): string {
  const url = URL.parse(baseUrl)
  if (url !== null && /^https?:$/.test(url.protocol)) return baseUrl
  throw new CaudalError({
    code: 'CAUDAL_REST_BASE_URL',
    message: `${source}: \`baseUrl\` is ${JSON.stringify(baseUrl)}, which is no http address.`,
    hint: "Give the whole address: baseUrl: 'https://api.example.com/v1'.",
    context: { source },
  })
}

function missingParams(
  params: Readonly<Record<string, string>>,
  link: string | undefined,
): Readonly<Record<string, string>> {
  const present = link === undefined ? undefined : URL.parse(link)?.searchParams
  if (present === undefined) return params
  return Object.fromEntries(Object.entries(params).filter(([name]) => !present.has(name)))
}

function withoutSecrets(link: string, auth: AuthOptions | undefined, redactor: Redactor): string {
  const url = URL.parse(link)
  if (url === null) return link
  const keyParam = auth?.kind === 'apiKey' ? auth.query : undefined
  const secret = [...url.searchParams].filter(
    ([name, value]) => name === keyParam || redactor.text(value) !== value,
  )
  if (secret.length === 0 && url.username === '' && url.password === '') return link
  for (const [name] of secret) url.searchParams.delete(name)
  url.username = ''
  url.password = ''
  return url.href
}

function mapValues<From, To>(
  values: Readonly<Record<string, From>>,
  map: (value: From) => To,
): Readonly<Record<string, To>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, map(value)]))
}
