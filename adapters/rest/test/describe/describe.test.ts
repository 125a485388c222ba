import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { formatColumnType, type StreamDescription } from '@caudal/spec'
import type { RestOptions } from '../../src/index.ts'
import { sendJson, startApi, type Api } from '../support/api.ts'
import { openSource, read } from '../support/source.ts'

async function discover(
  test: TestContext,
  body: string | ((path: string) => string),
  streams: RestOptions['streams'],
): Promise<{ streams: readonly StreamDescription[]; api: Api }> {
  const api = await startApi(test, ({ path }, response) =>
    sendJson(response, typeof body === 'string' ? body : body(path)),
  )
  const source = await openSource(test, { baseUrl: api.url, streams })
  const found = await source.discover(AbortSignal.timeout(10_000))
  return { streams: found.flatMap((stream) => ('failure' in stream ? [] : [stream])), api }
}

function types(stream: StreamDescription | undefined): Record<string, string> {
  return Object.fromEntries((stream?.columns ?? []).map(({ name, type }) => [name, formatColumnType(type)]))
}

describe('discovered columns', () => {
  it('are typed by how the values are written: money is never a double, no digit is lost', async (test) => {
    const records = `[
      { "id": 1, "big": 9223372036854775807, "huge": 9223372036854775808, "price": 10.50, "tiny": 0.123456789012,
        "ratio": 1e-40, "isWon": true, "day": "2026-02-28", "at": "2026-02-28T10:00:00Z", "local": "2026-02-28T10:00:00",
        "code": "007", "nested": {"a": 1}, "list": [1], "nothing": null, "mixed": 1 },
      { "id": 2, "price": 3, "mixed": "one", "day": "2026-03-01", "at": "2026-02-28T10:00:00.5+02:00" }
    ]`
    const { streams } = await discover(test, records, { deals: { path: 'deals', primaryKey: 'id' } })
    assert.deepEqual(types(streams[0]), {
      id: 'integer',
      big: 'integer',
      huge: 'decimal(38,0)',
      price: 'decimal(18,2)',
      tiny: 'decimal(18,12)',
      ratio: 'double',
      is_won: 'boolean',
      day: 'date',
      at: 'timestamptz',
      local: 'timestamp',
      code: 'text',
      nested: 'json',
      list: 'json',
      nothing: 'text',
      mixed: 'text',
    })
    assert.equal(streams[0]?.isTyped, false)
  })

  it('keep text where a day is none: 30 February', async (test) => {
    const { streams } = await discover(test, '[{"day":"2026-02-28"},{"day":"2026-02-30"}]', {
      deals: { path: 'deals' },
    })
    assert.deepEqual(types(streams[0]), { day: 'text' })
  })

  it('are asked of the server only where nothing is declared; a child has its parent’s fields', async (test) => {
    const { streams, api } = await discover(test, '[{"id":1,"text":"x"}]', {
      deals: {
        path: 'deals',
        primaryKey: 'id',
        columns: { id: { type: { kind: 'integer' }, nullable: false } },
      },
      notes: {
        path: 'deals/{id}/notes',
        parent: { stream: 'deals', include: { dealId: 'id', owner: 'owner.id' } },
        primaryKey: ['dealId', 'noteId'],
        columns: { noteId: { type: { kind: 'integer' } } },
      },
    })
    assert.deepEqual(api.asked, [])
    assert.deepEqual(types(streams[1]), { deal_id: 'integer', owner: 'text', note_id: 'integer' })
    assert.deepEqual(streams[1]?.primaryKey, ['deal_id', 'note_id'])
  })

  it('say by the options how loads change the table', async (test) => {
    const cursor = { field: 'updatedAt', param: 'since' }
    const { streams } = await discover(test, '[]', {
      whole: { path: 'a', columns: {} },
      changes: { path: 'a', columns: { id: { type: { kind: 'text' } } }, primaryKey: 'id', cursor },
      events: { path: 'a', columns: {}, cursor },
      versions: {
        path: 'a',
        columns: { id: { type: { kind: 'text' } } },
        primaryKey: 'id',
        disposition: 'history',
      },
    })
    assert.deepEqual(
      streams.map(({ disposition, deletes, order, isTyped }) => [disposition, deletes, order, isTyped]),
      [
        ['replace', 'full re-sync', undefined, true],
        ['merge', 'none', 'updated_at', true],
        ['append', 'none', 'updated_at', true],
        ['history', 'key sweep', undefined, true],
      ],
    )
  })

  it('a stream that cannot be sampled does not hide the others', async (test) => {
    const api = await startApi(test, ({ path }, response) =>
      path === '/gone' ? sendJson(response, 'no', 403) : [{ id: 1 }],
    )
    const source = await openSource(test, {
      baseUrl: api.url,
      streams: { gone: { path: 'gone' }, deals: { path: 'deals' } },
    })
    const found = await source.discover(AbortSignal.timeout(10_000))
    assert.deepEqual(
      found.map((stream) => ('failure' in stream ? `failed ${stream.stream}` : stream.name)),
      ['failed gone', 'deals'],
    )
    assert.deepEqual(
      (await source.discover(AbortSignal.timeout(10_000), ['deals'])).map((stream) => 'failure' in stream),
      [false],
    )
  })
})

