import { count, countDistinct, currency, dimension, percent, ratio, sum } from 'caudal'
import { metric } from '../caudal-types.ts'

const person = {
  joins: { salesperson: { to: 'marts.sdrs', on: { sdr_id: 'id' } } },
  dimensions: {
    sdr: dimension('salesperson.sdr', { en: 'SDR', es: 'SDR' }),
    team: dimension('team', { en: 'Team', es: 'Equipo' }),
  },
} as const

export const emailsSent = metric({
  ...person,
  from: 'marts.emails',
  time: 'sent_at',
  value: count(),
  label: { en: 'E-mails sent', es: 'Correos enviados' },
  description: 'Messages that SDRs sent',
})

export const replies = metric({
  ...person,
  from: 'marts.emails',
  time: 'sent_at',
  value: count({ where: 'is_answered' }),
  label: { en: 'Replies', es: 'Respuestas' },
  description: 'Messages that a person answered, by the day on which they were sent',
})

export const replyRate = metric({
  ...person,
  from: 'marts.emails',
  time: 'sent_at',
  value: ratio(count({ where: 'is_answered' }), count({ where: 'is_delivered' })),
  label: { en: 'Reply rate', es: 'Tasa de respuesta' },
  description: 'Messages answered of those delivered',
  format: percent({ decimals: 1 }),
})

export const meetingsHeld = metric({
  ...person,
  from: 'marts.meetings',
  time: 'starts_at',
  value: count({ where: 'is_held' }),
  label: { en: 'Meetings held', es: 'Reuniones celebradas' },
  description: 'Meetings that took place, by the day on which they began',
})

/** What `ventas_sdr` holds: one row per deal that an SDR sourced and that was won. */
const sold = {
  from: 'marts.ventas_sdr',
  time: 'fecha',
  joins: {
    salesperson: { to: 'marts.sdrs', on: { id_sdr: 'id' } },
    deal: { to: 'marts.deals', on: { id: 'deal_id' } },
  },
  dimensions: {
    sdr: dimension('salesperson.sdr', { en: 'SDR', es: 'SDR' }),
    team: dimension('deal.team', { en: 'Team', es: 'Equipo' }),
    source: dimension('deal.source', { en: 'Source', es: 'Origen' }),
    country: dimension('deal.country', { en: 'Country', es: 'País' }),
  },
} as const

export const sdrRevenue = metric({
  ...sold,
  value: sum('monto'),
  label: { en: 'Revenue', es: 'Ingresos' },
  description: 'Deals won that the SDR sourced, in euros, by the day on which they were won',
  format: currency('EUR', { decimals: 0 }),
})

export const sdrCloses = metric({
  ...sold,
  value: count(),
  label: { en: 'Closes', es: 'Cierres' },
  description: 'Deals won that the SDR sourced, by the day on which they were won',
})

export const quota = metric({
  ...person,
  from: 'marts.quotas',
  time: 'month',
  value: sum('quota_eur'),
  label: { en: 'Quota', es: 'Objetivo' },
  description: 'What should be sold, whole months by their first day',
  format: currency('EUR', { decimals: 0 }),
  direction: 'none',
})

export const activeAccounts = metric({
  from: 'marts.product_usage',
  time: 'day',
  value: countDistinct('account_id'),
  label: { en: 'Active accounts', es: 'Cuentas activas' },
  description: 'Accounts that used the product',
})
