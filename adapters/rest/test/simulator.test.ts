import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { serveCompany, type CompanyServer, type Fault, type PagingStyle } from '@caudal/simulator'
import type { JsonValue, Source } from '@caudal/spec'
import type { AuthOptions, PaginateOptions, RestStreamOptions } from '../src/index.ts'
import { openSource, read } from './support/source.ts'

/*
 * The pretend company speaks six ways of paging, two of OAuth, and goes wrong on demand; it knows nothing of this package.
 */

const limit = 10

const ways: Readonly<
  Record<PagingStyle, Partial<RestStreamOptions> & { readonly paginate: PaginateOptions }>
> = {
  page: { records: 'data', paginate: { kind: 'page', limit, limitParam: 'per_page', pages: 'pages' } },
  offset: { records: 'data', paginate: { kind: 'offset', limit, total: 'total' } },
  cursor: { records: 'data', paginate: { kind: 'cursor', limit, path: 'paging.next.after', param: 'after' } },
  next: { records: 'data', paginate: { kind: 'next', limit, path: 'next' } },
  link: { paginate: { kind: 'link', limit } },
  keyset: {
    records: 'data',
    paginate: { kind: 'keyset', limit, field: 'id', param: 'after_id', hasMore: 'has_more' },
  },
}

async function setUp(
  test: TestContext,
  path: string,
  stream: Partial<RestStreamOptions>,
  auth?: (server: CompanyServer) => AuthOptions,
): Promise<{ server: CompanyServer; source: Source }> {
  const server = await serveCompany({ records: 3000, seed: 7, now: '2026-06-01T00:00:00Z' })
  test.after(() => server.close())
  const source = await openSource(test, {
    baseUrl: server.url,
    auth: auth?.(server) ?? { kind: 'bearer', token: server.token },
    retry: { baseMs: 1, attemptsMax: 3, rateLimitedMax: 4 },
    streams: {
      deals: { path, primaryKey: 'id', ...stream },
      notes: { path: 'v1/deals/{id}/notes', records: 'data', primaryKey: 'id', parent: { stream: 'deals' } },
    },
  })
  return { server, source }
}

describe('the pretend company', () => {
  for (const [style, stream] of Object.entries(ways)) {
    it(`is read whole by ${style}, also from the middle`, async (test) => {
      const { server, source } = await setUp(test, `paging/${style}/deals`, stream)
      const expected = await dealIds(server)
      assert.ok(expected.length > limit * 2, `${expected.length} deals`)
      const part = await read(source, 'deals', { batches: 2 })
      assert.equal(part.failure, undefined)
      const rest = await read(source, 'deals', { position: part.position })
      assert.deepEqual([...part.ids, ...rest.ids].map(Number).toSorted(ascending), expected)
    })
  }

  it('sells on while it is read by what changed, and nothing is missed', async (test) => {
    const stream = { ...ways.cursor, cursor: { field: 'updated_at', param: 'updated_since' } }
    const { server, source } = await setUp(test, 'v1/deals', stream)
    const table = new Map<string, string>()
    let position: JsonValue | undefined
    for (let round = 0; round < 6; round++) {
      const { records, position: after } = await read(source, 'deals', { position })
      for (const record of records) table.set(String(record['id']), JSON.stringify(record))
      position = after ?? position
      if (round < 5) server.tick(40)
    }
    const all = await read(source, 'deals', { full: true })
    assert.deepEqual(new Set(table.values()), new Set(all.records.map((record) => JSON.stringify(record))))
  })

  it('gives the notes of its deals', async (test) => {
    const { source } = await setUp(test, 'v1/deals', ways.cursor)
    const { ids, failure } = await read(source, 'notes')
    assert.equal(failure, undefined)
    assert.ok(ids.length > 10)
    assert.equal(new Set(ids).size, ids.length)
  })

  it('gives tokens to clients', async (test) => {
    const { server, source } = await setUp(test, 'v1/deals', ways.cursor, ({ url }) => ({
      kind: 'oauth2',
      grant: 'clientCredentials',
      tokenUrl: `${url}/oauth/token`,
      clientId: 'demo',
      clientSecret: 'demo-secret',
    }))
    assert.equal((await read(source, 'deals')).ids.length, (await dealIds(server)).length)
  })

  const passing: readonly Fault[] = [
    { kind: 'too-many-requests', every: 3, retryAfterSeconds: 0 },
    { kind: 'server-error', every: 2 },
    { kind: 'cut', every: 2 },
    { kind: 'slow', at: [2], delayMs: 50 },
  ]
  for (const fault of passing) {
    it(`is read whole in spite of ${fault.kind}`, async (test) => {
      const { server, source } = await setUp(test, 'v1/deals', ways.cursor)
      const expected = await dealIds(server)
      server.setFaults([fault])
      const { ids, failure } = await read(source, 'deals')
      assert.equal(failure, undefined)
      assert.deepEqual(ids.map(Number).toSorted(ascending), expected)
    })
  }

  const ending: readonly (readonly [Fault, string])[] = [
    [{ kind: 'unauthorized', from: 2 }, 'CAUDAL_HTTP_UNAUTHORIZED'],
    [{ kind: 'html', from: 2 }, 'CAUDAL_HTTP_NOT_JSON'],
    [{ kind: 'error-body', from: 2 }, 'CAUDAL_REST_NO_RECORDS'],
    [{ kind: 'cut', from: 2 }, 'CAUDAL_HTTP_BODY_CUT'],
    [{ kind: 'too-many-requests', from: 2, retryAfterSeconds: 0 }, 'CAUDAL_HTTP_RATE_LIMITED'],
    [{ kind: 'repeat-page' }, 'CAUDAL_REST_PAGE_REPEATS'],
    [{ kind: 'stuck-cursor' }, 'CAUDAL_REST_PAGE_REPEATS'],
  ]
  for (const [fault, code] of ending) {
    it(`${fault.kind} for ever ends in ${code}, and later reading goes on from there`, async (test) => {
      const { server, source } = await setUp(test, 'v1/deals', ways.cursor)
      const expected = await dealIds(server)
      server.setFaults([fault])
      const broken = await read(source, 'deals')
      assert.equal(broken.error.code, code)
      assert.match(broken.error.message, /^crm\.deals, page \d/)
      server.setFaults([])
      if (code === 'CAUDAL_REST_PAGE_REPEATS') return
      const mended = await read(source, 'deals', { position: broken.position })
      assert.deepEqual([...broken.ids, ...mended.ids].map(Number).toSorted(ascending), expected)
    })
  }
})

function ascending(a: number, b: number): number {
  return a - b
}

/** All deals by the plainest of loops. */
async function dealIds({ url, token }: CompanyServer): Promise<number[]> {
  const ids: number[] = []
  for (let offset = 0; ;) {
    const response = await fetch(`${url}/paging/offset/deals?offset=${offset}&limit=500`, {
      headers: { authorization: `Bearer ${token}` },
    })
    const { data } = (await response.json()) as { data: { id: number }[] }
    if (data.length === 0) return ids.toSorted(ascending)
    ids.push(...data.map(({ id }) => id))
    offset += data.length
  }
}
