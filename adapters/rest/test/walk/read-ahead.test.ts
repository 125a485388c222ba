import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { PaginateOptions } from '../../src/index.ts'
import { sendJson, startApi } from '../support/api.ts'
import { items } from '../support/lists.ts'
import { openSource, read } from '../support/source.ts'

const list = items(60)

describe('reading ahead', () => {
  for (const kind of ['offset', 'page'] as const) {
    it(`asks for several pages at once by ${kind}, and keeps their order`, async (test) => {
      const waiting: (() => void)[] = []
      let atOnce = 0
      const api = await startApi(test, async ({ query }) => {
        const from = kind === 'offset' ? Number(query['offset']) : (Number(query['page']) - 1) * 3
        const { promise, resolve } = Promise.withResolvers<void>()
        waiting.push(resolve)
        atOnce = Math.max(atOnce, waiting.length)
        setImmediate(() => setImmediate(() => waiting.pop()?.()))
        await promise
        return list.slice(from, from + 3)
      })
      const source = await openSource(test, {
        baseUrl: api.url,
        streams: { items: { path: 'items', primaryKey: 'id', paginate: { kind, limit: 3, readAhead: 5 } } },
      })
      assert.deepEqual(
        (await read(source, 'items')).ids,
        list.map(({ id }) => id),
      )
      assert.ok(atOnce > 1, 'pages are asked for at once')
      assert.ok(atOnce <= 5, `and not more than readAhead: ${atOnce}`)
    })
  }

  it('costs a short list at most one request more', async (test) => {
    const api = await startApi(test, ({ query }) => list.slice(Number(query['offset']), 2))
    const source = await openSource(test, {
      baseUrl: api.url,
      streams: { items: { path: 'items', primaryKey: 'id', paginate: { kind: 'offset', limit: 3 } } },
    })
    assert.equal((await read(source, 'items')).ids.length, 2)
    assert.ok(api.asked.length <= 2)
  })

  it('a guess past the end that the server refuses does not fail the stream', async (test) => {
    const api = await startApi(test, ({ query }, response) => {
      const from = Number(query['offset'])
      if (from >= 10) return sendJson(response, 'past the end', 400)
      return list.slice(0, 10).slice(from, from + 3)
    })
    const source = await openSource(test, {
      baseUrl: api.url,
      streams: { items: { path: 'items', primaryKey: 'id', paginate: { kind: 'offset', limit: 3 } } },
    })
    const { ids, failure } = await read(source, 'items')
    assert.equal(failure, undefined)
    assert.equal(ids.length, 10)
  })

  it('stops when the reader stops, and asks for nothing more', async (test) => {
    const paginate: PaginateOptions = { kind: 'offset', limit: 3, readAhead: 4 }
    const api = await startApi(test, ({ query }) =>
      list.slice(Number(query['offset']), Number(query['offset']) + 3),
    )
    const source = await openSource(test, {
      baseUrl: api.url,
      streams: { items: { path: 'items', primaryKey: 'id', paginate } },
    })
    await read(source, 'items', { batches: 2 })
    await source.close()
    assert.ok(api.asked.length <= 10, `${api.asked.length} requests for two pages`)
  })
})

describe('streams side by side', () => {
  it('are read at once up to `concurrency`, and back-pressure holds each of them', async (test) => {
    const pages = new Map<string, number>()
    const api = await startApi(test, ({ path, query }) => {
      pages.set(path, (pages.get(path) ?? 0) + 1)
      const from = Number(query['after'] ?? 0)
      return { data: list.slice(from, from + 3), next: from + 3 < list.length ? from + 3 : null }
    })
    const stream = (
      path: string,
    ): { path: string; records: string; primaryKey: string; paginate: PaginateOptions } => ({
      path,
      records: 'data',
      primaryKey: 'id',
      paginate: { kind: 'cursor', path: 'next', param: 'after' },
    })
    const source = await openSource(test, {
      baseUrl: api.url,
      concurrency: 2,
      streams: { a: stream('a'), b: stream('b'), c: stream('c') },
    })
    const streams = ['a', 'b', 'c'].map((name) => ({ stream: name, positions: {}, full: false }))
    const order: string[] = []
    let records = 0
    for await (const batch of source.read({ streams, signal: AbortSignal.timeout(20_000) })) {
      assert.ok(!('failure' in batch))
      if (order.at(-1) !== batch.stream) order.push(batch.stream)
      records += batch.payload.kind === 'ndjson' ? batch.payload.rows : 0
      if (order.length === 2) {
        assert.ok(
          [...pages.values()].every((count) => count <= 3),
          'no stream runs ahead of its reader',
        )
        assert.ok(!pages.has('/c'))
      }
    }
    assert.equal(records, 180)
    assert.ok(order.length > 6, `they take turns: ${order.join('')}`)
  })
})
