import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CaudalError } from '@caudal/spec'
import {
  average,
  check,
  count,
  currency,
  dashboard,
  defineSource,
  metric,
  model,
  modelTest,
  number,
  percent,
  sum,
  table,
  text,
  tile,
} from '@caudal/authoring'

/** What is said of a call, as a JavaScript caller or a spread can make it. */
function problemsOf(call: () => unknown): readonly unknown[] {
  try {
    call()
  } catch (error) {
    assert.ok(CaudalError.isInstance(error), String(error))
    assert.equal(error.code, 'CAUDAL_SETTING_UNKNOWN')
    for (const problem of error.context['problems'] as string[]) assert.ok(error.message.includes(problem))
    return error.context['problems'] as readonly unknown[]
  }
  return []
}

const deals = metric({ from: 'marts.deals', time: 'closed_at', value: count() })
const rows = async function* (): AsyncGenerator<never[]> {}

test("settings that a source of one's own does not have are refused, all at once", () => {
  const options = {
    shedule: 'every 15 minutes',
    streams: {
      contacts: { columns: { id: text() }, primarykey: ['id'], contract: { type: 'freeze' }, read: rows },
      deals: { columns: { id: text() }, retention: 30, read: rows },
    },
  }
  assert.deepEqual(
    problemsOf(() => defineSource(options as never)),
    [
      'shedule is not known. Did you mean `schedule`?',
      'streams.contacts.primarykey is not known. Did you mean `primaryKey`?',
      'streams.contacts.contract.type is not known. Did you mean `types`?',
      'streams.deals.retention is not known. Did you mean `retentionDays`?',
    ],
  )
})

test('settings that a table, model or test does not have are refused', () => {
  assert.deepEqual(
    problemsOf(() =>
      table('app.users', {
        columns: { id: text() },
        freshnes: {},
        freshness: { column: 'id', maxMinute: 5 },
        checks: [{ notnull: 'id' }],
      } as never),
    ),
    [
      'freshnes is not known. Did you mean `freshness`?',
      'freshness.maxMinute is not known. Did you mean `maxMinutes`?',
      'checks[0].notnull is not known. Did you mean `notNull`?',
    ],
  )
  assert.deepEqual(
    problemsOf(() =>
      model({
        name: 'marts.a',
        sql: 'SELECT 1',
        materialisation: 'view',
        incremental: { grains: 'day' },
      } as never),
    ),
    [
      'materialisation is not known. Did you mean `materialization`?',
      'incremental.grains is not known. Did you mean `grain`?',
    ],
  )
  assert.deepEqual(
    problemsOf(() => modelTest({ model: 'marts.a', given: {}, expect: [], expected: [] } as never)),
    ['expected is not known. Did you mean `expect`?'],
  )
})

test('a check names exactly one rule that there is', () => {
  assert.deepEqual(
    problemsOf(() => check('marts.a', { notNull: 'id', severty: 'warn' } as never)),
    ['severty is not known. Did you mean `severity`?'],
  )
  assert.deepEqual(
    problemsOf(() => check('marts.a', { range: { column: 'a', minimum: 1 } } as never)),
    ['range.minimum is not known.'],
  )
  assert.match(
    String(problemsOf(() => check('marts.a', { severity: 'warn' } as never))),
    /^rule is missing: .*notNull/,
  )
  assert.deepEqual(
    problemsOf(() => check('marts.a', { notNull: 'id', unique: 'id' })),
    ['notNull and unique are two rules: each is a check of its own.'],
  )
})

test('settings that a metric, its parts, a dashboard or a tile do not have are refused', () => {
  const metricOptions = {
    from: 'marts.deals',
    time: 'closed_at',
    value: { ...sum('amount'), were: 'true' },
    directon: 'up',
    joins: { sdr: { to: 'crm.sdrs', on: {}, using: 'id' } },
    dimensions: { team: { column: 'team', labels: {} } },
  }
  assert.deepEqual(
    problemsOf(() => metric(metricOptions as never)),
    [
      'value.were is not known. Did you mean `where`?',
      'directon is not known. Did you mean `direction`?',
      'joins.sdr.using is not known.',
      'dimensions.team.labels is not known. Did you mean `label`?',
    ],
  )
  for (const [call, problem] of [
    [() => count({ were: 'x' } as never), 'were is not known. Did you mean `where`?'],
    [() => average('a', { were: 'x' } as never), 'were is not known. Did you mean `where`?'],
    [() => currency('EUR', { decimal: 2 } as never), 'decimal is not known. Did you mean `decimals`?'],
    [() => percent({ decimal: 2 } as never), 'decimal is not known. Did you mean `decimals`?'],
    [() => number({ units: 'h' } as never), 'units is not known. Did you mean `unit`?'],
    [() => dashboard({ rows: [], filter: [] } as never), 'filter is not known. Did you mean `filters`?'],
    [() => tile.number(deals, { widht: 3 } as never), 'widht is not known. Did you mean `width`?'],
    [() => tile.line(deals, { grains: 'day' } as never), 'grains is not known. Did you mean `grain`?'],
    [() => tile.bar(deals, { tops: 3 } as never), 'tops is not known. Did you mean `top`?'],
    [() => tile.funnel([deals], { titel: 'a' } as never), 'titel is not known. Did you mean `title`?'],
    [() => tile.leaderboard([deals], { by: 'a', grain: 'day' } as never), 'grain is not known.'],
    [
      () => tile.table([deals], { by: [], desciption: '' } as never),
      'desciption is not known. Did you mean `description`?',
    ],
  ] as const) {
    assert.deepEqual(problemsOf(call), [problem])
  }
})
