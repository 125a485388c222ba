import { dashboard, tile } from '../caudal-types.ts'
import { convertedCount, leadConversion, leadCount, mqlCount, sqlCount, wonCount } from '../metrics/leads.ts'
import { activeAccounts, sdrRevenue } from '../metrics/outreach.ts'
import { dealsWon, pipelineCreated, revenue, winRate } from '../metrics/pipeline.ts'

export const sales = dashboard({
  title: { en: 'Sales', es: 'Ventas' },
  description: { en: 'From the first lead to revenue', es: 'Del primer lead a los ingresos' },
  filters: ['team', 'sdr', 'source', 'country'],
  range: 'last 90 days',
  comparison: 'previous period',
  rows: [
    [tile.number(revenue), tile.number(dealsWon), tile.number(winRate), tile.number(leadConversion)],
    [
      tile.line(revenue, {
        grain: 'week',
        title: { en: 'Revenue over time', es: 'Ingresos en el tiempo' },
        width: 8,
      }),
      tile.funnel([leadCount, mqlCount, sqlCount, convertedCount, wonCount], {
        title: { en: 'From lead to customer', es: 'De lead a cliente' },
        width: 4,
      }),
    ],
    [
      tile.bar(sdrRevenue, {
        by: 'sdr',
        top: 10,
        title: { en: 'Revenue per SDR', es: 'Ingresos por SDR' },
        width: 6,
      }),
      tile.bar(leadCount, {
        by: 'source',
        title: { en: 'Leads by source', es: 'Leads por origen' },
        width: 6,
      }),
    ],
    [
      tile.line(pipelineCreated, { grain: 'week', by: 'team', top: 4, width: 8 }),
      tile.line(activeAccounts, { width: 4 }),
    ],
    [
      tile.table([revenue, dealsWon, winRate], {
        by: ['country', 'industry'],
        title: { en: 'Where we win', es: 'Dónde ganamos' },
        width: 12,
      }),
    ],
  ],
})
