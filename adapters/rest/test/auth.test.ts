import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { AuthOptions } from '../src/index.ts'
import { sendJson, startApi, type Asked } from './support/api.ts'
import { openSource, read, type Surroundings } from './support/source.ts'

async function askedWith(test: TestContext, auth: AuthOptions): Promise<Asked> {
  const api = await startApi(test, () => [{ id: 1 }])
  const source = await openSource(test, { baseUrl: api.url, auth, streams: { items: { path: 'items' } } })
  assert.equal((await read(source, 'items')).failure, undefined)
  const [asked] = api.asked
  assert.ok(asked !== undefined)
  return asked
}

describe('auth', () => {
  it('none', async (test) => {
    assert.equal((await askedWith(test, { kind: 'none' })).headers.authorization, undefined)
  })

  it('basic, the password by reference', async (test) => {
    const { headers } = await askedWith(test, {
      kind: 'basic',
      user: 'ada',
      password: { kind: 'env', name: 'PASSWORD' },
    })
    const sent = Buffer.from(headers.authorization?.replace('Basic ', '') ?? '', 'base64').toString()
    assert.equal(sent, 'ada:value of PASSWORD')
  })

  it('bearer, and another word before the token', async (test) => {
    assert.equal((await askedWith(test, { kind: 'bearer', token: 't0' })).headers.authorization, 'Bearer t0')
    const named = await askedWith(test, { kind: 'bearer', token: 't0', scheme: 'Token' })
    assert.equal(named.headers.authorization, 'Token t0')
  })

  it('an API key in a header or in the query', async (test) => {
    const header = await askedWith(test, { kind: 'apiKey', header: 'X-Key', key: 'k' })
    assert.equal(header.headers['x-key'], 'k')
    assert.equal(
      (await askedWith(test, { kind: 'apiKey', query: 'api_key', key: 'k' })).query['api_key'],
      'k',
    )
  })
})

/** A server that gives access tokens, each good for some calls, and refresh tokens, each good for one use. */
async function startOAuth(
  test: TestContext,
  callsPerToken = Infinity,
): Promise<{ url: string; used: string[]; grants: string[] }> {
  const used: string[] = []
  const grants: string[] = []
  const calls = new Map<string, number>()
  let issued = 0
  const { url } = await startApi(test, ({ path, body, headers, query }, response) => {
    if (path === '/token') {
      const form = new URLSearchParams(body)
      grants.push(form.get('grant_type') ?? '')
      const refresh = form.get('refresh_token')
      const expected = issued === 0 ? 'r0' : `r${issued}`
      if (refresh !== null && refresh !== expected) return sendJson(response, { error: 'invalid_grant' }, 400)
      if (refresh !== null) used.push(refresh)
      issued += 1
      calls.set(`Bearer a${issued}`, 0)
      return {
        access_token: `a${issued}`,
        expires_in: 3600,
        ...(refresh === null ? {} : { refresh_token: `r${issued}` }),
      }
    }
    const token = headers.authorization ?? ''
    const count = calls.get(token)
    if (count === undefined || count >= callsPerToken) return sendJson(response, 'expired', 401)
    calls.set(token, count + 1)
    const page = Number(query['page'])
    return page > 4 ? [] : [{ id: page }]
  })
  return { url, used, grants }
}

function oauth(url: string, grant: 'clientCredentials' | 'refreshToken'): AuthOptions {
  return {
    kind: 'oauth2',
    grant,
    tokenUrl: `${url}/token`,
    clientId: 'caudal',
    clientSecret: 's3cret-of-client',
    ...(grant === 'refreshToken' ? { refreshToken: 'r0' } : {}),
  }
}

const streams = {
  items: { path: 'items', primaryKey: 'id', paginate: { kind: 'page', readAhead: 1 } },
} as const

describe('auth: OAuth 2', () => {
  it('client credentials, renewed when the access token is refused in the middle of a read', async (test) => {
    const server = await startOAuth(test, 2)
    const source = await openSource(test, {
      baseUrl: server.url,
      auth: oauth(server.url, 'clientCredentials'),
      streams,
    })
    assert.deepEqual((await read(source, 'items')).ids, [1, 2, 3, 4])
    assert.ok(server.grants.every((grant) => grant === 'client_credentials'))
    assert.equal(server.grants.length, 3)
  })

  it('a refresh token is used once, its successor is kept, and the next process goes on with it', async (test) => {
    const server = await startOAuth(test, 2)
    const surroundings: Surroundings = { logged: [], secrets: new Map() }
    const options = { baseUrl: server.url, auth: oauth(server.url, 'refreshToken'), streams }
    const first = await openSource(test, options, surroundings)
    assert.deepEqual((await read(first, 'items')).ids, [1, 2, 3, 4])
    await first.close()
    assert.deepEqual(server.used, ['r0', 'r1', 'r2'])
    assert.match([...surroundings.secrets.values()].join(), /"refreshToken":"r3"/)

    const second = await openSource(test, options, surroundings)
    assert.equal((await read(second, 'items')).failure, undefined)
    assert.equal(new Set(server.used).size, server.used.length, 'none is used twice')
  })

  it('a refused refresh token says what to do, without showing it', async (test) => {
    const server = await startOAuth(test)
    const auth = { ...oauth(server.url, 'refreshToken'), refreshToken: 'a-stale-token' } as AuthOptions
    const source = await openSource(test, { baseUrl: server.url, auth, streams })
    const { error } = await read(source, 'items')
    assert.equal(error.code, 'CAUDAL_HTTP_OAUTH_REFUSED')
    assert.match(error.hint ?? '', /authorise the application again/)
    assert.doesNotMatch(JSON.stringify(error), /a-stale-token|s3cret/)
  })
})
