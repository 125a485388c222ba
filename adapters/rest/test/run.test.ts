import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startApi } from './support/api.ts'
import { TestProject } from './support/project.ts'

const source = `
import { env, rest, decimal, text, timestamptz } from 'caudal'
export const crm = rest({
  baseUrl: env('CRM_URL'),
  auth: { kind: 'bearer', token: env('CRM_TOKEN') },
  account: { path: 'me', field: 'login', scopes: 'scopes' },
  streams: {
    deals: {
      path: 'deals',
      records: 'data',
      primaryKey: 'id',
      paginate: { kind: 'page', limit: 2 },
      cursor: { field: 'updated_at', param: 'updated_since' },
      columns: { id: text().notNull(), amount: decimal(18, 2), updated_at: timestamptz() },
      count: { path: 'deals/count', field: 'n' },
    },
  },
})
`

interface Deal {
  readonly id: string
  readonly amount: string
  readonly updated_at: string
}

test('a REST stream goes end to end through the command line, and the second run loads what changed', async (t) => {
  const deals: Deal[] = Array.from({ length: 5 }, (_, index) => ({
    id: `d${index}`,
    amount: `${index}.50`,
    updated_at: `2026-01-0${index + 1}T00:00:00Z`,
  }))
  const api = await startApi(t, ({ path, query, headers }) => {
    assert.equal(headers.authorization, 'Bearer t0ken')
    if (path === '/v1/me') return { login: 'ada@acme.example', scopes: ['deals.read'] }
    if (path === '/v1/deals/count') return { n: deals.length }
    const page = Number(query['page'])
    const since = query['updated_since'] ?? ''
    const found = deals.filter((deal) => deal.updated_at >= since)
    return { data: found.slice((page - 1) * 2, page * 2) }
  })
  const project = await TestProject.create(t, source, { CRM_URL: `${api.url}/v1`, CRM_TOKEN: 't0ken' })

  const check = await project.caudal('source', 'check', 'crm')
  assert.equal(check.code, 0, check.stderr)
  assert.match(check.stdout, /ada@acme\.example/)
  assert.match(check.stdout, /deals.*5/)

  const preview = await project.caudal('preview', 'crm.deals', '--limit', '2', '--json')
  assert.equal(preview.code, 0, preview.stderr)
  assert.deepEqual(preview.stdout.match(/"d\d"/g), ['"d0"', '"d1"'])

  const first = await project.caudal('run')
  assert.equal(first.code, 0, first.stderr + first.stdout)
  assert.match(first.stdout, /5 inserted/)

  deals[1] = { id: 'd1', amount: '99.00', updated_at: '2026-02-01T00:00:00Z' }
  deals.push({ id: 'd5', amount: '7.00', updated_at: '2026-02-02T00:00:00Z' })
  const second = await project.caudal('run')
  assert.equal(second.code, 0, second.stderr + second.stdout)
  assert.match(second.stdout, /1 inserted.*1 updated/)
  assert.deepEqual(await project.rows('SELECT count(*) AS n, sum(amount) AS amount FROM crm.deals'), [
    { n: '6', amount: '117.00' },
  ])
})
