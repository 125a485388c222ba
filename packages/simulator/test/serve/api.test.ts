import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createCompany, SERVED_STREAMS } from '@caudal/simulator'
import { get, getJson, now, readAll, type Row, serve } from './client.ts'

const server = await serve()
const company = createCompany({ seed: 7, records: 5000, now })

describe('the API', () => {
  it('serves every record of every stream once, in order of id', async () => {
    for (const name of SERVED_STREAMS) {
      assert.deepEqual(await readAll(server, `/v1/${name}?limit=250`), [...company.read(name)], name)
    }
  })

  it('serves what was updated since, inclusive, in order of updated_at and id, whatever the page size', async () => {
    const people = [...company.read('people')]
    const bulk = people.map((row) => row.updated_at).toSorted()
    for (const since of [
      '2020-01-01',
      now,
      bulk[100] as string,
      '2026-05-16T12:00:00Z',
      '2026-05-16T11:59:59.500Z',
    ]) {
      const expected = people
        .filter((row) => Date.parse(row.updated_at) >= Date.parse(since))
        .toSorted((one, two) => one.updated_at.localeCompare(two.updated_at) || one.id - two.id)
      for (const limit of [7, 1000]) {
        assert.deepEqual(await readAll(server, `/v1/people?updated_since=${since}&limit=${limit}`), expected)
      }
      const { count } = await getJson<{ count: number }>(server, `/v1/people/count?updated_since=${since}`)
      assert.equal(count, expected.length)
    }
  })

  it('counts', async () => {
    for (const name of SERVED_STREAMS) {
      const { count } = await getJson<{ count: number }>(server, `/v1/${name}/count`)
      assert.equal(count, [...company.read(name)].length, name)
    }
  })

  it('serves one record by id, and 404 where there is none', async () => {
    for (const deal of company.read('deals').take(3)) {
      assert.deepEqual(await getJson<Row>(server, `/v1/deals/${deal.id}`), { ...deal })
    }
    for (const path of [
      '/v1/deals/213',
      '/v1/deals/x',
      '/v1/deals/-6',
      '/v1/nothing',
      '/v2/deals',
      '/v1/deals/4/x/y',
    ]) {
      assert.equal((await get(server, path)).status, 404, path)
    }
  })

  it('serves the notes of each deal', async () => {
    const notes = []
    for (const deal of company.read('deals'))
      notes.push(...(await readAll(server, `/v1/deals/${deal.id}/notes?limit=2`)))
    assert.deepEqual(notes, [...company.read('notes')])
  })

  it('says who asks, what may be read and what is left', async () => {
    const account = await getJson<{ company: string; scopes: string[]; quota: { remaining: number } }>(
      server,
      '/v1/account',
    )
    assert.equal(account.company, 'Riada')
    assert.ok(account.scopes.includes('deals.read'))
    assert.ok(account.quota.remaining > 90_000)
  })

  it('answers 401 without the token, 405 to a write, 400 to what it does not understand', async () => {
    assert.equal((await fetch(`${server.url}/v1/deals`)).status, 401)
    const wrong = await get(server, '/v1/deals', 'wrong')
    assert.equal(wrong.status, 401)
    assert.equal(wrong.headers.get('www-authenticate'), 'Bearer')
    const headers = { authorization: `Bearer ${server.token}` }
    assert.equal((await fetch(`${server.url}/v1/deals`, { method: 'POST', headers })).status, 405)
    for (const query of [
      'limit=0',
      'limit=1001',
      'limit=ten',
      'after=x',
      'after=bnVsbA',
      'updated_since=yesterday',
    ]) {
      const response = await get(server, `/v1/deals?${query}`)
      assert.equal(response.status, 400, query)
      assert.match(((await response.json()) as { message: string }).message, new RegExp(query))
    }
  })
})

describe('the quota', () => {
  it('is told in headers, and 429 with Retry-After answers what is beyond it', async () => {
    const small = await serve({ rateLimit: { requests: 2, windowMs: 60_000 } })
    const remaining = []
    for (const _ of [1, 2])
      remaining.push((await get(small, '/v1/account')).headers.get('x-ratelimit-remaining'))
    assert.deepEqual(remaining, ['1', '0'])
    const refused = await get(small, '/v1/account')
    assert.equal(refused.status, 429)
    assert.equal(refused.headers.get('x-ratelimit-limit'), '2')
    const seconds = Number(refused.headers.get('retry-after'))
    assert.ok(seconds > 0 && seconds <= 60)
    assert.ok(Number(refused.headers.get('x-ratelimit-reset')) >= Date.now() / 1000)
  })
})

describe('starting', () => {
  it('a company of ten million records takes less than a second', async () => {
    const start = performance.now()
    const large = await serve({ records: 10_000_000 })
    assert.equal((await get(large, '/v1/account')).status, 200)
    assert.ok(performance.now() - start < 1000)
  })

  it('on a taken port is refused', async () => {
    await assert.rejects(serve({ port: Number(new URL(server.url).port) }), { code: 'EADDRINUSE' })
  })
})
