import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CaudalError, supportsCheck, supportsCount } from '@caudal/spec'
import { sendJson, startApi } from './support/api.ts'
import { items } from './support/lists.ts'
import { openSource } from './support/source.ts'

const signal = AbortSignal.timeout(20_000)

describe('source check', () => {
  it('shows account, scopes, quota, what may be read, how much there is and how long it takes', async (test) => {
    const api = await startApi(test, ({ path, query }, response) => {
      const headers = {
        'x-ratelimit-limit': '500',
        'x-ratelimit-remaining': '498',
        'x-ratelimit-reset': '60',
      }
      if (path === '/me')
        return { user: { mail: 'ada@acme.example' }, grants: [{ scope: 'deals' }, { scope: 'notes' }] }
      if (path === '/secret') return sendJson(response, { message: 'scope missing' }, 403)
      if (path === '/leads') return sendJson(response, [{ id: 1 }, { id: 2 }])
      const from = Number(query['offset'])
      return sendJson(response, { total: 5000, data: items(5000).slice(from, from + 50) }, 200, headers)
    })
    const source = await openSource(test, {
      baseUrl: api.url,
      rateLimit: { requests: 20 },
      account: { path: 'me', field: 'user.mail', scopes: 'grants.*.scope' },
      streams: {
        deals: {
          path: 'deals',
          records: 'data',
          primaryKey: 'id',
          paginate: { kind: 'offset', limit: 50, total: 'total' },
        },
        leads: { path: 'leads' },
        secret: { path: 'secret' },
      },
    })
    assert.ok(supportsCheck(source))
    const check = await source.check(signal)
    assert.equal(check.account, 'ada@acme.example')
    assert.deepEqual(check.scopes, ['deals', 'notes'])
    assert.equal(check.quota, '498 of 500 calls left, renewed in 60 s')
    const [deals, leads, secret] = check.streams
    assert.deepEqual(deals, { stream: 'deals', isReadable: true, records: 5000 })
    assert.deepEqual(leads, { stream: 'leads', isReadable: true, records: 2 })
    assert.equal(secret?.isReadable, false)
    assert.match(secret?.note ?? '', /GET .*\/secret .*may not read this.*scope missing/)
    assert.ok(api.asked.length < 10, 'a page of each stream, not more')
  })

  it('estimates by the rate limit where that is what holds', async (test) => {
    const api = await startApi(test, ({ path }) => (path === '/count' ? { n: 100 } : items(10)))
    const source = await openSource(test, {
      baseUrl: api.url,
      rateLimit: { requests: 2, burst: 5 },
      streams: { deals: { path: 'deals', primaryKey: 'id', count: { path: 'count', field: 'n' } } },
    })
    assert.ok(supportsCheck(source) && supportsCount(source))
    assert.equal((await source.check(signal)).estimatedSeconds, 5, 'ten pages, two a second')
    assert.equal(await source.count('deals', signal), 100)
  })

  it('a count that is no number is an error that says where it was looked for', async (test) => {
    const api = await startApi(test, () => ({ n: 'many' }))
    const source = await openSource(test, {
      baseUrl: api.url,
      streams: {
        deals: { path: 'deals', count: { field: 'n' } },
        leads: { path: 'leads', count: { header: 'X-Total' } },
      },
    })
    assert.ok(supportsCount(source))
    for (const [stream, place] of [
      ['deals', /the field `n` holds "many"/],
      ['leads', /the header `X-Total` holds nothing/],
    ] as const) {
      await assert.rejects(source.count(stream, signal), (error) => {
        assert.ok(CaudalError.isInstance(error))
        assert.equal(error.code, 'CAUDAL_REST_COUNT')
        assert.match(error.message, place)
        assert.match(error.message, new RegExp(`crm\\.${stream}, count`))
        return true
      })
    }
  })
})
