import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { CaudalError, type DashboardNode, type MetricNode, type SourceNode } from '@caudal/spec'
import { columnLineage, renderBreakage, renderLineage, whatBreaks, type LineageProject } from '@caudal/engine'
import { compile, tables } from '../model/project.ts'

const label = (en: string): { en: string; es: string } => ({ en, es: en })

const source: SourceNode = {
  name: 'crm',
  adapter: 'rest',
  guarantee: 'once per key',
  code: { module: 'sources/crm.ts', export: 'crm' },
  secrets: [],
  describe: {},
  streams: tables.map(({ name, columns }) => ({
    name: name.slice(4),
    table: name,
    columns: columns.map((column) =>
      column.name === 'amount' ? { ...column, field: 'Amount EUR' } : column,
    ),
    isTyped: true,
    primaryKey: ['id'],
    disposition: 'merge',
    deletes: 'none',
    contract: { columns: 'evolve', types: 'evolve' },
  })),
}

function metric(name: string, value: MetricNode['value'], more: Partial<MetricNode> = {}): MetricNode {
  return {
    name,
    label: label(name),
    description: '',
    from: 'marts.won',
    time: 'closed_at',
    value,
    joins: [{ name: 'sdr', to: 'marts.people', on: { owner_id: 'id' } }],
    dimensions: [{ name: 'team', label: label('Team'), column: 'sdr.team' }],
    format: { kind: 'number' },
    direction: 'up',
    version: 1,
    place: 'metrics/sales.ts:3',
    ...more,
  }
}

const metrics = [
  metric('revenue', { kind: 'aggregate', function: 'sum', column: 'amount', where: "sdr.team <> 'test'" }),
  metric('deals', { kind: 'aggregate', function: 'count' }),
]

const dashboard: DashboardNode = {
  name: 'sales',
  title: label('Sales'),
  filters: [],
  range: 'this month',
  comparison: 'none',
  place: 'dashboards/sales.ts:5',
  rows: [
    [
      { id: 'revenue', kind: 'number', title: label('Revenue'), width: 4, metric: 'revenue' },
      { id: 'deals', kind: 'number', title: label('Deals won'), width: 4, metric: 'deals' },
      {
        id: 'teams',
        kind: 'leaderboard',
        title: label('Teams'),
        width: 4,
        metrics: ['deals'],
        by: 'team',
        top: 5,
      },
    ],
  ],
}

let project: LineageProject

before(async () => {
  const { models, problems } = await compile({
    'models/staging/deals.sql': 'select * from crm.deals',
    'models/marts/won.sql':
      "select id, owner_id, amount as amount, closed_at from staging.deals where stage = 'won'",
    'models/marts/people.sql': 'select id, coalesce(team, name) as team from crm.owners',
    'models/marts/board.sql': 'select owner_id, count(*) as deals from marts.won group by owner_id',
  })
  assert.deepEqual(problems, [])
  project = { sources: [source], pipelines: [], tables: [], models, metrics, dashboards: [dashboard] }
})

test('a source field is traced to the tiles that show it', () => {
  assert.equal(
    renderLineage(columnLineage(project, 'crm.deals.amount')),
    `crm.deals.amount  decimal(18,2)

made of
└─ Amount EUR of crm / deals

used by
└─ staging.deals.amount
   └─ marts.won.amount
      └─ metric revenue
         └─ tile sales › Revenue`,
  )
})

test('a metric is traced to what it is made of: value, filter, time, rows', () => {
  assert.equal(
    renderLineage(columnLineage(project, 'revenue')),
    `metric revenue

made of
├─ marts.people.id
│  └─ crm.owners.id  text
│     └─ id of crm / owners
├─ marts.people.team
│  ├─ crm.owners.name  text
│  │  └─ name of crm / owners
│  └─ crm.owners.team  text
│     └─ team of crm / owners
├─ marts.won.amount
│  └─ staging.deals.amount
│     └─ crm.deals.amount  decimal(18,2)
│        └─ Amount EUR of crm / deals
├─ marts.won.closed_at
│  └─ staging.deals.closed_at
│     └─ crm.deals.closed_at  timestamptz
│        └─ closed_at of crm / deals
├─ marts.won.owner_id
│  └─ staging.deals.owner_id
│     └─ crm.deals.owner_id  text
│        └─ owner_id of crm / deals
└─ marts.won (which rows)
   ├─ staging.deals (which rows)
   └─ staging.deals.stage
      └─ crm.deals.stage  text
         └─ stage of crm / deals

used by
└─ tile sales › Revenue`,
  )
})

