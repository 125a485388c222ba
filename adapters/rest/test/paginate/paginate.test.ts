import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { Source } from '@caudal/spec'
import { sendJson, startApi, type Api } from '../support/api.ts'
import { items, pagings, type Item, type Paging } from '../support/lists.ts'
import { openSource, read } from '../support/source.ts'

async function setUp(
  test: TestContext,
  { paginate, answer }: Paging,
  list: () => readonly Item[],
): Promise<{ source: Source; api: Api }> {
  const api = await startApi(test, (asked, response) => {
    const { body, link } = answer(asked, list())
    sendJson(response, body, 200, link === undefined || link === '' ? {} : { link })
  })
  const source = await openSource(test, {
    baseUrl: api.url,
    streams: { items: { path: 'items', records: 'data', primaryKey: 'id', paginate } },
  })
  return { source, api }
}

for (const [name, paging] of Object.entries(pagings)) {
  describe(`paginate: ${name}`, () => {
    for (const length of [0, 1, 3, 7, 9, 40]) {
      it(`reads a list of ${length} to its end`, async (test) => {
        const list = items(length)
        const { source } = await setUp(test, paging, () => list)
        const { ids, failure, isComplete } = await read(source, 'items')
        assert.equal(failure, undefined)
        assert.deepEqual(
          ids,
          list.map(({ id }) => id),
        )
        assert.ok(isComplete)
      })
    }

    it('goes on from each page where a read may have stopped', async (test) => {
      const list = items(10)
      const { source } = await setUp(test, paging, () => list)
      const { batches } = await read(source, 'items')
      assert.ok(batches.length > 3)
      let before = 0
      for (const batch of batches.slice(0, -1)) {
        before += batch.payload.kind === 'ndjson' ? batch.payload.rows : 0
        const rest = await read(source, 'items', { position: batch.position })
        assert.deepEqual(
          rest.ids,
          list.slice(before).map(({ id }) => id),
        )
        assert.ok(rest.isComplete)
        assert.equal(rest.batches[0]?.begins, undefined, 'it is still the read that began before')
      }
    })
  })
}

describe('paginate', () => {
  it('takes a body without records for the end, where the list has one page', async (test) => {
    const api = await startApi(test, () => [{ id: 1 }, { id: 2 }])
    const source = await openSource(test, { baseUrl: api.url, streams: { items: { path: '/items' } } })
    assert.deepEqual((await read(source, 'items')).ids, [1, 2])
    assert.equal(api.asked.length, 1)
  })

  it('warns of a single page that is suspiciously full', async (test) => {
    const api = await startApi(test, () => items(100))
    const source = await openSource(test, { baseUrl: api.url, streams: { items: { path: 'items' } } })
    await read(source, 'items')
    assert.match(source.logged.join('\n'), /crm\.items ended with its first page of exactly 100 records/)
  })

  it('sends the page size, own parameters and headers, and a POST in its body', async (test) => {
    const api = await startApi(test, ({ body }) => {
      const { offset, limit } = JSON.parse(body) as { offset: number; limit: number }
      return { result: { rows: items(5).slice(offset, offset + limit) } }
    })
    const source = await openSource(test, {
      baseUrl: `${api.url}/v3`,
      headers: { 'x-version': '2026-01' },
      params: { locale: 'es' },
      streams: {
        items: {
          path: 'search',
          method: 'POST',
          body: { sort: 'id' },
          records: 'result.rows',
          primaryKey: 'id',
          paginate: { kind: 'offset', limit: 2, overlap: 0, readAhead: 1 },
        },
      },
    })
    assert.equal((await read(source, 'items')).ids.length, 5)
    assert.deepEqual(
      api.asked.map(({ path, query, body }) => [path, query, JSON.parse(body)]),
      [0, 2, 4]
        .map((offset) => ['/v3/search', { locale: 'es' }, { sort: 'id', offset, limit: 2 }])
        .concat([['/v3/search', { locale: 'es' }, { sort: 'id', offset: 5, limit: 2 }]]),
    )
    assert.equal(api.asked[0]?.headers['x-version'], '2026-01')
  })

  it('finds records in nested lists', async (test) => {
    const api = await startApi(test, () => ({
      groups: { a: { items: [{ id: 1 }] }, b: { items: [{ id: 2 }, { id: 3 }] } },
    }))
    const source = await openSource(test, {
      baseUrl: api.url,
      streams: { items: { path: 'items', records: 'groups.*.items' } },
    })
    assert.deepEqual((await read(source, 'items')).ids, [1, 2, 3])
  })
})

describe('paginate: offset', () => {
  it('loses no record when others before it are removed while it reads, and none twice when some are added', async (test) => {
    for (const shift of ['remove', 'add'] as const) {
      let list = items(30)
      const asked: string[] = []
      const paging: Paging = {
        paginate: { kind: 'offset', limit: 5, readAhead: 1 },
        answer: ({ query }) => {
          const from = Number(query['offset'])
          const body = { data: list.slice(from, from + 5) }
          asked.push(query['offset'] ?? '')
          if (asked.length === 3) list = shift === 'remove' ? list.slice(2) : [{ id: 'new' }, ...list]
          return { body }
        },
      }
      const { source } = await setUp(test, paging, () => list)
      const { ids, failure } = await read(source, 'items')
      assert.equal(failure, undefined)
      assert.deepEqual(
        ids,
        items(30).map(({ id }) => id),
        shift,
      )
    }
  })

  it('reads on when a whole page is put in front while it reads', async (test) => {
    let list = items(30)
    let count = 0
    const paging: Paging = {
      paginate: { kind: 'offset', limit: 5, readAhead: 1 },
      answer: ({ query }) => {
        const from = Number(query['offset'])
        const body = { data: list.slice(from, from + 5) }
        count += 1
        if (count === 3) list = [...items(4).map(({ id }) => ({ id: `new ${id}` })), ...list]
        return { body }
      },
    }
    const { source } = await setUp(test, paging, () => list)
    const { ids, failure } = await read(source, 'items')
    assert.equal(failure, undefined)
    assert.deepEqual(
      ids,
      items(30).map(({ id }) => id),
    )
  })

  for (const primaryKey of ['id', []] as const) {
    const isKeyed = primaryKey === 'id'
    it(`${isKeyed ? 'begins anew' : 'stops'} when its place is not found again ${isKeyed ? 'with' : 'without'} a key`, async (test) => {
      let list: Item[] = items(30)
      const api = await startApi(test, ({ query }) => {
        const from = Number(query['offset'])
        const body = list.slice(from, from + 5)
        if (from > 7) list = items(60).slice(30)
        return body
      })
      const source = await openSource(test, {
        baseUrl: api.url,
        streams: {
          items: {
            path: 'items',
            primaryKey,
            disposition: isKeyed ? 'merge' : 'append',
            paginate: { kind: 'offset', limit: 5, readAhead: 1 },
          },
        },
      })
      const found = await read(source, 'items')
      if (isKeyed) {
        assert.equal(found.failure, undefined)
        assert.match(source.logged.join(), /crm\.items: the list has shifted.*begins anew/)
        const last = found.ids.slice(-30)
        assert.deepEqual(
          last,
          items(60)
            .slice(30)
            .map(({ id }) => id),
        )
        return
      }
      assert.equal(found.error.code, 'CAUDAL_REST_RESUME_EXPIRED')
      assert.match(found.error.message, /crm\.items, page 4: none of the last records/)
      assert.match(found.error.hint ?? '', /caudal reset crm\.items/)
    })
  }
})
