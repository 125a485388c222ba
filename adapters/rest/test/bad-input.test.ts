import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { describe, it, type TestContext } from 'node:test'
import type { Source } from '@caudal/spec'
import type { PaginateOptions, RestOptions } from '../src/index.ts'
import { sendJson, startApi, type Answer, type Api } from './support/api.ts'
import { items } from './support/lists.ts'
import { openSource, read, type Surroundings } from './support/source.ts'

interface Fixture {
  readonly source: Source & Surroundings
  readonly api: Api
}

async function setUp(
  test: TestContext,
  answer: Answer,
  paginate: PaginateOptions = { kind: 'page', limit: 2, readAhead: 1 },
  options: Partial<RestOptions> = {},
): Promise<Fixture> {
  const api = await startApi(test, answer)
  const source = await openSource(test, {
    baseUrl: api.url,
    streams: { items: { path: 'items', records: 'data', primaryKey: 'id', paginate } },
    ...options,
  })
  return { source, api }
}

/** The first pages of a list that goes on. */
function goodPage(number: number): { data: unknown[] } {
  return { data: items(100).slice((number - 1) * 2, number * 2) }
}

describe('bad input: what is no page', () => {
  it('HTML instead of JSON names the stream, the page and the title, and keeps what came before', async (test) => {
    const { source } = await setUp(test, ({ query }, response) => {
      if (query['page'] !== '3') return goodPage(Number(query['page']))
      response.setHeader('content-type', 'text/html')
      response.end('<!DOCTYPE html><html><head><title>Sign in</title></head><body></body></html>')
      return undefined
    })
    const { error, ids } = await read(source, 'items')
    assert.equal(error.code, 'CAUDAL_HTTP_NOT_JSON')
    assert.match(
      error.message,
      /^crm\.items, page 3: GET .*page=3.* answered HTML instead of JSON \(page title: "Sign in"\)/,
    )
    assert.match(error.message, /4 records of `items` were read before/)
    assert.ok(error.hint)
    assert.equal(ids.length, 4)
  })

  it('text that is neither names what it starts with', async (test) => {
    const { source } = await setUp(test, (_asked, response) => sendJson(response, 'OK, nothing today'))
    const { error } = await read(source, 'items')
    assert.equal(error.code, 'CAUDAL_HTTP_NOT_JSON')
    assert.match(
      error.message,
      /crm\.items, page 1.*starts with "OK, nothing today".*Nothing of `items` was read/,
    )
  })

  it('200 with an error body shows the body where no rule reads it', async (test) => {
    const { source } = await setUp(test, ({ query }) =>
      query['page'] === '2' ? { error: { code: 17, message: 'quota used up' } } : goodPage(1),
    )
    const { error, ids } = await read(source, 'items')
    assert.equal(error.code, 'CAUDAL_REST_NO_RECORDS')
    assert.match(error.message, /crm\.items, page 2.*no records at `data`.*quota used up/)
    assert.equal(ids.length, 2)
  })

  it('200 with an error body is read by the rule, and tried again where the rule says so', async (test) => {
    const failing = new Map([
      ['2', ['try later', 'try later']],
      ['3', ['no such account']],
    ])
    const { source, api } = await setUp(
      test,
      ({ query }) => {
        const reason = failing.get(query['page'] ?? '')?.shift()
        return reason === undefined ? goodPage(Number(query['page'])) : { ok: false, reason, data: [] }
      },
      undefined,
      { errorBody: { field: 'ok', equals: false, message: 'reason', retryWhen: ['try later'] } },
    )
    const { error, ids } = await read(source, 'items')
    assert.equal(error.code, 'CAUDAL_HTTP_ERROR_BODY')
    assert.match(error.message, /crm\.items, page 3.*error inside: no such account/)
    assert.equal(ids.length, 4)
    assert.deepEqual(
      api.asked.map(({ query }) => query['page']),
      ['1', '2', '2', '2', '3'],
    )
  })

  it('an element that is no object is named', async (test) => {
    const { source } = await setUp(test, () => ({ data: [{ id: 'a' }, 'b'] }))
    const { error } = await read(source, 'items')
    assert.match(error.message, /crm\.items, page 1.*element 2 of `data` is the string "b"/)
  })

  it('bytes in another encoding than they say are refused, never replaced', async (test) => {
    const { source } = await setUp(test, (_asked, response) => {
      response.setHeader('content-type', 'application/json')
      response.end(Buffer.from('{"data":[{"id":"caf\xe9"}]}', 'latin1'))
      return undefined
    })
    const { error } = await read(source, 'items')
    assert.equal(error.code, 'CAUDAL_HTTP_BODY_ENCODING')
  })
})

