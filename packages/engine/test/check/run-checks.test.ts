import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { CheckNode, CheckRule, Warehouse } from '@caudal/spec'
import { checkError, compileCheck, runChecks, runCheckStage, type CheckRun } from '@caudal/engine'
import { memoryWarehouse, putTable } from '../model/warehouse.ts'

const now = new Date('2026-03-04T12:00:00Z')
let warehouse: Warehouse

before(async () => {
  warehouse = await memoryWarehouse()
  await putTable(
    warehouse,
    'crm.deals',
    `select * from (values
      ('a', 'ana', cast(10 as decimal(18,2)), timestamptz '2026-03-04 11:00:00+00', date '2026-03-01'),
      ('b', 'bea', -1, null, date '2026-03-02'),
      ('b', null, null, timestamptz '2026-03-01 00:00:00+00', null),
      (null, 'leo', 5, null, null),
      (null, 'leo', 5, null, null)) as t(id, owner, amount, seen_at, day)`,
  )
  await putTable(warehouse, 'crm.owners', `select * from (values ('ana'), ('leo')) as t(name)`)
  await putTable(warehouse, 'crm.empty', 'select 1 as id, current_timestamp as seen_at where false')
})

after(() => warehouse.close())

function check(rule: CheckRule, more: Partial<CheckNode> = {}): CheckNode {
  return {
    name: `crm.deals: ${rule.kind}`,
    table: 'crm.deals',
    rule,
    severity: 'error',
    place: 'models/x.sql:3',
    ...more,
  }
}

function outcome(
  rule: CheckRule,
  more: Partial<CheckRun> = {},
  node: Partial<CheckNode> = {},
): ReturnType<typeof runChecks> {
  return runChecks([check(rule, node)], { warehouse, now, signal: new AbortController().signal, ...more })
}

/** Rule → failing rows and message; 0 when it holds. */
const cases: readonly (readonly [CheckRule, number, string])[] = [
  [{ kind: 'not null', column: 'id' }, 2, '2 rows of crm.deals have no value in id.'],
  [{ kind: 'unique', columns: ['id'] }, 1, '1 value of id stands more than once.'],
  [{ kind: 'unique', columns: ['id', 'owner'] }, 0, 'crm.deals: unique holds.'],
  [{ kind: 'unique', columns: ['owner', 'amount'] }, 1, '1 value of owner, amount stands more than once.'],
  [
    { kind: 'accepted values', column: 'owner', values: ['ana', "o'neil"] },
    3,
    "3 rows of crm.deals have another value in owner than ana, o'neil.",
  ],
  [
    { kind: 'accepted values', column: 'amount', values: [10, 5, -1] },
    0,
    'crm.deals: accepted values holds.',
  ],
  [
    { kind: 'relation', column: 'owner', to: 'crm.owners', toColumn: 'name' },
    1,
    '1 row of crm.deals has a value in owner that crm.owners.name does not have.',
  ],
  [
    { kind: 'range', column: 'amount', min: 0 },
    1,
    '1 row of crm.deals has a value in amount outside 0 to ∞.',
  ],
  [{ kind: 'range', column: 'amount', min: -1, max: '10.00' }, 0, 'crm.deals: range holds.'],
  [
    { kind: 'range', column: 'day', max: '2026-03-01' },
    1,
    '1 row of crm.deals has a value in day outside -∞ to 2026-03-01.',
  ],
  [
    { kind: 'expression', sql: 'amount >= 0 -- money' },
    1,
    '1 row of crm.deals does not satisfy amount >= 0 -- money.',
  ],
  [{ kind: 'freshness', column: 'seen_at', maxMinutes: 60 }, 0, 'crm.deals: freshness holds.'],
  [
    { kind: 'freshness', column: 'seen_at', maxMinutes: 59 },
    1,
    'The newest seen_at is 2026-03-04T11:00:00Z: more than 59 minutes ago.',
  ],
  [{ kind: 'freshness', column: 'day', maxMinutes: 3 * 1440 }, 0, 'crm.deals: freshness holds.'],
  [
    { kind: 'freshness', column: 'day', maxMinutes: 1440 },
    1,
    'The newest day is 2026-03-02: more than 1440 minutes ago.',
  ],
  [
    { kind: 'row count change', shareMax: 0.1 },
    0,
    'crm.deals: row count change: there is no earlier version to compare with.',
  ],
  [
    { kind: 'sql', sql: 'select * from crm.deals where amount < 0;' },
    1,
    '1 row was found that should not exist.',
  ],
]

