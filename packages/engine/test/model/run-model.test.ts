import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import type { Warehouse } from '@caudal/spec'
import type { CompiledModels } from '@caudal/engine'
import { compile } from './project.ts'
import { failures, memoryWarehouse, putTable, rowsOf, run, summary } from './warehouse.ts'

const now = new Date('2026-03-04T12:00:00Z')
const open: Warehouse[] = []
let warehouse: Warehouse

beforeEach(async () => {
  warehouse = await memoryWarehouse()
  open.push(warehouse)
  await putDeals('d1 ana won 10 2026-03-01', 'd2 ana won 5.5 2026-03-02', 'd3 leo lost 7 2026-03-02')
  await putTable(
    warehouse,
    'crm.owners',
    `select * from (values ('ana', 'Ana', 'north'), ('leo', 'Leo', 'south')) as t(id, name, team)`,
  )
})

after(async () => {
  for (const each of open) await each.close()
})

/** Deals as `id owner stage amount day`. */
function putDeals(...deals: readonly string[]): Promise<number> {
  const rows = deals.map((deal) => {
    const [id, owner, stage, amount, day] = deal.split(' ')
    return `('${id}', '${owner}', '${stage}', cast(${amount} as decimal(18,2)), cast('${day} 10:00:00+00' as timestamptz))`
  })
  return putTable(
    warehouse,
    'crm.deals',
    `select * from (values ${rows.join(', ')}) as t(id, owner_id, stage, amount, closed_at)`,
  )
}

async function project(files: Readonly<Record<string, string>>): Promise<CompiledModels> {
  const compiled = await compile(files)
  assert.deepEqual(compiled.problems, [])
  return compiled
}

const staging = `select id, owner_id, stage, amount, closed_at from crm.deals where stage = 'won'`
const revenue = `/* ---
materialization: table
columns:
  sdr: { checks: [not null, unique] }
checks:
  - expression: revenue < 100
--- */
select o.name as sdr, sum(d.amount) as revenue from staging.won d join crm.owners o on o.id = d.owner_id group by o.name`

test('views and tables are built once, and again when what they read changes', async () => {
  const models = await project({ 'models/staging/won.sql': staging, 'models/marts/revenue.sql': revenue })
  assert.deepEqual(summary(await run(warehouse, models, now)), [
    'staging.won: create',
    'marts.revenue: create 1',
  ])
  assert.deepEqual(await rowsOf(warehouse, 'select * from marts.revenue'), [['Ana', '15.50']])
  assert.deepEqual(summary(await run(warehouse, models, now)), [
    'staging.won: nothing',
    'marts.revenue: nothing',
  ])
  await putDeals('d1 ana won 10 2026-03-01', 'd3 leo won 7 2026-03-02')
  assert.deepEqual(summary(await run(warehouse, models, now)), [
    'staging.won: nothing',
    'marts.revenue: refresh 2',
  ])
  assert.deepEqual(await rowsOf(warehouse, 'select * from marts.revenue order by sdr'), [
    ['Ana', '10.00'],
    ['Leo', '7.00'],
  ])
})

test('a stage that waits for news does nothing when none came', async () => {
  const models = await project({ 'models/staging/won.sql': staging, 'models/marts/revenue.sql': revenue })
  await run(warehouse, models, now)
  const outcomes = await run(warehouse, models, now, { extracts: { 'crm.deals': 'extract crm' } })
  assert.equal(outcomes['marts.revenue']?.action, 'refresh')
  assert.equal(outcomes['marts.revenue']?.isBuilt, false)
})

test('a load that commits while a table is built is not missed', async () => {
  const models = await project({
    'models/marts/deals.sql': '/* ---\nmaterialization: table\n--- */ select id from crm.deals',
  })
  const racing: Warehouse = Object.create(warehouse, {
    build: {
      value: async (...parameters: Parameters<Warehouse['build']>) => {
        const rows = await warehouse.build(...parameters)
        await putDeals('d9 ana won 1 2026-03-03')
        return rows
      },
    },
    capabilities: { value: warehouse.capabilities },
    state: { value: warehouse.state },
    publish: { value: (request: Parameters<Warehouse['publish']>[0]) => warehouse.publish(request) },
    query: { value: (...parameters: Parameters<Warehouse['query']>) => warehouse.query(...parameters) },
  })
  await run(racing, models, now)
  assert.equal((await rowsOf(warehouse, 'select * from marts.deals')).length, 3)
  assert.deepEqual(summary(await run(warehouse, models, now)), ['marts.deals: refresh 1'])
})

test('an error-level check that fails leaves the table of yesterday, and what reads it is not built', async () => {
  const models = await project({
    'models/staging/won.sql': staging,
    'models/marts/revenue.sql': revenue,
    'models/marts/board.sql': '/* ---\nmaterialization: table\n--- */ select * from marts.revenue',
  })
  await run(warehouse, models, now)
  await putDeals('d1 ana won 150 2026-03-01')
  const outcomes = await run(warehouse, models, now)
  assert.deepEqual(summary(outcomes), ['staging.won: nothing', 'marts.revenue: failed'])
  const outcome = outcomes['marts.revenue']
  assert.equal(outcome?.error?.code, 'CAUDAL_CHECKS_FAILED')
  assert.equal(
    outcome?.error?.message,
    'marts.revenue: 1 check failed. 1 row of marts.revenue does not satisfy revenue < 100. It was not published: readers see the version before.',
  )
  assert.deepEqual(outcome?.checks.find((result) => !result.isPassed)?.examples, [
    { sdr: 'Ana', revenue: '150.00' },
  ])
  assert.deepEqual(await rowsOf(warehouse, 'select * from marts.revenue'), [['Ana', '15.50']])
})