describe('bad input: lists that do not end', () => {
  it('a page that repeats for ever', async (test) => {
    const { source, api } = await setUp(test, ({ query }) => goodPage(Math.min(3, Number(query['page']))))
    const { error, ids } = await read(source, 'items')
    assert.equal(error.code, 'CAUDAL_REST_PAGE_REPEATS')
    assert.match(
      error.message,
      /crm\.items, page 4 \(http.*page=4.*\) holds the same records as the page before/,
    )
    assert.equal(ids.length, 6)
    assert.ok(api.asked.length < 20)
  })

  it('an offset that the server ignores', async (test) => {
    const { source } = await setUp(test, () => goodPage(1), { kind: 'offset', limit: 2 })
    const { error, ids } = await read(source, 'items')
    assert.equal(error.code, 'CAUDAL_REST_PAGE_REPEATS')
    assert.equal(new Set(ids).size, ids.length)
  })

  it('pages that go in a circle', async (test) => {
    const { source, api } = await setUp(test, ({ query }) => goodPage(((Number(query['page']) - 1) % 3) + 1))
    const { error } = await read(source, 'items')
    assert.equal(error.code, 'CAUDAL_REST_PAGE_REPEATS')
    assert.ok(api.asked.length < 20)
  })

  it('a cursor that does not move', async (test) => {
    const { source, api } = await setUp(
      test,
      ({ query }) => ({ ...goodPage(Number(query['after'] ?? 1)), next: '2' }),
      { kind: 'cursor', path: 'next', param: 'after' },
    )
    const { error } = await read(source, 'items')
    assert.equal(error.code, 'CAUDAL_REST_PAGE_REPEATS')
    assert.match(error.message, /crm\.items, page 3.*the cursor does not move/)
    assert.equal(api.asked.length, 3)
  })

  it('a cursor that goes in a circle over pages that differ', async (test) => {
    let count = 0
    const { source, api } = await setUp(
      test,
      ({ query }) => ({ data: [{ id: `n${count++}` }], next: query['after'] === 'a' ? 'b' : 'a' }),
      { kind: 'cursor', path: 'next', param: 'after' },
    )
    const { error } = await read(source, 'items')
    assert.match(error.message, /leads back to .* for the third time/)
    assert.ok(api.asked.length < 10)
  })

  it('empty pages without end', async (test) => {
    let count = 0
    const { source } = await setUp(test, () => ({ data: [], next: `c${count++}` }), {
      kind: 'cursor',
      path: 'next',
      param: 'after',
    })
    const { error } = await read(source, 'items')
    assert.equal(error.code, 'CAUDAL_REST_PAGE_REPEATS')
    assert.match(error.message, /is empty, like the 1000 before it/)
  })
})