for (const [rule, failingRows, message] of cases) {
  test(`${JSON.stringify(rule)}: ${failingRows} failing`, async () => {
    const [result] = await outcome(rule)
    assert.equal(result?.message, message)
    assert.equal(result?.failingRows, failingRows)
    assert.equal(result?.isPassed, failingRows === 0)
    assert.equal(result?.examples.length, failingRows)
  })
}

test('row counts are compared with those of the version before, in both directions', async () => {
  const rule: CheckRule = { kind: 'row count change', shareMax: 0.2 }
  const passed = async (previousRows: number): Promise<boolean | undefined> =>
    (await outcome(rule, { previousRows }))[0]?.isPassed
  assert.deepEqual(await Promise.all([4, 5, 6, 7, 0].map(passed)), [false, true, true, false, true])
})

test('an empty table is not fresh', async () => {
  const [result] = await outcome(
    { kind: 'freshness', column: 'seen_at', maxMinutes: 60 },
    {},
    { table: 'crm.empty' },
  )
  assert.equal(result?.message, 'There is no seen_at, so nothing is fresh (crm.deals: freshness).')
})

test('at most 20 failing rows are kept, all are counted', async () => {
  const [result] = await outcome(
    { kind: 'sql', sql: 'select * from crm.deals' },
    { relation: '(select range as id from range(1234))' },
  )
  assert.equal(result?.failingRows, 1234)
  assert.equal(result?.examples.length, 20)
  assert.equal(result?.message, '1,234 rows were found that should not exist.')
})

test('a check that cannot run has failed, and says where it stands', async () => {
  const results = await runChecks(
    [
      check({ kind: 'not null', column: 'gone' }),
      check({ kind: 'not null', column: 'owner' }, { severity: 'warn' }),
    ],
    { warehouse, now, signal: new AbortController().signal },
  )
  assert.match(
    results[0]?.message ?? '',
    /^crm\.deals: not null could not run \(models\/x\.sql:3\): .*gone.*\.$/,
  )
  assert.equal(results[1]?.failingRows, 1)
  assert.deepEqual(checkError('crm.deals', results, 'Its rows stay.')?.context, {
    table: 'crm.deals',
    checks: ['crm.deals: not null'],
  })
})

test('an aborted run throws and judges nothing', async () => {
  const abort = new AbortController()
  abort.abort()
  await assert.rejects(outcome({ kind: 'not null', column: 'id' }, { signal: abort.signal }))
})

test('warnings alone make no error', async () => {
  const results = await outcome({ kind: 'not null', column: 'id' }, {}, { severity: 'warn' })
  assert.equal(results[0]?.isPassed, false)
  assert.equal(checkError('crm.deals', results, ''), undefined)
})

test('a check stage runs the checks it names and fails on errors', async () => {
  const checks = [
    check({ kind: 'not null', column: 'id' }, { name: 'a' }),
    check({ kind: 'not null', column: 'owner' }, { name: 'b', severity: 'warn' }),
    check({ kind: 'row count change', shareMax: 0 }, { name: 'c' }),
  ]
  const run = (names: readonly string[]): ReturnType<typeof runCheckStage> =>
    runCheckStage(
      { kind: 'check', id: 'check crm.deals', table: 'crm.deals', checks: names, after: [] },
      { warehouse, checks, now, signal: new AbortController().signal, previousRows: { 'crm.deals': 4 } },
    )
  assert.equal((await run(['b'])).state, 'succeeded')
  const failed = await run(['a', 'c'])
  assert.deepEqual([failed.state, failed.checks.length], ['failed', 2])
  assert.match(
    failed.error?.message ?? '',
    /^crm\.deals: 2 checks failed\..*Its rows stay; what reads it was not built\.$/,
  )
})

test('compiled checks have no parameter and portable functions of the dialect', () => {
  const rule: CheckRule = { kind: 'expression', sql: "matches(owner, '^a')" }
  const sql = compileCheck(check(rule), { dialect: 'postgresql', now })
  assert.equal(sql, `select * from "crm"."deals" as checked where not (((owner) ~ ('^a'))\n)`)
})
