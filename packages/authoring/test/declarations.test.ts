import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import { test } from 'node:test'
import { isDeclaration, toDashboardNode, toMetricNode, type MetricDeclaration } from '@caudal/spec'
import { check, count, dashboard, metric, model, table, text, tile } from '@caudal/authoring'
import project from './fixtures/example/caudal.config.ts'
import { support } from './fixtures/example/dashboards/support.ts'
import * as metrics from './fixtures/example/metrics/support.ts'

const here = fileURLToPath(import.meta.url)

test('a declaration says where it stands, in the file of its author', () => {
  const deals = metric({ from: 'marts.deals', time: 'closed_at', value: count() })
  const board = dashboard({ rows: [[tile.number(deals)]] })
  assert.match(deals.place, /declarations\.test\.ts:13$/)
  assert.equal(deals.place.replace(/:\d+$/, ''), here)
  assert.match(board.place, /declarations\.test\.ts:14$/)
  assert.match(check('marts.deals', { notNull: 'id' }).place, /declarations\.test\.ts:18$/)
  assert.match(metrics.refunds.place, /example\/metrics\/support\.ts:18$/)
})

test('declarations are plain data that survives JSON, and are told apart from other exports', () => {
  const { ticketCount, refundsAreMoney } = metrics
  for (const declaration of [ticketCount, refundsAreMoney, support]) {
    assert.deepEqual(JSON.parse(JSON.stringify(declaration)), declaration)
    assert.ok(isDeclaration(declaration))
  }
  assert.ok(!isDeclaration(tile.number(ticketCount)))
  assert.ok(!isDeclaration(project))
})

test('metrics and dashboards become nodes under the names of their exports', () => {
  const names = new Map<MetricDeclaration, string>(
    Object.entries(metrics).flatMap(([name, value]) => (value.kind === 'metric' ? [[value, name]] : [])),
  )
  const node = toMetricNode(metrics.refunds, 'refunds')
  assert.deepEqual(node.joins, [{ name: 'agent', to: 'marts.agents', on: { agent: 'name' } }])
  assert.deepEqual(node.dimensions, [
    { name: 'agent', column: 'agent', label: { en: 'Agent', es: 'Agent' } },
    { name: 'team', column: 'agent.team', label: { en: 'Team', es: 'Equipo' } },
  ])
  const board = toDashboardNode(support, 'support', (declaration) => names.get(declaration))
  assert.deepEqual(
    board.rows.map((row) => row.map((item) => [item.id, item.kind, item.width])),
    [
      [
        ['number_ticketCount', 'number', 4],
        ['number_refunds', 'number', 4],
        ['number_refundRate', 'number', 4],
      ],
      [
        ['line_refunds_team', 'line', 8],
        ['bar_ticketCount_agent', 'bar', 4],
      ],
      [['leaderboard_ticketCount_agent', 'leaderboard', 12]],
    ],
  )
  assert.deepEqual(board.rows[1]?.[0], {
    id: 'line_refunds_team',
    kind: 'line',
    title: { en: 'Refunds', es: 'Devoluciones' },
    width: 8,
    metrics: ['refunds'],
    by: 'team',
    top: 3,
  })
  assert.ok(!JSON.stringify(board).includes('"kind":"metric"'))
})

test('a metric without a label gets one from its name', () => {
  const wonDeals = metric({ from: 'marts.deals', time: 'closed_at', value: count() })
  assert.deepEqual(toMetricNode(wonDeals, 'wonDeals').label, { en: 'Won deals', es: 'Won deals' })
})

test('rules become checks with a name that says what holds', () => {
  const invoices = table('billing.invoices', {
    columns: { id: text() },
    checks: [{ unique: 'id' }, { accepted: { column: 'id', values: ['a', 'b'] }, severity: 'warn' }],
  })
  assert.deepEqual(
    invoices.checks.map(({ name, severity }) => [name, severity]),
    [
      ['billing.invoices: id unique', 'error'],
      ['billing.invoices: id one of a, b', 'warn'],
    ],
  )
  const deals = model({ name: 'marts.deals', sql: 'select 1 as id', checks: [{ notNull: 'id' }] })
  assert.equal(deals.checks[0]?.table, 'marts.deals')
})

test('a project names its targets and fills what was not said', () => {
  assert.equal(project.defaultTarget, 'dev')
  assert.deepEqual(project.packs, [])
  assert.deepEqual(project.alertWebhook, { kind: 'env', name: 'ALERT_WEBHOOK' })
  assert.equal(project.targets['dev']?.warehouse.module, '@caudal/duckdb')
})
