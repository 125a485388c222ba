import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { Source } from '@caudal/spec'
import type { CursorOptions, RestStreamOptions } from '../../src/index.ts'
import { sendJson, startApi, type Api } from '../support/api.ts'
import { openSource, read, type Surroundings } from '../support/source.ts'

interface Deal {
  readonly id: string
  readonly updated: unknown
  readonly amount?: number
}

interface Fixture {
  readonly api: Api
  readonly source: Source & Surroundings
}

/** A list that can be asked for what changed since a value, two records a page. */
async function setUp(
  test: TestContext,
  list: () => readonly Deal[],
  cursor: Partial<CursorOptions> = {},
  stream: Partial<RestStreamOptions> = {},
  server: { readonly order?: 'id' | 'updated'; readonly time?: () => Date } = {},
): Promise<Fixture> {
  const { order = 'updated', time } = server
  const compare = (a: unknown, b: unknown): number => (a === b ? 0 : String(a) < String(b) ? -1 : 1)
  const api = await startApi(test, ({ query }, response) => {
    const found = list()
      .filter(({ updated }) => compare(updated, query['since'] ?? '') >= 0)
      .toSorted((a, b) => compare(a[order], b[order]))
    const from = (Number(query['page']) - 1) * 2
    const headers = time === undefined ? {} : { date: time().toUTCString() }
    sendJson(response, found.slice(from, from + 2), 200, headers)
  })
  const source = await openSource(test, {
    baseUrl: api.url,
    streams: {
      deals: {
        path: 'deals',
        primaryKey: 'id',
        paginate: { kind: 'page', limit: 2, readAhead: 1 },
        cursor: { field: 'updated', param: 'since', ...cursor },
        ...stream,
      },
    },
  })
  return { api, source }
}

function sinceOf(api: Api): (string | undefined)[] {
  return [...new Set(api.asked.map(({ query }) => query['since']))]
}

describe('incremental reading', () => {
  it('reads everything once, then what changed', async (test) => {
    const list: Deal[] = ['01', '02', '03'].map((day) => ({ id: day, updated: `2026-03-${day}T10:00:00Z` }))
    const { api, source } = await setUp(test, () => list)
    const first = await read(source, 'deals')
    assert.deepEqual(first.ids, ['01', '02', '03'])
    assert.ok(first.isComplete)

    list[0] = { id: '01', updated: '2026-03-04T10:00:00Z' }
    const second = await read(source, 'deals', { position: first.position })
    assert.deepEqual(second.ids, ['01'])
    assert.equal(second.isComplete, false)
    assert.deepEqual(sinceOf(api), [undefined, '2026-03-03T10:00:00Z'])
  })

  it('delivers nothing at all when nothing changed', async (test) => {
    const { source } = await setUp(test, () => [{ id: 'a', updated: '2026-03-01T10:00:00Z' }])
    const first = await read(source, 'deals')
    assert.deepEqual((await read(source, 'deals', { position: first.position })).batches, [])
  })

  it('delivers a record of the boundary again only when it differs', async (test) => {
    const updated = '2026-03-01T10:00:00Z'
    const list: Deal[] = ['a', 'b', 'c'].map((id) => ({ id, updated, amount: 1 }))
    const { source } = await setUp(test, () => list)
    const { position } = await read(source, 'deals')
    list[1] = { id: 'b', updated, amount: 2 }
    list.push({ id: 'd', updated, amount: 1 })
    const second = await read(source, 'deals', { position })
    assert.deepEqual(second.ids, ['b', 'd'])
    assert.deepEqual((await read(source, 'deals', { position: second.position })).ids, [])
  })

  it('counts records without a key that are alike', async (test) => {
    const event = { id: 'click', updated: '2026-03-01T10:00:00Z' }
    const list: Deal[] = [event, event]
    const { source } = await setUp(test, () => list, {}, { primaryKey: [] })
    const { position, ids } = await read(source, 'deals')
    assert.deepEqual(ids, ['click', 'click'])
    list.push(event)
    assert.deepEqual((await read(source, 'deals', { position })).ids, ['click'])
  })

  it('goes back by the lag, finds what came late, and does not deliver the rest again', async (test) => {
    const list: Deal[] = [
      { id: 'a', updated: '2026-03-01T10:00:00Z' },
      { id: 'b', updated: '2026-03-01T10:05:00Z' },
    ]
    const { api, source } = await setUp(test, () => list, { lagSeconds: 600 })
    const { position } = await read(source, 'deals')
    list.push({ id: 'late', updated: '2026-03-01T10:02:00Z' })
    const second = await read(source, 'deals', { position })
    assert.deepEqual(second.ids, ['late'])
    assert.deepEqual(sinceOf(api), [undefined, '2026-03-01T09:55:00Z'])
    assert.deepEqual((await read(source, 'deals', { position: second.position })).ids, [])
  })

  it('goes on in the middle of an incremental read with the same window', async (test) => {
    const list: Deal[] = [{ id: 'a', updated: '2026-03-01T10:00:00Z' }]
    const { api, source } = await setUp(test, () => list)
    const { position } = await read(source, 'deals')
    for (const id of ['b', 'c', 'd', 'e', 'f']) list.push({ id, updated: '2026-03-02T10:00:00Z' })
    const part = await read(source, 'deals', { position, batches: 2 })
    assert.deepEqual(part.ids, ['b', 'c', 'd'])
    const rest = await read(source, 'deals', { position: part.position })
    assert.deepEqual(rest.ids, ['e', 'f'])
    assert.deepEqual(sinceOf(api), [undefined, '2026-03-01T10:00:00Z'])
    assert.deepEqual((await read(source, 'deals', { position: rest.position })).ids, [])
  })

  it('a full read forgets the position and completes', async (test) => {
    const { source } = await setUp(test, () => [{ id: 'a', updated: '2026-03-01T10:00:00Z' }])
    const { position } = await read(source, 'deals')
    const full = await read(source, 'deals', { position, full: true })
    assert.deepEqual(full.ids, ['a'])
    assert.ok(full.isComplete)
    assert.equal(full.batches[0]?.begins, true)
  })

  it('begins at `start` and marks deletions', async (test) => {
    const list = [
      { id: 'old', updated: '2025-01-01T00:00:00Z' },
      { id: 'a', updated: '2026-03-01T10:00:00Z' },
      { id: 'b', updated: '2026-03-01T10:00:00Z', archived: true },
    ]
    const { source } = await setUp(
      test,
      () => list,
      { start: '2026-01-01T00:00:00Z' },
      { deleted: { field: 'archived' } },
    )
    const { records } = await read(source, 'deals')
    assert.deepEqual(
      records.map(({ id, isDeleted }) => [id, isDeleted ?? false]),
      [
        ['a', false],
        ['b', true],
      ],
    )
    const [stream] = await source.discover(AbortSignal.timeout(10_000), ['deals'])
    assert.ok(stream !== undefined && 'deletes' in stream)
    assert.equal(stream.deletes, 'soft flag')
  })

  const formats = [
    ['iso', '2026-03-01T10:00:00.250+02:00', '2026-03-01T10:00:00.250+02:00'],
    ['date', '2026-03-01T10:00:00Z', '2026-03-01'],
    ['epoch seconds', '2026-03-01T10:00:00Z', '1772359200'],
    ['epoch milliseconds', 1_772_359_200_123, '1772359200123'],
    ['integer', 41, '41'],
    ['integer', '9007199254740995', '9007199254740995'],
    ['text', 'v0041', 'v0041'],
  ] as const
  for (const [format, updated, since] of formats) {
    it(`asks in the format ${format}: ${since}`, async (test) => {
      const { api, source } = await setUp(test, () => [{ id: 'a', updated }], { format })
      const { position } = await read(source, 'deals')
      await read(source, 'deals', { position })
      assert.deepEqual(sinceOf(api), [undefined, since])
    })
  }

  it('refuses a field that holds no such values, before anything is taken', async (test) => {
    const { source } = await setUp(test, () => [{ id: 'a', updated: 'yesterday' }])
    const { error, batches } = await read(source, 'deals')
    assert.equal(error.code, 'CAUDAL_REST_CURSOR_FIELD')
    assert.match(error.message, /crm\.deals.*`updated` that reads as iso; the first has "yesterday"/)
    assert.deepEqual(batches, [])
  })
})

