import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { sendJson, startApi } from './support/api.ts'
import { TestProject } from './support/project.ts'

const page = path.join(import.meta.dirname, '..', '..', '..', 'docs', 'sources', 'rest.md')

test('the source of docs/sources/rest.md runs as it stands there', async (t) => {
  const [, source = ''] =
    /^```ts\n(\/\/ sources\/crm\.ts\n[^]*?)^```$/m.exec(await readFile(page, 'utf8')) ?? []
  const deals = Array.from({ length: 230 }, (_, index) => ({
    id: index,
    name: `Deal ${index}`,
    amount: `${index}.25`,
    updatedAt: new Date(Date.UTC(2026, 2, 1) + index * 1000).toISOString(),
  }))
  const api = await startApi(t, ({ path: asked, query, headers }, response) => {
    if (headers.authorization !== 'Bearer s3cret') return sendJson(response, 'who?', 401)
    if (asked === '/me') return { login: 'ada@acme.example', scopes: 'deals.read notes.read' }
    if (asked === '/deals/count') return { total: deals.length }
    const deal = /^\/deals\/(\d+)\/notes$/.exec(asked)?.[1]
    if (deal !== undefined)
      return { data: Number(deal) % 10 === 0 ? [{ id: Number(deal), text: 'called' }] : [] }
    const found = deals.filter(({ updatedAt }) => updatedAt >= (query['updated_since'] ?? ''))
    const from = Number(query['after'] ?? 0)
    const next = from + 100 < found.length ? { after: from + 100 } : undefined
    return { data: found.slice(from, from + 100), paging: { next } }
  })
  const unlimited = source.replace(/ {2}rateLimit: .*\n/, '')
  assert.notEqual(unlimited, source)
  const project = await TestProject.create(t, unlimited, { CRM_URL: api.url, CRM_TOKEN: 's3cret' })

  const check = await project.caudal('source', 'check', 'crm')
  assert.match(check.stdout, /ada@acme\.example/)
  assert.match(check.stdout, /deals\.read/)
  assert.match(check.stdout, /deals.*230/)

  const run = await project.caudal('run')
  assert.equal(run.code, 0, run.stderr + run.stdout)
  const sql = 'SELECT count(*) AS notes, sum(deal_id) AS deals FROM crm.notes'
  assert.deepEqual(await project.rows(sql), [{ notes: '23', deals: '2530' }])
  assert.deepEqual(await project.rows('SELECT sum(amount) AS amount FROM crm.deals'), [
    { amount: '26392.50' },
  ])
})
