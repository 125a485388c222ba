import { count, currency, dimension, percent, ratio, sum } from '@caudal/authoring'
import { check, metric } from '../caudal-types.ts'

const tickets = {
  from: 'helpdesk.tickets',
  time: 'updated_at',
  joins: { agent: { to: 'marts.agents', on: { agent: 'name' } } },
  dimensions: { agent: 'agent', team: dimension('agent.team', { en: 'Team', es: 'Equipo' }) },
} as const

export const ticketCount = metric({
  ...tickets,
  value: count(),
  label: { en: 'Tickets', es: 'Incidencias' },
  direction: 'down',
})

export const refunds = metric({
  ...tickets,
  value: sum('refund', { where: "subject <> 'test'" }),
  label: { en: 'Refunds', es: 'Devoluciones' },
  description: 'Money given back, by the day the ticket last changed',
  format: currency('EUR'),
  direction: 'down',
})

export const refundRate = metric({
  ...tickets,
  value: ratio(count({ where: 'refund > 0' }), count()),
  label: { en: 'Refund rate', es: 'Tasa de devolución' },
  format: percent({ decimals: 1 }),
  direction: 'down',
})

export const refundsAreMoney = check('helpdesk.tickets', { range: { column: 'refund', min: 0 } })