test('a warning is shown and published', async () => {
  const models = await project({
    'models/staging/won.sql': staging,
    'models/marts/revenue.sql': revenue.replace(
      '- expression: revenue < 100',
      '- { expression: revenue < 1, severity: warn }',
    ),
  })
  const outcome = (await run(warehouse, models, now))['marts.revenue']
  assert.equal(outcome?.state, 'succeeded')
  assert.deepEqual(failures(outcome?.checks ?? []), ['1 row of marts.revenue does not satisfy revenue < 1.'])
  assert.equal((await rowsOf(warehouse, 'select * from marts.revenue')).length, 1)
})

test('a view whose check fails is not put in place', async () => {
  const won = await project({ 'models/staging/won.sql': staging })
  await run(warehouse, won, now)
  const other = await project({
    'models/staging/won.sql': `/* ---\ncolumns:\n  owner_id: { checks: [unique] }\n--- */\n${staging} and amount > 1`,
  })
  const outcome = (await run(warehouse, other, now))['staging.won']
  assert.equal(outcome?.error?.code, 'CAUDAL_CHECKS_FAILED')
  assert.deepEqual(outcome?.checks[0]?.examples, [{ owner_id: 'ana', row_count: '2' }])
  assert.deepEqual(summary(await run(warehouse, won, now)), ['staging.won: nothing'])
})

test('custom SQL and row counts are checked on the new rows before they are seen', async () => {
  const text = `/* ---
materialization: table
checks:
  - sql: select deals.id from marts.deals where deals.amount < 0
    name: no negative amount
  - row count change: 0.5
--- */
select id, amount from crm.deals`
  const models = await project({ 'models/marts/deals.sql': text })
  await run(warehouse, models, now)
  await putDeals('d1 ana won -1 2026-03-01')
  const outcome = (await run(warehouse, models, now))['marts.deals']
  assert.deepEqual(failures(outcome?.checks ?? []), [
    '1 row was found that should not exist.',
    'The number of rows is 1 and was 3: more than 50 % of change.',
  ])
  assert.equal((await rowsOf(warehouse, 'select * from marts.deals')).length, 3)
})

test('views above a table are put in place again with it', async () => {
  const files = {
    'models/marts/deals.sql': '/* ---\nmaterialization: table\n--- */\nselect id, amount from crm.deals',
    'models/marts/all_deals.sql': 'select * from marts.deals',
    'models/marts/top_deals.sql': 'select * from marts.all_deals where amount > 6',
  }
  await run(warehouse, await project(files), now)
  const wider = {
    ...files,
    'models/marts/deals.sql': files['models/marts/deals.sql'].replace('id, amount', 'stage, id, amount'),
  }
  assert.deepEqual(summary(await run(warehouse, await project(wider), now)), [
    'marts.deals: change 3',
    'marts.all_deals: nothing',
    'marts.top_deals: nothing',
  ])
  assert.deepEqual(await rowsOf(warehouse, 'select * from marts.top_deals order by id'), [
    ['won', 'd1', '10.00'],
    ['lost', 'd3', '7.00'],
  ])
})

test('models that left the project are dropped, other relations never', async () => {
  const both = await project({ 'models/staging/won.sql': staging, 'models/marts/revenue.sql': revenue })
  await run(warehouse, both, now)
  await putTable(warehouse, 'marts.by_hand', 'select 1 as a')
  const one = await project({ 'models/staging/won.sql': staging })
  assert.deepEqual(summary(await run(warehouse, one, now)), ['staging.won: nothing', 'marts.revenue: drop'])
  const left = (await warehouse.introspect()).map(({ table }) => `${table.schema}.${table.name}`)
  assert.deepEqual(left.toSorted(), ['crm.deals', 'crm.owners', 'marts.by_hand', 'staging.won'])
  assert.deepEqual(summary(await run(warehouse, one, now)), ['staging.won: nothing'])
})

test('a view may become a table and back', async () => {
  const view = await project({ 'models/staging/won.sql': staging })
  const table = await project({
    'models/staging/won.sql': `/* ---\nmaterialization: table\n--- */ ${staging}`,
  })
  for (const models of [view, table, view]) {
    await run(warehouse, models, now)
    assert.equal((await rowsOf(warehouse, 'select * from staging.won')).length, 2)
  }
})

test('a query that the warehouse refuses fails its stage with its reason', async () => {
  const models = await project({
    'models/marts/bad.sql': `/* ---\nmaterialization: table\n--- */ select cast(stage as integer) as stage from crm.deals`,
  })
  const outcome = (await run(warehouse, models, now))['marts.bad']
  assert.equal(outcome?.state, 'failed')
  assert.match(outcome?.error?.message ?? '', /Could not convert string 'won'/)
})

test('portable functions run on the embedded engine', async () => {
  const models = await project({
    'models/marts/age.sql':
      '/* ---\nmaterialization: table\nchecks: [{ expression: "matches(id, \'^d\')" }]\n--- */ select id, safe_divide(amount, 4) as quarter, days_between(closed_at, month_end(closed_at)) as days from crm.deals',
  })
  assert.equal((await run(warehouse, models, now))['marts.age']?.error, undefined)
  assert.deepEqual(await rowsOf(warehouse, "select quarter, days from marts.age where id = 'd1'"), [
    [2.5, '30'],
  ])
})
