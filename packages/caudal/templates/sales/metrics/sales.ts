import { count, currency, dimension, percent, ratio, sum } from 'caudal'
import { metric } from '../caudal-types.ts'

/** Dimensions of one name in several metrics are one filter of a dashboard. */
const people = {
  sdr: dimension('person.name', { en: 'SDR', es: 'SDR' }),
  team: dimension('person.team', { en: 'Team', es: 'Equipo' }),
} as const

const sold = {
  from: 'marts.ventas_sdr',
  time: 'fecha',
  joins: { person: { to: 'crm.sdrs', on: { id_sdr: 'id' } } },
  dimensions: people,
} as const

export const revenue = metric({
  ...sold,
  value: sum('monto'),
  label: { en: 'Revenue', es: 'Ingresos' },
  description: 'Deals won, by the day on which they were won',
  format: currency('EUR', { decimals: 0 }),
})

export const closes = metric({
  ...sold,
  value: count(),
  label: { en: 'Closes', es: 'Cierres' },
  description: 'Deals won, by the day on which they were won',
})

const emails = {
  from: 'crm.emails',
  time: 'sent_at',
  joins: { person: { to: 'crm.sdrs', on: { sdr_id: 'id' } } },
  dimensions: people,
} as const

export const emailsSent = metric({
  ...emails,
  value: count(),
  label: { en: 'E-mails sent', es: 'Correos enviados' },
  description: 'Messages that SDRs sent',
})

export const replies = metric({
  ...emails,
  value: count({ where: 'answered_at is not null' }),
  label: { en: 'Replies', es: 'Respuestas' },
  description: 'Messages that were answered, by the day on which they were sent',
})

const leads = {
  from: 'marts.leads',
  time: 'created_at',
  joins: { person: { to: 'crm.sdrs', on: { sdr_id: 'id' } } },
  dimensions: { ...people, source: dimension('source', { en: 'Source', es: 'Origen' }) },
} as const

export const leadCount = metric({
  ...leads,
  value: count(),
  label: { en: 'Leads', es: 'Leads' },
  description: 'Leads, by the day on which they came',
})

export const qualifiedCount = metric({
  ...leads,
  value: count({ where: 'is_qualified' }),
  label: { en: 'Qualified', es: 'Calificados' },
  description: 'Leads of the range that sales has qualified by now',
})

export const convertedCount = metric({
  ...leads,
  value: count({ where: 'is_converted' }),
  label: { en: 'Became a deal', es: 'Convertidos' },
  description: 'Leads of the range that have become a deal by now',
})

export const leadConversion = metric({
  ...leads,
  value: ratio(count({ where: 'is_converted' }), count()),
  label: { en: 'Lead conversion', es: 'Conversión de leads' },
  description: 'Leads that have become a deal by now, of all that came in the range',
  format: percent({ decimals: 1 }),
})