test('a filter decides rows, and rows decide every metric over them', () => {
  const { downstream } = columnLineage(project, 'crm.deals.stage')
  const text = JSON.stringify(downstream)
  for (const id of ['rows marts.won', 'metric deals', 'tile sales/deals', 'rows marts.board'])
    assert.ok(text.includes(`"${id}"`), id)
})

test('a dimension reaches only the tiles that split by it', () => {
  const { downstream } = columnLineage({ ...project, metrics: metrics.slice(1) }, 'crm.owners.team')
  const text = JSON.stringify(downstream)
  assert.ok(text.includes('tile sales/teams'))
  assert.ok(!text.includes('tile sales/deals'))
})

test('names may be short while they are unique, and are suggested', () => {
  assert.equal(columnLineage(project, 'people.team').node.id, 'marts.people.team')
  assert.equal(columnLineage(project, 'sales/teams').node.id, 'tile sales/teams')
  const message = (name: string): string => {
    try {
      return columnLineage(project, name).node.id
    } catch (error) {
      return CaudalError.isInstance(error) ? `${error.code} ${error.message}` : String(error)
    }
  }
  assert.equal(message('deals.amount'), 'crm.deals.amount', 'of several the one that comes from a source')
  assert.equal(
    message('crm.deals.amont'),
    'CAUDAL_LINEAGE_UNKNOWN No column, metric or tile is called `crm.deals.amont`. Did you mean `crm.deals.amount`?',
  )
  assert.equal(
    message('marts.won'),
    'CAUDAL_LINEAGE_UNKNOWN `marts.won` is a table; lineage is traced by column.',
  )
})

test('a removed column breaks the tiles made of it, and stops those over models that need it', () => {
  const breakage = whatBreaks(project, ['crm.deals.amount'])
  const names = (nodes: readonly { name: string; how: string }[]): readonly string[] =>
    nodes.map(({ name, how }) => `${how} ${name}`)
  assert.deepEqual(names(breakage.models), ['uses staging.deals', 'uses marts.won', 'stops marts.board'])
  assert.deepEqual(names(breakage.metrics), ['uses revenue', 'stops deals'])
  assert.deepEqual(names(breakage.tiles), ['uses sales/revenue', 'stops sales/deals', 'stops sales/teams'])
  assert.deepEqual(breakage.tiles[0]?.path, [
    'crm.deals.amount',
    'staging.deals.amount',
    'marts.won.amount',
    'metric revenue',
    'tile sales/revenue',
  ])
  assert.match(
    renderBreakage(breakage),
    /^tile sales › Revenue uses it: crm\.deals\.amount → .* → tile sales\/revenue$/m,
  )
  assert.equal(renderBreakage(whatBreaks(project, ['crm.deals.nothing'])), 'Nothing uses it.')
})

test('a source field that is renamed fails the models that name it, and the tile is told', async () => {
  const renamed = tables.map((table) => ({
    ...table,
    columns: table.columns.map((column) =>
      column.name === 'amount' ? { ...column, name: 'amounts' } : column,
    ),
  }))
  const files = { 'models/marts/won.sql': 'select id, amount, closed_at from crm.deals' }
  const old = await compile(files)
  const changed = await compile(files, { tables: renamed })
  assert.deepEqual(
    changed.problems.map((problem) => problem.message),
    ['models/marts/won.sql:1:12: `crm.deals` has no column `amount`. Did you mean `amounts`?'],
  )
  const { tiles } = whatBreaks({ ...project, models: old.models }, ['crm.deals.amount'])
  assert.equal(tiles[0]?.label, 'tile sales › Revenue')
})
