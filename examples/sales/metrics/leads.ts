import { count, dimension, percent, ratio } from 'caudal'
import { metric } from '../caudal-types.ts'

/** Cohorts: everything counts on the day the lead came, so that each step is a part of the one before. */
const leads = {
  from: 'marts.leads',
  time: 'created_at',
  joins: { salesperson: { to: 'marts.sdrs', on: { sdr_id: 'id' } } },
  dimensions: {
    sdr: dimension('salesperson.sdr', { en: 'SDR', es: 'SDR' }),
    team: dimension('team', { en: 'Team', es: 'Equipo' }),
    country: dimension('country', { en: 'Country', es: 'País' }),
    source: dimension('source', { en: 'Source', es: 'Origen' }),
  },
} as const

export const leadCount = metric({
  ...leads,
  value: count(),
  label: { en: 'Leads', es: 'Leads' },
  description: 'Leads, by the day on which they came',
})

export const mqlCount = metric({
  ...leads,
  value: count({ where: 'is_mql' }),
  label: { en: 'Qualified by marketing', es: 'Calificados por marketing' },
  description: 'Leads of the range that marketing has qualified by now',
})

export const sqlCount = metric({
  ...leads,
  value: count({ where: 'is_sql' }),
  label: { en: 'Qualified by sales', es: 'Calificados por ventas' },
  description: 'Leads of the range that sales has qualified by now',
})

export const convertedCount = metric({
  ...leads,
  value: count({ where: 'is_converted' }),
  label: { en: 'Became a deal', es: 'Convertidos en oportunidad' },
  description: 'Leads of the range that have become a deal by now',
})

export const wonCount = metric({
  ...leads,
  value: count({ where: 'is_won' }),
  label: { en: 'Won', es: 'Ganados' },
  description: 'Leads of the range whose deal has been won by now',
})

export const leadConversion = metric({
  ...leads,
  value: ratio(count({ where: 'is_converted' }), count()),
  label: { en: 'Lead conversion', es: 'Conversión de leads' },
  description: 'Leads that have become a deal by now, of all that came in the range; young ranges still grow',
  format: percent({ decimals: 1 }),
})
