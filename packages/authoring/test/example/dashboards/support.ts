import { dashboard, tile } from '../caudal-types.ts'
import { refundRate, refunds, ticketCount } from '../metrics/support.ts'

export const support = dashboard({
  title: { en: 'Support', es: 'Soporte' },
  filters: ['team', 'agent'],
  range: 'this month',
  comparison: 'previous period',
  rows: [
    [tile.number(ticketCount), tile.number(refunds), tile.number(refundRate)],
    [tile.line(refunds, { by: 'team', top: 3, width: 8 }), tile.bar(ticketCount, { by: 'agent', width: 4 })],
    [tile.leaderboard([ticketCount, refundRate], { by: 'agent' })],
  ],
})
