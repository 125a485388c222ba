import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { describe, it, type TestContext } from 'node:test'
import {
  HttpClient,
  Redactor,
  createOAuthAuthorizer,
  responseJson,
  type OAuthOptions,
  type TokenStore,
} from '../../src/index.ts'
import { createTestClock, type TestClock } from '../support/clock.ts'
import { sendJson, startServer, type Seen } from '../support/server.ts'

/** A vendor: refresh tokens are good for one use, access tokens for one hour. */
async function startVendor(test: TestContext): Promise<{
  readonly url: string
  readonly seen: Seen[]
  readonly grants: URLSearchParams[]
  revokeAccess(): void
  failNextToken(status: number): void
  /** Called when a token is asked for. */
  onGrant: () => void
}> {
  let refresh = 'refresh-0'
  let access = ''
  let issued = 0
  let failure = 0
  const grants: URLSearchParams[] = []
  const answerToken = (seen: Seen, response: ServerResponse): void => {
    const form = new URLSearchParams(seen.body)
    grants.push(form)
    vendor.onGrant()
    if (failure > 0) {
      const status = failure
      failure = 0
      return sendJson(response, { error: 'temporarily_unavailable' }, status)
    }
    if (form.get('grant_type') === 'refresh_token' && form.get('refresh_token') !== refresh) {
      return sendJson(response, { error: 'invalid_grant', error_description: 'token was used' }, 400)
    }
    issued += 1
    access = `access-${issued}`
    refresh = `refresh-${issued}`
    return sendJson(response, {
      access_token: access,
      refresh_token: refresh,
      expires_in: '3600',
      token_type: 'bearer',
    })
  }
  const server = await startServer(test, (seen, response) => {
    if (seen.url.pathname === '/token') return answerToken(seen, response)
    const isKnown = access !== '' && seen.headers.authorization === `Bearer ${access}`
    return sendJson(response, isKnown ? { ok: true } : { error: 'expired' }, isKnown ? 200 : 401)
  })
  const vendor = {
    ...server,
    grants,
    onGrant: () => undefined as void,
    revokeAccess() {
      access = 'revoked'
    },
    failNextToken(status: number) {
      failure = status
    },
  }
  return vendor
}

function createStore(): TokenStore & { value: string | undefined; writes: number } {
  return {
    value: undefined,
    writes: 0,
    async read() {
      return this.value
    },
    async write(value) {
      await new Promise((resolve) => setImmediate(resolve))
      this.value = value
      this.writes += 1
    },
  }
}

function connect(
  test: TestContext,
  url: string,
  clock: TestClock,
  options: Partial<OAuthOptions>,
): { get: (signal?: AbortSignal) => Promise<unknown>; close: () => Promise<void> } {
  const redactor = new Redactor()
  const tokens = new HttpClient({ baseUrl: url, clock, redactor })
  const authorizer = createOAuthAuthorizer({
    tokenUrl: `${url}/token`,
    clientId: 'client-id',
    clientSecret: 'client-secret',
    http: tokens,
    redactor,
    clock,
    ...options,
  })
  const client = new HttpClient({ baseUrl: url, clock, redactor, authorizer })
  const close = async (): Promise<void> => {
    await client.close()
    await tokens.close()
  }
  test.after(close)
  const get = (signal = new AbortController().signal): Promise<unknown> =>
    client.request({ url: 'me', where: 'crm', signal }, (response) => responseJson(response))
  return { get, close }
}

describe('OAuth client credentials', () => {
  it('fetches one token for many callers and keeps it until shortly before it expires', async (test) => {
    const vendor = await startVendor(test)
    const clock = createTestClock()
    const { get } = connect(test, vendor.url, clock, { scope: 'crm.read', audience: 'api' })
    await Promise.all([get(), get(), get()])
    assert.equal(vendor.grants.length, 1)
    assert.deepEqual(Object.fromEntries(vendor.grants[0] ?? []), {
      grant_type: 'client_credentials',
      client_id: 'client-id',
      client_secret: 'client-secret',
      scope: 'crm.read',
      audience: 'api',
    })
    clock.advance(3_500_000)
    await get()
    assert.equal(vendor.grants.length, 1)
    clock.advance(60_000)
    await get()
    assert.equal(vendor.grants.length, 2)
  })

  it('names itself in the header when asked to', async (test) => {
    const vendor = await startVendor(test)
    const { get } = connect(test, vendor.url, createTestClock(), { clientAuth: 'header' })
    await get()
    const sent = vendor.seen[0]
    assert.equal(
      sent?.headers.authorization,
      `Basic ${Buffer.from('client-id:client-secret').toString('base64')}`,
    )
    assert.equal(vendor.grants[0]?.has('client_secret'), false)
  })

  it('renews once, for all callers, when a token that should hold is refused: clocks differ', async (test) => {
    const vendor = await startVendor(test)
    const { get } = connect(test, vendor.url, createTestClock(), {})
    await get()
    vendor.revokeAccess()
    await Promise.all([get(), get(), get(), get()])
    assert.equal(vendor.grants.length, 2)
  })

  it('gives up when the new token is refused too', async (test) => {
    const { url, seen } = await startServer(test, (entry, response) =>
      entry.url.pathname === '/token'
        ? sendJson(response, { access_token: 'some-token' })
        : sendJson(response, { error: 'no' }, 401),
    )
    const { get } = connect(test, url, createTestClock(), {})
    await assert.rejects(get(), { code: 'CAUDAL_HTTP_UNAUTHORIZED' })
    assert.equal(seen.filter((entry) => entry.url.pathname === '/me').length, 2)
  })

  it('retries a token endpoint that fails for a moment', async (test) => {
    const vendor = await startVendor(test)
    vendor.failNextToken(503)
    const { get } = connect(test, vendor.url, createTestClock(), {})
    assert.deepEqual(await get(), { ok: true })
  })
})

