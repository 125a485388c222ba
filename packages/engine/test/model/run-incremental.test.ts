import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import type { ModelState, Warehouse } from '@caudal/spec'
import type { CompiledModels } from '@caudal/engine'
import { compile } from './project.ts'
import { failures, memoryWarehouse, putTable, rowsOf, run, summary } from './warehouse.ts'

const open: Warehouse[] = []
let warehouse: Warehouse

beforeEach(async () => {
  warehouse = await memoryWarehouse()
  open.push(warehouse)
})

after(async () => {
  for (const each of open) await each.close()
})

/** Deals as `id time amount`. */
function putDeals(...deals: readonly string[]): Promise<number> {
  const rows = deals.map((deal) => {
    const [id, at = '', amount] = deal.split(' ')
    return `('${id}', 'ana', 'won', cast(${amount} as decimal(18,2)), cast('2026-03-${at.replace('T', ' ')}:00+00' as timestamptz))`
  })
  return putTable(
    warehouse,
    'crm.deals',
    `select * from (values ${rows.join(', ')}) as t(id, owner_id, stage, amount, closed_at)`,
  )
}

const daily = (more = '', header = ''): string => `/* ---
incremental: { time: day, grain: day, start: 2026-03-01, ${more} }
${header}--- */
select cast(closed_at as date) as day, count(*) as deals, sum(amount) as amount
from crm.deals where closed_at >= $interval_start and closed_at < $interval_end group by 1`

async function project(text: string): Promise<CompiledModels> {
  const compiled = await compile({ 'models/marts/daily.sql': text })
  assert.deepEqual(compiled.problems, [])
  return compiled
}

async function days(): Promise<readonly string[]> {
  const rows = await rowsOf(warehouse, 'select * from marts.daily order by 1')
  return rows.map(([day, deals, amount]) => `${String(day).slice(8)}: ${String(deals)} ${String(amount)}`)
}

async function intervals(): Promise<readonly string[]> {
  const states: readonly ModelState[] = await warehouse.state.models()
  return states.flatMap((state) =>
    state.intervals.map(({ start, end }) => `${start.slice(5, 13)} ${end.slice(5, 13)}`),
  )
}

const at = (text: string): Date => new Date(`2026-03-${text}:00Z`)

test('each interval is built from its start, at midnight UTC rows belong to the new day', async () => {
  await putDeals('a 01T00:00 1', 'b 01T23:59 2', 'c 02T00:00 4', 'd 03T08:00 8')
  const models = await project(daily())
  assert.deepEqual(summary(await run(warehouse, models, at('03T12:00'))), ['marts.daily: create 3'])
  assert.deepEqual(await days(), ['01: 2 3.00', '02: 1 4.00', '03: 1 8.00'])
  assert.deepEqual(await intervals(), ['03-01T00 03-03T00'], 'the open day is built and not recorded')
})

test('the open day is built again with its later rows, closed days only within the lookback', async () => {
  await putDeals('a 01T10:00 1', 'b 02T10:00 2', 'c 03T08:00 4')
  const models = await project(daily('lookback: 1'))
  await run(warehouse, models, at('03T12:00'))
  await putDeals('a 01T10:00 10', 'b 02T10:00 20', 'c 03T08:00 40', 'd 03T13:00 1')
  assert.deepEqual(summary(await run(warehouse, models, at('03T14:00'))), ['marts.daily: refresh 2'])
  assert.deepEqual(await days(), ['01: 1 1.00', '02: 1 20.00', '03: 2 41.00'])
  assert.deepEqual(summary(await run(warehouse, models, at('03T15:00'))), ['marts.daily: nothing'])
})

test('days that passed without a run are filled', async () => {
  await putDeals('a 01T10:00 1', 'd 03T13:00 8')
  const models = await project(daily())
  await run(warehouse, models, at('01T12:00'))
  assert.deepEqual(await days(), ['01: 1 1.00'])
  assert.deepEqual(await intervals(), [])
  assert.deepEqual(summary(await run(warehouse, models, at('04T12:00'))), ['marts.daily: backfill 2'])
  assert.deepEqual(await days(), ['01: 1 1.00', '03: 1 8.00'])
  assert.deepEqual(await intervals(), ['03-01T00 03-04T00'])
})

test('asked days are built again, and late rows of others stay for later', async () => {
  await putDeals('a 01T10:00 1', 'b 02T10:00 2', 'c 03T08:00 4')
  const models = await project(daily())
  await run(warehouse, models, at('03T12:00'))
  await putDeals('a 01T10:00 10', 'b 02T10:00 20', 'c 03T08:00 40')
  const interval = { start: '2026-03-01', end: '2026-03-02' }
  const outcomes = await run(warehouse, models, at('03T12:00'), { interval, versions: {} })
  assert.deepEqual(summary(outcomes), ['marts.daily: backfill 1'])
  assert.deepEqual(await days(), ['01: 1 10.00', '02: 1 2.00', '03: 1 4.00'])
  assert.deepEqual(summary(await run(warehouse, models, at('03T12:00'))), ['marts.daily: refresh 1'])
  assert.deepEqual(await days(), ['01: 1 10.00', '02: 1 2.00', '03: 1 40.00'])
})