describe('clock skew', () => {
  for (const [words, hours] of [
    ['an hour behind', -1],
    ['an hour ahead of', 1],
  ] as const) {
    it(`a server whose clock is ${words} ours loses no change made during the read`, async (test) => {
      const now = (): Date => new Date(Date.now() + hours * 3_600_000)
      const stamp = (secondsAgo: number): string =>
        new Date(now().getTime() - secondsAgo * 1000).toISOString()
      const list: Deal[] = ['a', 'b', 'c', 'd'].map((id, index) => ({ id, updated: stamp(100 - index) }))
      let count = 0
      const changeBehindTheReader = (): readonly Deal[] => {
        count += 1
        if (count !== 2) return list
        list[0] = { id: 'a', updated: stamp(0), amount: 9 }
        list[3] = { id: 'd', updated: stamp(-2), amount: 9 }
        return list
      }
      const { source } = await setUp(test, changeBehindTheReader, {}, {}, { order: 'id', time: now })
      const first = await read(source, 'deals')
      assert.deepEqual(first.records.at(-1)?.['amount'], 9, 'the last page shows a change')
      const second = await read(source, 'deals', { position: first.position })
      assert.deepEqual(second.ids, ['a'], 'the change on the first page comes, the other does not come again')
    })
  }

  it('a value from the future does not hide what changes until then', async (test) => {
    const future = '2099-01-01T00:00:00Z'
    const list: Deal[] = [
      { id: 'a', updated: '2026-03-01T10:00:00Z' },
      { id: 'odd', updated: future },
    ]
    const { source } = await setUp(test, () => list)
    const first = await read(source, 'deals')
    assert.match(source.logged.join('\n'), /`updated` says 2099-01-01T00:00:00Z, which lies in the future/)
    list[0] = { id: 'a', updated: new Date(Date.now() + 1000).toISOString() }
    const second = await read(source, 'deals', { position: first.position })
    assert.deepEqual(second.ids, ['a'], 'and the odd one does not come again')
  })
})
