import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sendJson, startApi } from './support/api.ts'
import { TestProject } from './support/project.ts'

const source = `
import { env, rest } from 'caudal'
export const crm = rest({
  baseUrl: env('CRM_URL'),
  retry: { attemptsMax: 1 },
  streams: {
    gone: { path: 'gone', primaryKey: 'id', cursor: { field: 'id', param: 'since', format: 'integer' } },
    events: { path: 'events', paginate: { kind: 'cursor', path: 'next', param: 'after' }, records: 'data' },
    deals: { path: 'deals', primaryKey: 'id', cursor: { field: 'id', param: 'since', format: 'integer' } },
  },
})
`

test('a stream that fails leaves the others alone, and goes on from the last page that it had', async (t) => {
  let isBroken = true
  const api = await startApi(t, ({ path, query }, response) => {
    if (path === '/gone') return sendJson(response, { message: 'no such list' }, 404)
    if (path === '/deals') return [{ id: 1 }, { id: 2 }]
    const page = Number(query['after'] ?? 0)
    if (page === 7 && isBroken) return sendJson(response, 'down', 503)
    const data = [{ n: page * 2 }, { n: page * 2 + 1 }]
    return page < 9 ? { data, next: page + 1 } : { data }
  })
  const project = await TestProject.create(t, source, { CRM_URL: api.url })

  const failed = await project.caudal('run')
  assert.notEqual(failed.code, 0)
  assert.match(failed.stdout + failed.stderr, /crm\.gone, page 1: GET .*\/gone .*status 404/)
  assert.match(
    failed.stdout + failed.stderr,
    /crm\.events, page 8: GET .*status 503.*14 records.*were read before/s,
  )
  assert.deepEqual(await project.rows('SELECT count(*) AS n FROM crm.deals'), [{ n: '2' }])

  isBroken = false
  const before = api.asked.length
  await project.caudal('run')
  const asked = api.asked.slice(before).filter(({ path }) => path === '/events')
  assert.deepEqual(
    asked.map(({ query }) => query['after']),
    [undefined, '1', '2', '7', '8', '9'],
    'three pages are sampled for the columns, then reading goes on where it stopped',
  )
  assert.deepEqual(
    await project.rows('SELECT count(*) AS n, count(DISTINCT n) AS different FROM crm.events'),
    [{ n: '20', different: '20' }],
  )
})
