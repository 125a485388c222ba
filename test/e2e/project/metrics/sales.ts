import { count, currency, metric, percent, ratio, sum } from 'caudal'

const dimensions = { team: 'team', sdr: 'sdr', channel: 'channel' } as const
const leadsOf = { from: 'marts.leads', time: 'entered_on', dimensions } as const

export const leads = metric({
  ...leadsOf,
  label: { en: 'Leads', es: 'Prospectos' },
  value: count(),
})

export const met = metric({
  ...leadsOf,
  label: { en: 'Meetings', es: 'Reuniones' },
  value: count({ where: 'is_met' }),
})

export const won = metric({
  ...leadsOf,
  label: { en: 'Deals won', es: 'Negocios ganados' },
  value: count({ where: 'is_won' }),
})

export const revenue = metric({
  ...leadsOf,
  label: { en: 'Revenue', es: 'Ingresos' },
  description: 'Amount of the deals won.',
  value: sum('amount', { where: 'is_won' }),
  format: currency('EUR'),
})

export const conversion = metric({
  ...leadsOf,
  label: { en: 'Conversion', es: 'Conversión' },
  value: ratio(count({ where: 'is_won' }), count()),
  format: percent({ decimals: 1 }),
})
