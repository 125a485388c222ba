import { average, count, decimal, defineSource, integer, ratio, sum, table, text } from '@caudal/authoring'
import { revenue, winRate } from './accepted.ts'
import { check, dashboard, metric, modelTest, tile } from './caudal-types.ts'

// @ts-expect-error unknown table
metric({ from: 'marts.deal', time: 'closed_at', value: count() })
// @ts-expect-error unknown column of the value
metric({ from: 'marts.deals', time: 'closed_at', value: sum('amuont') })
// @ts-expect-error a text cannot be summed
metric({ from: 'marts.deals', time: 'closed_at', value: sum('sdr_name') })
// @ts-expect-error a boolean has no average
metric({ from: 'marts.deals', time: 'closed_at', value: average('is_won') })
// @ts-expect-error unknown column in a denominator
metric({ from: 'marts.deals', time: 'closed_at', value: ratio(count(), sum('nothing')) })
// @ts-expect-error unknown time column
metric({ from: 'marts.deals', time: 'closed', value: count() })
// @ts-expect-error a column that is not a time
metric({ from: 'marts.deals', time: 'sdr_name', value: count() })
// @ts-expect-error unknown dimension column
metric({ from: 'marts.deals', time: 'closed_at', value: count(), dimensions: { sdr: 'sdr_nmae' } })

metric({
  from: 'marts.deals',
  time: 'closed_at',
  value: count(),
  joins: { sdr: { to: 'crm.sdrs', on: { sdr_id: 'id' } } },
  // @ts-expect-error unknown column of a join
  dimensions: { team: 'sdr.taem' },
})
metric({
  from: 'marts.deals',
  time: 'closed_at',
  value: count(),
  // @ts-expect-error unknown table of a join
  joins: { sdr: { to: 'crm.sdr', on: { sdr_id: 'id' } } },
})
metric({
  from: 'marts.deals',
  time: 'closed_at',
  value: count(),
  // @ts-expect-error unknown column in the condition of a join
  joins: { sdr: { to: 'crm.sdrs', on: { sdr_id: 'key' } } },
})

// @ts-expect-error unknown metric
tile.number(revenu)
// @ts-expect-error a metric is not its name
tile.number('revenue')
// @ts-expect-error unknown dimension of a bar
tile.bar(revenue, { by: 'country' })
// @ts-expect-error a dimension that only one of the metrics has
tile.leaderboard([revenue, winRate], { by: 'team' })
// @ts-expect-error unknown dimension of a table
tile.table([revenue], { by: ['sdr', 'country'] })
// @ts-expect-error unknown dimension in the filter bar
dashboard({ filters: ['country'], rows: [[tile.number(revenue)]] })
// @ts-expect-error unknown range
dashboard({ range: 'last 8 days', rows: [[tile.number(revenue)]] })

// @ts-expect-error unknown table of a check
check('marts.deal', { notNull: 'amount' })
// @ts-expect-error unknown column of a check
check('marts.deals', { notNull: 'amuont' })
// @ts-expect-error unknown column in the expected rows
modelTest({ model: 'marts.deals', given: {}, expect: [{ amuont: '1' }] })
// @ts-expect-error unknown column in the rules of an external table
table('billing.invoices', { columns: { id: text() }, checks: [{ unique: 'key' }] })

defineSource({
  streams: {
    deals: {
      columns: { id: integer().notNull(), amount: decimal(18, 2), name: text() },
      // @ts-expect-error unknown key column
      primaryKey: ['key'],
      async *read() {
        yield [{ id: 1, amount: '1.00', name: null }]
      },
    },
    wrongType: {
      columns: { id: integer().notNull(), amount: decimal(18, 2) },
      // @ts-expect-error a JavaScript number has lost a decimal's digits
      async *read() {
        yield [{ id: 1, amount: 1.5 }]
      },
    },
    missing: {
      columns: { id: integer().notNull(), amount: decimal(18, 2) },
      // @ts-expect-error a column that the row does not name
      async *read() {
        yield [{ id: 1 }]
      },
    },
    nulls: {
      columns: { id: integer().notNull() },
      // @ts-expect-error null in a column that has to have a value
      async *read() {
        yield { rows: [{ id: null }] }
      },
    },
    settings: {
      columns: { id: text() },
      async *read({ settings }) {
        // @ts-expect-error a setting that was not declared
        yield [{ id: settings.token }]
      },
    },
  },
})
