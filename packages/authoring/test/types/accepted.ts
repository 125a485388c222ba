import {
  average,
  boolean,
  columns,
  count,
  countDistinct,
  currency,
  dashboard as looseDashboard,
  decimal,
  defineSource,
  dimension,
  env,
  integer,
  json,
  metric as looseMetric,
  percent,
  ratio,
  sum,
  table,
  text,
  tile as looseTile,
  timestamptz,
} from '@caudal/authoring'
import { check, dashboard, metric, modelTest, tile } from './caudal-types.ts'

export const revenue = metric({
  from: 'marts.deals',
  time: 'closed_at',
  value: sum('amount', { where: 'is_won' }),
  label: { en: 'Revenue', es: 'Ingresos' },
  format: currency('EUR'),
  direction: 'up',
  joins: { sdr: { to: 'crm.sdrs', on: { sdr_id: 'id' } } },
  dimensions: { sdr: 'sdr_name', team: dimension('sdr.team', { en: 'Team', es: 'Equipo' }) },
})
export const winRate = metric({
  from: 'marts.deals',
  time: 'closed_on',
  value: ratio(count({ where: 'is_won' }), count()),
  format: percent(),
  dimensions: { sdr: 'sdr_name' },
})
export const price = metric({
  from: 'marts.deals',
  time: 'closed_at',
  value: ratio(sum('amount'), sum('seats')),
})
export const buyers = metric({ from: 'marts.deals', time: 'closed_at', value: countDistinct('sdr_id') })
export const score = metric({ from: 'marts.deals', time: 'closed_at', value: average('score') })

export const sales = dashboard({
  title: 'Sales',
  filters: ['sdr', 'team'],
  rows: [
    [tile.number(revenue), tile.number(buyers)],
    [
      tile.line([revenue, winRate]),
      tile.line(revenue, { by: 'team', top: 3 }),
      tile.bar(winRate, { by: 'sdr' }),
    ],
    [tile.leaderboard([revenue, winRate], { by: 'sdr' }), tile.table([revenue], { by: ['team', 'sdr'] })],
    [tile.funnel([buyers, revenue], { title: { en: 'Funnel', es: 'Embudo' } })],
  ],
})

export const amounts = check('marts.deals', { notNull: 'amount', severity: 'warn' })
export const given = modelTest({
  model: 'marts.deals',
  given: { 'crm.sdrs': [{ id: '1', name: 'Ana' }] },
  expect: [{ amount: '10.00' }],
})

export const tickets = defineSource({
  settings: { token: env('HELPDESK_TOKEN'), url: 'https://desk.example' },
  schedule: 'every hour',
  streams: {
    tickets: {
      columns: {
        id: integer().notNull(),
        subject: text(),
        refund: decimal(18, 2),
        isOpen: boolean().notNull(),
        updatedAt: timestamptz().notNull(),
        tags: json(),
      },
      primaryKey: ['id'],
      cursor: 'updatedAt',
      async *read({ position, signal, settings }) {
        const token: string = settings.token
        signal.throwIfAborted()
        const row = {
          id: 1,
          subject: null,
          refund: '1.50',
          isOpen: true,
          updatedAt: new Date(),
          tags: [token],
        }
        yield [row]
        yield { rows: [{ ...row, id: 2n }], position: position ?? 'start' }
      },
    },
    agents: {
      columns: { name: text().notNull() },
      async *read() {
        yield [{ name: 'Ana' }]
      },
    },
  },
})

export const invoices = table('billing.invoices', {
  columns: { id: text().notNull(), amount: decimal(18, 2), loaded_at: timestamptz() },
  freshness: { column: 'loaded_at', maxMinutes: 60 },
  checks: [{ unique: 'id' }, { range: { column: 'amount', min: 0 } }],
})
export const declared = columns({ id: text().notNull() })

export const untyped = looseMetric({
  from: 'any.table',
  time: 'at',
  value: sum('amount'),
  joins: { owner: { to: 'any.people', on: { owner_id: 'id' } } },
  dimensions: { owner: 'owner.name' },
})
export const untypedBoard = looseDashboard({
  filters: ['owner'],
  rows: [[looseTile.bar(untyped, { by: 'owner' })]],
})
