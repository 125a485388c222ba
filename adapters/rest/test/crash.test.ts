import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sendJson, startApi } from './support/api.ts'
import { TestProject } from './support/project.ts'

const source = `
import { env, integer, rest } from 'caudal'
export const crm = rest({
  baseUrl: env('CRM_URL'),
  streams: {
    events: {
      path: 'events',
      records: 'data',
      paginate: { kind: 'cursor', path: 'next', param: 'after' },
      columns: { n: integer() },
    },
  },
})
`

const pages = 60
const recordsPerPage = 5_000
/** The worker stages a load at 100,000 rows. */
const pagesPerLoad = 20

test('a long extract that is killed goes on from the last page that was staged, and has every record once', async (t) => {
  const stalledAt = 45
  let reached: (() => void) | undefined
  const api = await startApi(t, ({ query }, response) => {
    const page = Number(query['after'] ?? 0)
    if (page === stalledAt && reached !== undefined) return reached()
    const data = Array.from({ length: recordsPerPage }, (_, index) => ({ n: page * recordsPerPage + index }))
    return sendJson(response, page + 1 < pages ? { data, next: page + 1 } : { data })
  })
  const project = await TestProject.create(t, source, { CRM_URL: api.url })
  await project.killAt(new Promise((resolve) => (reached = resolve)), 'run')
  reached = undefined

  const asked = api.asked.length
  const run = await project.caudal('run')
  assert.equal(run.code, 0, run.stderr + run.stdout)
  const [first] = api.asked.slice(asked).map(({ query }) => Number(query['after'] ?? 0))
  assert.ok(
    first !== undefined && first >= pagesPerLoad && first <= stalledAt,
    `it goes on from page ${first}, not from the start`,
  )
  const n = String(pages * recordsPerPage)
  assert.deepEqual(
    await project.rows(
      'SELECT count(*) AS rows, count(DISTINCT n) AS different, max(n) AS largest FROM crm.events',
    ),
    [{ rows: n, different: n, largest: String(pages * recordsPerPage - 1) }],
  )
})