describe('values', () => {
  it('keep every digit and character on their way into the lake', async (test) => {
    const text =
      '[{"id":9007199254740993,"amount":12345678901234567890.123456789,"rate":1.10,"s":"\\ud83d\\ude00, \\"x\\"","n":null},\r\n {"id":2, "amount": 0.1}]'
    const api = await startApi(test, (_asked, response) => sendJson(response, text))
    const source = await openSource(test, { baseUrl: api.url, streams: { deals: { path: 'deals' } } })
    const { records, batches } = await read(source, 'deals')
    assert.deepEqual(records, [
      { id: '9007199254740993', amount: '12345678901234567890.123456789', rate: 1.1, s: '😀, "x"', n: null },
      { id: 2, amount: 0.1 },
    ])
    const payload = batches[0]?.payload
    assert.ok(payload?.kind === 'ndjson')
    assert.match(Buffer.from(payload.bytes).toString(), /"rate":1\.10,/, 'as it was written')
  })

  it('come as they are compressed by the server', async (test) => {
    const { gzipSync } = await import('node:zlib')
    const api = await startApi(test, (_asked, response) => {
      response.setHeader('content-encoding', 'gzip')
      response.end(gzipSync('[{"id":"a"}]'))
      return undefined
    })
    const source = await openSource(test, { baseUrl: api.url, streams: { deals: { path: 'deals' } } })
    assert.deepEqual((await read(source, 'deals')).ids, ['a'])
  })
})

describe('children', () => {
  it('keep their bytes as they came, with the parent’s fields behind them', async (test) => {
    const api = await startApi(test, ({ path }, response) =>
      path === '/deals'
        ? [{ id: 'd1' }]
        : sendJson(response, '[ {"n": 1.10, "s":"}"} , {} ,{"big":12345678901234567890}\n]'),
    )
    const source = await openSource(test, {
      baseUrl: api.url,
      streams: {
        deals: { path: 'deals', primaryKey: 'id' },
        notes: { path: 'deals/{id}/notes', parent: { stream: 'deals', include: { deal: 'id' } } },
      },
    })
    const { records, batches } = await read(source, 'notes')
    assert.deepEqual(records, [
      { n: 1.1, s: '}', deal: 'd1' },
      { deal: 'd1' },
      { big: '12345678901234567890', deal: 'd1' },
    ])
    const payload = batches[0]?.payload
    assert.ok(payload?.kind === 'ndjson')
    assert.match(Buffer.from(payload.bytes).toString(), /"n": 1\.10,/)
  })
})
