import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { Source } from '@caudal/spec'
import type { RestStreamOptions } from '../../src/index.ts'
import { sendJson, startApi, type Api } from '../support/api.ts'
import { openSource, read, type Surroundings } from '../support/source.ts'

interface Fixture {
  readonly api: Api
  readonly source: Source & Surroundings
}

/** Five deals in pages of two; deal n has n notes in pages of two. */
async function setUp(
  test: TestContext,
  notes: Partial<RestStreamOptions> = {},
  missing: readonly string[] = [],
): Promise<Fixture> {
  const deals = [0, 1, 2, 3, 4].map((n) => ({ id: `d${n}`, n, owner: { id: `o${n}` } }))
  const api = await startApi(test, ({ path, query }, response) => {
    const from = Number(query['offset'] ?? 0)
    const [, , id, list] = path.split('/')
    if (list === undefined) return deals.slice(from, from + 2)
    if (missing.includes(id ?? '')) return sendJson(response, 'no such deal', 404)
    const deal = deals.find((candidate) => candidate.id === id)
    const all = Array.from({ length: deal?.n ?? 0 }, (_, index) => ({ id: `${id}-${index}`, text: 'x' }))
    return all.slice(from, from + 2)
  })
  const paginate = { kind: 'offset', limit: 2, overlap: 0 } as const
  const source = await openSource(test, {
    baseUrl: api.url,
    streams: {
      deals: { path: 'deals', primaryKey: 'id', paginate },
      notes: {
        path: 'deals/{id}/notes',
        primaryKey: 'id',
        paginate,
        parent: { stream: 'deals', include: ['id'] },
        ...notes,
      },
    },
  })
  return { api, source }
}

const allNotes = ['d1-0', 'd2-0', 'd2-1', 'd3-0', 'd3-1', 'd3-2', 'd4-0', 'd4-1', 'd4-2', 'd4-3']

describe('parent and child streams', () => {
  it('reads the children of every parent, with the fields of the parent that they are to have', async (test) => {
    const { source } = await setUp(test, {
      parent: { stream: 'deals', include: { deal: 'id', owner: 'owner.id' } },
    })
    const { records, isComplete } = await read(source, 'notes')
    assert.deepEqual(
      records.map(({ id }) => id),
      allNotes,
    )
    assert.deepEqual(records[1], { id: 'd2-0', text: 'x', deal: 'd2', owner: 'o2' })
    assert.ok(isComplete)
  })

  it('goes on from every place where it may have stopped: parents that are done are not read again', async (test) => {
    const { source, api } = await setUp(test)
    const { batches } = await read(source, 'notes')
    let before = 0
    for (const batch of batches.slice(0, -1)) {
      before += batch.payload.kind === 'ndjson' ? batch.payload.rows : 0
      const asked = api.asked.length
      const rest = await read(source, 'notes', { position: batch.position })
      assert.deepEqual(rest.ids, allNotes.slice(before))
      const again = new Set(api.asked.slice(asked).map(({ path }) => path))
      const current = allNotes[before - 1]?.slice(0, 2) ?? ''
      const done = ['d1', 'd2', 'd3', 'd4'].filter((id) => id < current)
      for (const id of done) assert.ok(!again.has(`/deals/${id}/notes`), `${id} is asked again`)
    }
  })

  it('a parent that is gone meanwhile has no children, and that is logged', async (test) => {
    const { source } = await setUp(test, {}, ['d3'])
    const { ids } = await read(source, 'notes')
    assert.deepEqual(
      ids,
      allNotes.filter((id) => !id.startsWith('d3')),
    )
    assert.match(source.logged.join('\n'), /crm\.notes: 1 of 5 parents had no such list/)
  })

  it('a path that the server knows for no parent is an error', async (test) => {
    const { source } = await setUp(test, {}, ['d0', 'd1', 'd2', 'd3', 'd4'])
    const { error } = await read(source, 'notes')
    assert.equal(error.code, 'CAUDAL_REST_CHILD_PATH')
    assert.match(error.message, /none of the 5 records of `deals`/)
  })

  it('a field of the parent that would hide one of the child is refused', async (test) => {
    const { source } = await setUp(test, { parent: { stream: 'deals', include: { text: 'id' } } })
    const { error } = await read(source, 'notes')
    assert.equal(error.code, 'CAUDAL_REST_INCLUDE_TAKEN')
  })

  it('children may have children', async (test) => {
    const api = await startApi(test, ({ path }) => {
      if (path === '/a') return [{ id: 'a1' }, { id: 'a/2' }]
      if (/^\/a\/[^/]+\/b$/.test(path)) return [{ id: `${path.split('/')[2]}-b` }]
      return [{ id: `${path.split('/')[2]}-c` }]
    })
    const source = await openSource(test, {
      baseUrl: api.url,
      streams: {
        a: { path: 'a', primaryKey: 'id' },
        b: { path: 'a/{id}/b', primaryKey: 'id', parent: { stream: 'a', include: { a_id: 'id' } } },
        c: { path: 'b/{id}/c', primaryKey: 'id', parent: { stream: 'b', include: ['id', 'a_id'] } },
      },
    })
    const { records } = await read(source, 'c')
    assert.deepEqual(records, [
      { id: 'a1-b-c', b_id: 'a1-b', b_a_id: 'a1' },
      { id: 'a%252F2-b-c', b_id: 'a%2F2-b', b_a_id: 'a/2' },
    ])
    assert.ok(
      api.asked.some(({ path }) => path === '/a/a%2F2/b'),
      'a slash in an id stays inside its segment',
    )
  })
})