test('rows with a key replace those of the same key, whatever their interval', async () => {
  const text = `/* ---
incremental: { time: closed_at, grain: day, start: 2026-03-01, key: [id] }
--- */
select id, amount, closed_at from crm.deals where closed_at >= $interval_start and closed_at < $interval_end`
  await putDeals('a 01T10:00 1', 'b 02T10:00 2')
  const models = await project(text)
  await run(warehouse, models, at('02T12:00'))
  await putDeals('a 02T11:00 5', 'b 02T10:00 2')
  await run(warehouse, models, at('02T13:00'))
  assert.deepEqual(await rowsOf(warehouse, 'select id, amount from marts.daily order by id'), [
    ['a', '5.00'],
    ['b', '2.00'],
  ])
})

test('a changed model keeps its old rows until all intervals are built', async () => {
  await putDeals('a 01T10:00 1', 'b 02T10:00 2')
  await run(warehouse, await project(daily()), at('02T12:00'))
  const broken = await project(
    daily().replace('sum(amount)', 'sum(case when amount = 2 then cast(stage as integer) else 9 end)'),
  )
  const outcome = (await run(warehouse, broken, at('02T12:00')))['marts.daily']
  assert.equal(outcome?.state, 'failed')
  assert.deepEqual(await days(), ['01: 1 1.00', '02: 1 2.00'])
  const doubled = await project(daily().replace('sum(amount)', 'sum(amount * 2)'))
  assert.deepEqual(summary(await run(warehouse, doubled, at('02T12:00'))), ['marts.daily: change 2'])
  assert.deepEqual(await days(), ['01: 1 2.00', '02: 1 4.00'])
})

test('intervals that touch are built by one query, and each row lands in its own day', async () => {
  await putDeals('a 01T00:00 1', 'b 01T23:59 2', 'c 02T00:00 4')
  const before = (await warehouse.state.ledger(0, 1000)).length
  await run(warehouse, await project(daily().replace('2026-03-01', '2025-01-01')), at('03T12:00'))
  const publications = (await warehouse.state.ledger(0, 1000)).length - before
  assert.equal(publications, 5, '427 days, at most 100 at once')
  assert.deepEqual(await days(), ['01: 2 3.00', '02: 1 4.00'])
  assert.deepEqual(await intervals(), ['01-01T00 03-03T00'])
})

test('a row check stops the interval that breaks it, whole-table checks stop the merge', async () => {
  const checks = `columns:
  amount: { checks: [{ range: { min: 0 } }] }
checks:
  - unique: [deals]
  - { expression: deals < 9, name: few }
`
  const models = await project(daily('', checks))
  await putDeals('a 01T10:00 1', 'b 02T10:00 -2', 'c 03T10:00 4')
  const first = (await run(warehouse, models, at('03T12:00')))['marts.daily']
  assert.deepEqual(failures(first?.checks ?? []), [
    '1 row of marts.daily has a value in amount outside 0 to ∞.',
  ])
  assert.deepEqual(await days(), ['01: 1 1.00'])
  assert.deepEqual(await intervals(), ['03-01T00 03-02T00'])
  await putDeals('a 01T10:00 1', 'b 02T10:00 2', 'c 03T10:00 4')
  const second = (await run(warehouse, models, at('03T12:00')))['marts.daily']
  assert.equal(second?.error?.code, 'CAUDAL_CHECKS_FAILED')
  assert.deepEqual(second?.checks.find((result) => !result.isPassed)?.examples, [
    { deals: '1', row_count: '2' },
  ])
  assert.deepEqual(await days(), ['01: 1 1.00'])
  assert.deepEqual(await intervals(), ['03-01T00 03-02T00'])
})

test('rows outside their interval are refused', async () => {
  const loose = daily().replace('closed_at < $interval_end', "$interval_end > '2026'")
  await putDeals('a 01T10:00 1', 'b 02T10:00 2', 'c 05T10:00 4')
  const outcome = (await run(warehouse, await project(loose), at('02T12:00')))['marts.daily']
  assert.equal(outcome?.error?.code, 'CAUDAL_MODEL_INTERVAL')
  assert.match(outcome?.error?.message ?? '', /1 rows built for 2026-03-01.* have a `day` outside of it/)
})

test('a model that starts tomorrow is there, and empty', async () => {
  await putDeals('a 01T10:00 1')
  const models = await project(daily().replace('2026-03-01', '2027-01-01'))
  assert.deepEqual(summary(await run(warehouse, models, at('02T12:00'))), ['marts.daily: create 0'])
  assert.deepEqual(await days(), [])
  assert.deepEqual(summary(await run(warehouse, models, at('02T12:00'))), ['marts.daily: nothing'])
})
