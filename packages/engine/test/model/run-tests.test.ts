import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Warehouse } from '@caudal/spec'
import { runModelTests, type ModelTestResult } from '@caudal/engine'
import { compile, tables } from './project.ts'
import { memoryWarehouse } from './warehouse.ts'

let scratch: Warehouse

before(async () => {
  scratch = await memoryWarehouse()
})

after(() => scratch.close())

const files = {
  'models/staging/won.sql':
    "select id, owner_id, amount, closed_at from crm.deals where deals.stage = 'won' and _caudal_deleted_at is null",
  'models/marts/revenue.sql': `with won as (select * from staging.won)
select o.name as sdr, sum(won.amount) as revenue, round_to(avg(won.amount), 2) as average
from won left join crm.owners o on o.id = won.owner_id group by o.name`,
  'models/marts/daily.sql': `/* ---
incremental: { time: day, grain: day, start: 2026-01-01 }
--- */
select cast(closed_at as date) as day, count(*) as deals from staging.won
where closed_at >= $interval_start and closed_at < $interval_end group by 1`,
}

async function results(tests: Readonly<Record<string, string>>): Promise<readonly ModelTestResult[]> {
  const compiled = await compile({ ...files, ...tests })
  assert.deepEqual(compiled.problems, [])
  return runModelTests(compiled.tests, compiled.models, tables, scratch, AbortSignal.timeout(10_000))
}

async function messages(tests: Readonly<Record<string, string>>): Promise<readonly string[]> {
  return (await results(tests)).map((result) => result.message)
}

test('given rows have the types of their tables, and expected ones those of the model', async () => {
  const [result] = await results({
    'models/marts/revenue.test.yaml': `sums won deals:
  given:
    crm.deals:
      - { id: a, owner_id: o1, stage: won, amount: 0.10 }
      - { id: b, owner_id: o1, stage: won, amount: 0.20 }
      - { id: c, owner_id: o2, stage: lost, amount: 5 }
      - { id: d, owner_id: o1, stage: won, amount: 9, _caudal_deleted_at: 2026-01-01T00:00:00Z }
    crm.owners:
      - { id: o1, name: Ana }
  expect:
    - { sdr: Ana, revenue: 0.3, average: 0.15 }
`,
  })
  assert.deepEqual(result, {
    test: 'marts.revenue: sums won deals',
    model: 'marts.revenue',
    place: 'models/marts/revenue.test.yaml:1',
    isPassed: true,
    message: '',
  })
})

test('tables that are not given are empty, models that are not given are computed', async () => {
  assert.deepEqual(
    await messages({
      'models/marts/revenue.test.yaml': `nothing:
  expect: []
an upstream model is given:
  given:
    staging.won: [{ owner_id: o1, amount: 10.005 }]
  expect: [{ sdr: null, revenue: 10.01 }]
`,
    }),
    ['', ''],
  )
})

test('an incremental model is tested with its interval', async () => {
  assert.deepEqual(
    await messages({
      'models/marts/daily.test.yaml': `midnight belongs to the next day:
  parameters: { interval_start: 2026-01-01, interval_end: 2026-01-02 }
  given:
    crm.deals:
      - { stage: won, closed_at: 2026-01-01T23:59:59Z }
      - { stage: won, closed_at: 2026-01-02T00:00:00Z }
  expect: [{ day: 2026-01-01, deals: 1 }]
`,
    }),
    [''],
  )
})

test('a failure shows expected and actual rows side by side', async () => {
  assert.deepEqual(
    await messages({
      'models/marts/revenue.test.yaml': `wrong sum:
  given:
    crm.deals:
      - { id: a, owner_id: o1, stage: won, amount: 10 }
      - { id: b, owner_id: o2, stage: won, amount: 3 }
    crm.owners:
      - { id: o1, name: Ana }
      - { id: o2, name: Leo }
  expect:
    - { sdr: Ana, revenue: 12 }
    - { sdr: Bea }
`,
    }),
    [
      `models/marts/revenue.test.yaml:1: marts.revenue: wrong sum: 2 expected rows missing, 2 rows too many
              sdr  revenue
  - expected  Ana  12.00
  + actual    Ana  10.00
  - expected  Bea
  + actual    Leo  3.00`,
    ],
  )
})

test('columns that are not named are not compared, and each row counts once', async () => {
  const given = `  given:
    crm.deals: [{ id: a, owner_id: o1, stage: won, amount: 1 }, { id: b, owner_id: o2, stage: won, amount: 1 }]
    crm.owners: [{ id: o1, name: Ana }, { id: o2, name: Leo }]
`
  assert.deepEqual(
    (
      await messages({
        'models/marts/revenue.test.yaml': `both:\n${given}  expect: [{ revenue: 1 }, { revenue: 1, sdr: Leo }]\none:\n${given}  expect: [{ revenue: 1 }]\n`,
      })
    ).map((message) => message.split('\n')[0]),
    ['', 'models/marts/revenue.test.yaml:6: marts.revenue: one: 0 expected rows missing, 1 row too many'],
  )
})

test('a value that does not fit its column says so', async () => {
  const [message = ''] = await messages({
    'models/marts/revenue.test.yaml':
      'bad:\n  given: { crm.deals: [{ stage: won, amount: ten }] }\n  expect: []\n',
  })
  assert.match(message, /^models\/marts\/revenue\.test\.yaml:1: marts\.revenue: bad: the query failed: .*ten/)
})
