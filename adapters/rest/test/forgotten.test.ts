import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { JsonValue, Source } from '@caudal/spec'
import type { RestStreamOptions } from '../src/index.ts'
import { sendJson, startApi } from './support/api.ts'
import { openSource, read, type Surroundings } from './support/source.ts'

/** A server whose cursors do not live long: after a stop, the old ones are refused. */
async function setUp(
  test: TestContext,
  stream: Partial<RestStreamOptions>,
): Promise<{ source: Source & Surroundings; position: JsonValue | undefined }> {
  let age = 'young'
  const api = await startApi(test, ({ query }, response) => {
    const [from = '0', born = age] = (query['after'] ?? '').split('-').filter((part) => part !== '')
    if (born !== age) return sendJson(response, { message: 'cursor expired' }, 400)
    const next = Number(from) + 1 < 4 ? `${Number(from) + 1}-${age}` : undefined
    return { data: [{ id: Number(from), at: `2026-01-0${Number(from) + 1}T00:00:00Z` }], next }
  })
  const source = await openSource(test, {
    baseUrl: api.url,
    streams: {
      items: {
        path: 'items',
        records: 'data',
        paginate: { kind: 'cursor', path: 'next', param: 'after' },
        ...stream,
      },
    },
  })
  const { position } = await read(source, 'items', { batches: 2 })
  age = 'old'
  return { source, position }
}

describe('a place that the server has forgotten', () => {
  it('is left where a key removes what comes twice', async (test) => {
    const { source, position } = await setUp(test, {
      primaryKey: 'id',
      cursor: { field: 'at', param: 'since' },
    })
    const { ids, failure, isComplete } = await read(source, 'items', { position })
    assert.equal(failure, undefined)
    assert.deepEqual(ids, [0, 1, 2, 3])
    assert.ok(isComplete)
    assert.match(source.logged.join(), /crm\.items: the server does not know the page any more.*begins anew/)
  })

  it('is left where the table is replaced: the new read begins a new one', async (test) => {
    const { source, position } = await setUp(test, {})
    const { ids, batches } = await read(source, 'items', { position })
    assert.deepEqual(ids, [0, 1, 2, 3])
    assert.equal(batches[0]?.begins, true)
  })

  it('is an error where rows would be doubled, and says how to go on', async (test) => {
    const { source, position } = await setUp(test, { cursor: { field: 'at', param: 'since' } })
    const { error, batches } = await read(source, 'items', { position })
    assert.equal(error.code, 'CAUDAL_REST_RESUME_EXPIRED')
    assert.match(error.message, /would double what was loaded since \(append\).*cursor expired/)
    assert.match(error.hint ?? '', /caudal reset crm\.items/)
    assert.deepEqual(batches, [])
  })

  it('is an error when another way of paging is declared meanwhile', async (test) => {
    const { position } = await setUp(test, {})
    const { source } = await setUp(test, { paginate: { kind: 'page' } })
    const { error } = await read(source, 'items', { position })
    assert.equal(error.code, 'CAUDAL_REST_POSITION')
    assert.match(error.message, /paginate kind `cursor`; it is `page` now/)
  })
})
