import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatCell, formatView, type ErrorReport, type ViewState } from '@caudal/spec'
import type { ApiType } from '@caudal/server'
import { hc } from 'hono/client'
import { serveFake } from './server-fixture.ts'

const view: ViewState = {
  range: 'last 30 days',
  comparison: 'none',
  filters: { sdr: ['ana', null] },
  timeZone: 'Europe/Madrid',
}

function queryOf(parameters: URLSearchParams): Record<string, string[]> {
  return Object.fromEntries([...parameters.keys()].map((name) => [name, parameters.getAll(name)]))
}

test('the typed client reads project, dashboard, tiles, filter values, rows, graph, runs, plan, schedules and status', async (context) => {
  const { service, url } = await serveFake(context)
  const { v1 } = hc<ApiType>(url).api
  service.sell(
    { id: 'd1', sdr: 'ana', amount: 10 },
    { id: 'd2', sdr: 'bea', amount: 5 },
    { id: 'd3', sdr: null, amount: 1 },
  )

  const project = await (await v1.project.$get()).json()
  assert.equal(project.project, 'acme-sales')
  assert.deepEqual(project.dashboards, [{ name: 'sales', title: { en: 'Sales', es: 'Ventas' } }])
  const dashboard = await (await v1.dashboards[':name'].$get({ param: { name: 'sales' } })).json()
  assert.equal(dashboard.dashboard.rows.flat().length, 4)

  const param = { name: 'sales', tile: 'revenue' }
  const tiles = v1.dashboards[':name'].tiles[':tile']
  const filtered = await (await tiles.$get({ param, query: queryOf(formatView(view)) })).json()
  assert.ok(filtered.state === 'ready' && filtered.data.kind === 'number')
  assert.equal(filtered.data.value, '11.00')
  assert.equal(filtered.data.previous, undefined)
  assert.equal(filtered.sequence, 1)
  const byDefault = await (await tiles.$get({ param, query: {} })).json()
  assert.ok(byDefault.state === 'ready' && byDefault.data.kind === 'number')
  assert.equal(byDefault.data.value, '16.00')
  assert.equal(byDefault.data.previous, '0.00', "the dashboard's own comparison")

  const values = await v1.dashboards[':name'].values[':dimension'].$get({
    param: { name: 'sales', dimension: 'sdr' },
  })
  assert.deepEqual((await values.json()).values, ['ana', 'bea', null])
  const cell = formatCell({ metric: 'revenue', at: { sdr: null } })
  const rows = await (await tiles.rows.$get({ param, query: { ...queryOf(cell), limit: '5' } })).json()
  assert.deepEqual(rows.rows, [['d3', null, '1.00']])

  const run = await (await v1.runs.$post({ json: { select: ['source:crm'], full: true } })).json()
  assert.deepEqual(service.started, [{ select: ['source:crm'], full: true, trigger: 'console' }])
  assert.equal((await (await v1.runs[':id'].$get({ param: { id: run.id } })).json()).state, 'running')
  assert.deepEqual(
    (await (await v1.runs.$get({ query: { limit: '1' } })).json()).map(({ id }) => id),
    [run.id],
  )
  const cancel = v1.runs[':id'].cancel
  assert.deepEqual(await (await cancel.$post({ param: { id: run.id }, json: {} })).json(), {
    isCancelled: true,
  })
  assert.deepEqual(await (await cancel.$post({ param: { id: run.id }, json: {} })).json(), {
    isCancelled: false,
  })

  const plan = await (
    await v1.plan.$get({ query: { select: ['a', 'b'], start: '2026-01-01', end: '2026-02-01' } })
  ).json()
  assert.equal(plan.plan.stages.length, 2)
  assert.match(JSON.stringify(plan), /\\"interval\\":\{\\"start\\":\\"2026-01-01\\"/)
  assert.equal((await (await v1.schedules.$get()).json())[0]?.source, 'crm')
  assert.equal((await (await v1.status.$get()).json()).sequence, 1)
  assert.equal((await (await v1.graph.$get()).json()).nodes.length, 1)
})

test('unknown names are 404, malformed input 400 with everything that is wrong, each as an error report', async (context) => {
  const { url } = await serveFake(context)
  const json = { 'content-type': 'application/json' }
  const cases: readonly (readonly [string, number, string, RegExp, RequestInit?])[] = [
    ['/api/v1/dashboards/nope', 404, 'CAUDAL_DASHBOARD_UNKNOWN', /nope/],
    ['/api/v1/dashboards/sales/tiles/revenu', 404, 'CAUDAL_TILE_UNKNOWN', /Did you mean `revenue`/],
    ['/api/v1/dashboards/sales/tiles/revenue?range=lastweek', 400, 'CAUDAL_VIEW_INVALID', /range=lastweek/],
    ['/api/v1/dashboards/sales/tiles/revenue?tz=Mars/X', 400, 'CAUDAL_VIEW_INVALID', /tz=Mars/],
    ['/api/v1/dashboards/sales/tiles/revenue/rows', 400, 'CAUDAL_CELL_INVALID', /metric/],
    [
      '/api/v1/dashboards/sales/tiles/revenue/rows?metric=revenue&limit=0',
      400,
      'CAUDAL_REQUEST_INVALID',
      /query\.limit/,
    ],
    ['/api/v1/runs/r99', 404, 'CAUDAL_RUN_UNKNOWN', /r99/],
    ['/api/v1/runs?limit=x', 400, 'CAUDAL_REQUEST_INVALID', /query\.limit/],
    [
      '/api/v1/plan?start=2026-02-01&end=2026-01-01',
      400,
      'CAUDAL_REQUEST_INVALID',
      /start must lie before the end/,
    ],
    ['/api/v1/nothing', 404, 'CAUDAL_ROUTE_UNKNOWN', /GET \/api\/v1\/nothing/],
    ['/api/v1/live?dashboard=nope', 404, 'CAUDAL_DASHBOARD_UNKNOWN', /nope/],
    ['/api/v1/runs', 400, 'CAUDAL_REQUEST_INVALID', /not JSON/, { method: 'POST', headers: json, body: '{' }],
    [
      '/api/v1/runs',
      400,
      'CAUDAL_REQUEST_INVALID',
      /body\.select.*body\.interval/,
      { method: 'POST', headers: json, body: '{"select":"x","interval":{"start":"1 May","end":""}}' },
    ],
  ]
  for (const [path, status, code, message, init] of cases) {
    const answer = await fetch(url + path, init)
    const report = (await answer.json()) as ErrorReport
    assert.deepEqual([answer.status, report.code], [status, code], path)
    assert.match(report.message, message)
    assert.match(answer.headers.get('content-type') ?? '', /^application\/json/)
  }
})

test('no answer carries a stack or a secret, and a bug is answered with a reference alone', async (context) => {
  const { service, url } = await serveFake(context)
  const tile = await (await fetch(`${url}/api/v1/dashboards/sales/tiles/broken`)).text()
  assert.match(tile, /"state":"error"/)
  assert.doesNotMatch(tile, /hunter22|fake-service|"stack"/)
  const graph = await (await fetch(`${url}/api/v1/graph`)).text()
  assert.doesNotMatch(graph, /S3cr3tPass|"stack"/)
  service.runs.schedules = () => Promise.reject(new Error('boom in /home/ana/secret.ts'))
  const answer = await fetch(`${url}/api/v1/schedules`)
  const report = (await answer.json()) as ErrorReport
  assert.equal(answer.status, 500)
  assert.deepEqual([report.code, Object.keys(report.context)], ['CAUDAL_INTERNAL', ['reference']])
  assert.doesNotMatch(JSON.stringify(report), /boom|ana/)
})

test('health and readiness', async (context) => {
  let isReady = false
  const { url } = await serveFake(context, { isReady: () => isReady })
  assert.equal((await fetch(`${url}/healthz`)).status, 200)
  assert.equal((await fetch(`${url}/readyz`)).status, 503)
  isReady = true
  assert.equal((await fetch(`${url}/readyz`)).status, 200)
})
