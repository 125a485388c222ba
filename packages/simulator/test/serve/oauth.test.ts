import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { CompanyServer } from '@caudal/simulator'
import { get, serve } from './client.ts'

interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
  readonly expires_in: number
  readonly error?: string
}

const CLIENT = { client_id: 'demo', client_secret: 'demo-secret' }

async function post(
  server: CompanyServer,
  form: Record<string, string>,
  headers = {},
): Promise<[number, Tokens]> {
  const response = await fetch(`${server.url}/oauth/token`, {
    method: 'POST',
    headers,
    body: new URLSearchParams(form),
  })
  return [response.status, (await response.json()) as Tokens]
}

describe('OAuth', async () => {
  const server = await serve()
  const grant = { grant_type: 'client_credentials' }

  it('gives an access token that works for a client that names itself in the form or by basic authentication', async () => {
    const basic = { authorization: `Basic ${Buffer.from('demo:demo-secret').toString('base64')}` }
    for (const [form, headers] of [[{ ...grant, ...CLIENT }, {}] as const, [grant, basic] as const]) {
      const [status, tokens] = await post(server, form, headers)
      assert.equal(status, 200)
      assert.equal(tokens.expires_in, 1800)
      assert.equal((await get(server, '/v1/deals', tokens.access_token)).status, 200)
      assert.equal((await get(server, '/v1/deals', tokens.refresh_token)).status, 401)
    }
  })

  it('refuses other clients and grants', async () => {
    const [status, { error }] = await post(server, { ...grant, ...CLIENT, client_secret: 'guess' })
    assert.deepEqual([status, error], [401, 'invalid_client'])
    const [otherStatus, other] = await post(server, { ...CLIENT, grant_type: 'password' })
    assert.deepEqual([otherStatus, other.error], [400, 'unsupported_grant_type'])
  })

  it('a refresh token works once; the new one works next', async () => {
    const refresh = (token: string): Promise<[number, Tokens]> =>
      post(server, { ...CLIENT, grant_type: 'refresh_token', refresh_token: token })
    const [, first] = await post(server, { ...grant, ...CLIENT })
    const [status, second] = await refresh(first.refresh_token)
    assert.equal(status, 200)
    assert.notEqual(second.refresh_token, first.refresh_token)
    assert.equal((await get(server, '/v1/deals', second.access_token)).status, 200)
    const [usedStatus, used] = await refresh(first.refresh_token)
    assert.deepEqual([usedStatus, used.error], [400, 'invalid_grant'])
    assert.equal((await refresh(second.refresh_token))[0], 200)
  })

  it('an access token expires', async () => {
    const brief = await serve({ oauth: { accessTokenSeconds: 0 } })
    const [, tokens] = await post(brief, { ...grant, ...CLIENT })
    assert.equal((await get(brief, '/v1/deals', tokens.access_token)).status, 401)
  })
})
