import { dashboard, tile } from '../caudal-types.ts'
import {
  closes,
  convertedCount,
  emailsSent,
  leadConversion,
  leadCount,
  qualifiedCount,
  replies,
  revenue,
} from '../metrics/sales.ts'

export const sales = dashboard({
  title: { en: 'Sales', es: 'Ventas' },
  filters: ['team', 'sdr', 'source'],
  range: 'last 90 days',
  rows: [
    [tile.number(revenue), tile.number(closes), tile.number(emailsSent), tile.number(leadConversion)],
    [
      tile.line(revenue, { grain: 'week', width: 8 }),
      tile.funnel([leadCount, qualifiedCount, convertedCount], {
        title: { en: 'From lead to deal', es: 'De lead a oportunidad' },
        width: 4,
      }),
    ],
    [
      tile.leaderboard([revenue, closes, emailsSent, replies], {
        by: 'sdr',
        title: { en: 'Who sells', es: 'Quién vende' },
      }),
      tile.bar(leadCount, { by: 'source', title: { en: 'Leads by source', es: 'Leads por origen' } }),
    ],
  ],
})
