import { dashboard, tile } from 'caudal'
import { conversion, leads, met, revenue, won } from '../metrics/sales.ts'

export const sales = dashboard({
  title: { en: 'Sales', es: 'Ventas' },
  description: { en: 'How leads become revenue.', es: 'Cómo los prospectos se vuelven ingresos.' },
  filters: ['team', 'channel'],
  range: 'last 90 days',
  rows: [
    [
      tile.number(revenue, { id: 'revenue' }),
      tile.number(won, { id: 'won' }),
      tile.number(leads, { id: 'leads' }),
      tile.number(conversion, { id: 'conversion' }),
    ],
    [
      tile.line(revenue, {
        id: 'revenue-line',
        title: { en: 'Revenue over time', es: 'Ingresos en el tiempo' },
        width: 8,
      }),
      tile.funnel([leads, met, won], {
        id: 'funnel',
        title: { en: 'From lead to deal', es: 'De prospecto a negocio' },
        width: 4,
      }),
    ],
    [
      tile.leaderboard([revenue, won], {
        id: 'sdrs',
        title: { en: 'Top SDRs', es: 'Mejores SDR' },
        by: 'sdr',
        top: 3,
        width: 6,
      }),
      tile.bar(leads, {
        id: 'channels',
        title: { en: 'Leads by channel', es: 'Prospectos por canal' },
        by: 'channel',
        width: 6,
      }),
    ],
    [tile.table([leads, revenue], { id: 'teams', title: { en: 'Teams', es: 'Equipos' }, by: ['team'] })],
  ],
})
