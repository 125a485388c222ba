import { dashboard, tile } from 'caudal'
import { cycle, revenue, winRate, won } from '../metrics/sales.ts'

export const sales = dashboard({
  title: { en: 'Opportunities', es: 'Oportunidades' },
  filters: ['region', 'manager', 'agent', 'product', 'sector'],
  range: { from: '2017-01-01', to: '2017-12-31' },
  comparison: 'none',
  rows: [
    [tile.number(revenue), tile.number(won), tile.number(winRate), tile.number(cycle)],
    [
      tile.bar(won, {
        grain: 'quarter',
        width: 4,
        title: { en: 'Won by quarter', es: 'Ganadas por trimestre' },
      }),
      tile.line(revenue, { grain: 'month', width: 8 }),
    ],
    [
      tile.leaderboard([revenue, won, winRate], { by: 'agent', top: 30, width: 6 }),
      tile.table([revenue, won, winRate], { by: ['region', 'product'], width: 6 }),
    ],
  ],
})
