import { average, count, currency, dimension, metric, number, percent, ratio, sum } from 'caudal'

const decided = {
  from: 'marts.opportunities',
  time: 'close_date',
  joins: { person: { to: 'marts.agents', on: { agent: 'agent' } } },
  dimensions: {
    agent: dimension('agent', { en: 'Agent', es: 'Agente' }),
    manager: dimension('person.manager', { en: 'Manager', es: 'Responsable' }),
    region: dimension('person.region', { en: 'Region', es: 'Región' }),
    product: dimension('product', { en: 'Product', es: 'Producto' }),
    sector: dimension('sector', { en: 'Sector', es: 'Sector' }),
  },
} as const

export const revenue = metric({
  ...decided,
  value: sum('close_value', { where: "stage = 'Won'" }),
  label: { en: 'Revenue', es: 'Ingresos' },
  description: 'Won, by the day of closing',
  format: currency('USD', { decimals: 0 }),
})

export const won = metric({
  ...decided,
  value: count({ where: "stage = 'Won'" }),
  label: { en: 'Won', es: 'Ganadas' },
  description: 'Opportunities won, by the day of closing',
})

export const winRate = metric({
  ...decided,
  value: ratio(count({ where: "stage = 'Won'" }), count({ where: "stage in ('Won', 'Lost')" })),
  label: { en: 'Win rate', es: 'Tasa de cierre' },
  description: 'Won of what was decided',
  format: percent({ decimals: 2 }),
})

export const cycle = metric({
  ...decided,
  value: average('cycle_days', { where: "stage = 'Won'" }),
  label: { en: 'Sales cycle', es: 'Ciclo de venta' },
  description: 'Mean days from the first contact until it was won',
  format: number({ decimals: 1, unit: 'days' }),
  direction: 'down',
})
