import { count, currency, dimension, percent, ratio, sum } from 'caudal'
import { metric } from '../caudal-types.ts'

const closing = {
  from: 'marts.deals',
  time: 'closed_at',
  joins: { salesperson: { to: 'marts.sdrs', on: { sdr_id: 'id' } } },
  dimensions: {
    sdr: dimension('salesperson.sdr', { en: 'SDR', es: 'SDR' }),
    team: dimension('team', { en: 'Team', es: 'Equipo' }),
    country: dimension('country', { en: 'Country', es: 'País' }),
    source: dimension('source', { en: 'Source', es: 'Origen' }),
    industry: dimension('industry', { en: 'Industry', es: 'Sector' }),
    customer: dimension('customer', { en: 'Customer', es: 'Cliente' }),
  },
} as const

export const revenue = metric({
  ...closing,
  value: sum('amount_eur', { where: 'is_won' }),
  label: { en: 'Revenue', es: 'Ingresos' },
  description: 'Deals won, in euros at the rate of the day, by the day on which they were won',
  format: currency('EUR', { decimals: 0 }),
})

export const dealsWon = metric({
  ...closing,
  value: count({ where: 'is_won' }),
  label: { en: 'Deals won', es: 'Ventas cerradas' },
  description: 'Deals won, by the day on which they were won',
})

export const winRate = metric({
  ...closing,
  value: ratio(count({ where: 'is_won' }), count({ where: 'is_closed' })),
  label: { en: 'Win rate', es: 'Tasa de cierre' },
  description: 'Deals won of all that were won or lost, by the day of the decision',
  format: percent({ decimals: 1 }),
})

export const pipelineCreated = metric({
  ...closing,
  time: 'created_at',
  value: sum('amount_eur'),
  label: { en: 'Pipeline created', es: 'Oportunidades creadas' },
  description: 'Present amount of all deals, by the day on which they were created',
  format: currency('EUR', { decimals: 0 }),
})