describe('bad input: servers in trouble', () => {
  it('a storm of 429 is waited out, and every record comes once', async (test) => {
    const storm = new Map<string, number>()
    const { source } = await setUp(
      test,
      ({ query }, response) => {
        const page = query['page'] ?? ''
        storm.set(page, (storm.get(page) ?? 0) + 1)
        if ((storm.get(page) ?? 0) <= 3) return sendJson(response, 'slow down', 429, { 'retry-after': '0' })
        return { data: items(9).slice((Number(page) - 1) * 2, Number(page) * 2) }
      },
      { kind: 'page', limit: 2 },
    )
    assert.deepEqual(
      (await read(source, 'items')).ids,
      items(9).map(({ id }) => id),
    )
  })

  it('a storm that does not end is given up with what came before kept', async (test) => {
    const { source } = await setUp(
      test,
      ({ query }, response) =>
        query['page'] === '1' ? goodPage(1) : sendJson(response, 'slow down', 429, { 'retry-after': '0' }),
      undefined,
      { retry: { baseMs: 1, rateLimitedMax: 5 } },
    )
    const { error, ids } = await read(source, 'items')
    assert.equal(error.code, 'CAUDAL_HTTP_RATE_LIMITED')
    assert.ok(error.retryable)
    assert.match(error.message, /crm\.items, page 2.*Given up after 5 attempts/)
    assert.equal(ids.length, 2)
  })

  it('a connection that is cut in mid-body is asked again, and no half page is taken', async (test) => {
    const cut = new Set<string>()
    const { source } = await setUp(test, ({ query }, response) => {
      const page = query['page'] ?? ''
      const body = JSON.stringify({ data: items(5).slice((Number(page) - 1) * 2, Number(page) * 2) })
      if (cut.has(page)) return sendJson(response, body)
      cut.add(page)
      return cutOff(response, body)
    })
    assert.deepEqual(
      (await read(source, 'items')).ids,
      items(5).map(({ id }) => id),
    )
  })

  it('a connection that is cut every time is given up with stream and page', async (test) => {
    const { source } = await setUp(
      test,
      ({ query }, response) =>
        query['page'] === '1' ? goodPage(1) : cutOff(response, JSON.stringify(goodPage(2))),
      undefined,
      { retry: { baseMs: 1, attemptsMax: 3 } },
    )
    const { error, ids } = await read(source, 'items')
    assert.equal(error.code, 'CAUDAL_HTTP_BODY_CUT')
    assert.match(
      error.message,
      /crm\.items, page 2.*cut.*Given up after 3 attempts.*2 records of `items` were read before/,
    )
    assert.equal(ids.length, 2)
  })

  it('JSON that ends in the middle under a length that fits is asked again', async (test) => {
    let count = 0
    const { source } = await setUp(test, ({ query }, response) => {
      if (query['page'] !== '1') return { data: [] }
      count += 1
      return count === 1 ? sendJson(response, '{"data":[{"id":"a"},{"id":') : { data: [{ id: 'a' }] }
    })
    assert.deepEqual((await read(source, 'items')).ids, ['a'])
  })

  for (const [status, code] of [
    [401, 'CAUDAL_HTTP_UNAUTHORIZED'],
    [403, 'CAUDAL_HTTP_FORBIDDEN'],
    [404, 'CAUDAL_HTTP_NOT_FOUND'],
  ] as const) {
    it(`${status} ends the stream at once`, async (test) => {
      const { source, api } = await setUp(test, (_asked, response) => sendJson(response, 'no', status))
      const { error } = await read(source, 'items')
      assert.equal(error.code, code)
      assert.equal(error.retryable, false)
      assert.equal(api.asked.length, 1)
    })
  }
})

describe('bad input: the secret', () => {
  it('is in no message and no origin, wherever the server puts it', async (test) => {
    const { source } = await setUp(
      test,
      ({ query }, response) => {
        assert.equal(query['key'], 's3cret-key')
        return query['page'] === '1' ? goodPage(1) : sendJson(response, `no access for s3cret-key`, 403)
      },
      undefined,
      { auth: { kind: 'apiKey', query: 'key', key: 's3cret-key' } },
    )
    const found = await read(source, 'items')
    assert.match(found.error.message, /no access for \*\*\*/)
    assert.doesNotMatch(JSON.stringify([found.error, found.batches, source.logged]), /s3cret/)
  })
})

function cutOff(response: ServerResponse, body: string): undefined {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
  response.write(body.slice(0, body.length / 2), () => response.destroy())
  return undefined
}