describe('OAuth refresh token', () => {
  it('survives a crash after a rotation: the next process goes on from the stored token', async (test) => {
    const vendor = await startVendor(test)
    const store = createStore()
    const clock = createTestClock()
    const refreshToken = { initial: 'refresh-0', store }
    await connect(test, vendor.url, clock, { refreshToken }).get()
    clock.advance(7_200_000)
    assert.deepEqual(await connect(test, vendor.url, clock, { refreshToken }).get(), { ok: true })
    assert.deepEqual(
      vendor.grants.map((grant) => grant.get('refresh_token')),
      ['refresh-0', 'refresh-1'],
    )
  })

  for (const [words, failsFrom, grants] of [
    ['before its successor is durable', 2, 1],
    ['up when the store cannot keep anything', 1, 0],
  ] as const) {
    it(`uses no token ${words}`, async (test) => {
      const vendor = await startVendor(test)
      let writes = 0
      const store: TokenStore = {
        read: async () => undefined,
        async write() {
          writes += 1
          if (writes >= failsFrom) throw new Error('disk full')
        },
      }
      const { get } = connect(test, vendor.url, createTestClock(), {
        refreshToken: { initial: 'refresh-0', store },
      })
      await assert.rejects(get(), /disk full/)
      assert.equal(vendor.grants.length, grants)
      assert.equal(vendor.seen.filter((entry) => entry.url.pathname === '/me').length, 0)
    })
  }

  it('does not rotate when the stored access token still holds', async (test) => {
    const vendor = await startVendor(test)
    const refreshToken = { initial: 'refresh-0', store: createStore() }
    const clock = createTestClock()
    await connect(test, vendor.url, clock, { refreshToken }).get()
    await connect(test, vendor.url, clock, { refreshToken }).get()
    assert.equal(vendor.grants.length, 1)
  })

  it('rotates when the stored access token is refused', async (test) => {
    const vendor = await startVendor(test)
    const refreshToken = { initial: 'refresh-0', store: createStore() }
    const clock = createTestClock()
    await connect(test, vendor.url, clock, { refreshToken }).get()
    vendor.revokeAccess()
    assert.deepEqual(await connect(test, vendor.url, clock, { refreshToken }).get(), { ok: true })
    assert.equal(vendor.grants.length, 2)
  })

  it('rotates once for callers that come together', async (test) => {
    const vendor = await startVendor(test)
    const store = createStore()
    const { get } = connect(test, vendor.url, createTestClock(), {
      refreshToken: { initial: 'refresh-0', store },
    })
    await Promise.all(Array.from({ length: 10 }, () => get()))
    assert.equal(vendor.grants.length, 1)
    assert.equal(store.writes, 2, 'the first token, which proves the store, and its successor')
  })

  it('finishes a rotation whose caller was aborted', async (test) => {
    const vendor = await startVendor(test)
    const store = createStore()
    const controller = new AbortController()
    const { get, close } = connect(test, vendor.url, createTestClock(), {
      refreshToken: { initial: 'refresh-0', store },
    })
    vendor.onGrant = () => controller.abort(new Error('enough'))
    await assert.rejects(get(controller.signal), /enough/)
    await close()
    assert.equal(vendor.grants.length, 1)
    assert.match(store.value ?? '', /"refreshToken":"refresh-1"/)
  })

  it('begins a new chain when the setting changes', async (test) => {
    const vendor = await startVendor(test)
    const store = createStore()
    store.value = JSON.stringify({ began: 'of another setting', refreshToken: 'stale', accessToken: 'stale' })
    const { get } = connect(test, vendor.url, createTestClock(), {
      refreshToken: { initial: 'refresh-0', store },
    })
    assert.deepEqual(await get(), { ok: true })
    assert.equal(vendor.grants[0]?.get('refresh_token'), 'refresh-0')
  })

  it('goes on from the token that another process has just stored', async (test) => {
    const vendor = await startVendor(test)
    const store = createStore()
    const clock = createTestClock()
    const refreshToken = { initial: 'refresh-0', store }
    await connect(test, vendor.url, clock, { refreshToken }).get()
    const rotated = store.value
    const late: TokenStore = {
      read: (() => {
        const answers = [undefined, rotated]
        return async () => answers.shift()
      })(),
      write: (value) => store.write(value),
    }
    clock.advance(7_200_000)
    const second = connect(test, vendor.url, clock, { refreshToken: { initial: 'refresh-0', store: late } })
    assert.deepEqual(await second.get(), { ok: true })
  })

  it('says how to mend a used-up token, and shows no token', async (test) => {
    const vendor = await startVendor(test)
    const { get } = connect(test, vendor.url, createTestClock(), {
      refreshToken: { initial: 'refresh-spent', store: createStore() },
    })
    await assert.rejects(get(), (error: Error & { code: string; hint: string }) => {
      assert.equal(error.code, 'CAUDAL_HTTP_OAUTH_REFUSED')
      assert.match(error.message, /refresh_token grant: invalid_grant \(token was used\)/)
      assert.match(error.hint, /authorise the application again/)
      assert.ok(!JSON.stringify(error).includes('refresh-spent'))
      return true
    })
  })
})
