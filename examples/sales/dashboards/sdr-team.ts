import { dashboard, tile } from '../caudal-types.ts'
import { leadConversion } from '../metrics/leads.ts'
import {
  emailsSent,
  meetingsHeld,
  quota,
  replies,
  replyRate,
  sdrCloses,
  sdrRevenue,
} from '../metrics/outreach.ts'

export const sdrTeam = dashboard({
  title: { en: 'SDR team', es: 'Equipo SDR' },
  description: {
    en: 'Who writes, who gets answers, who sells',
    es: 'Quién escribe, quién recibe respuesta, quién vende',
  },
  filters: ['team', 'sdr'],
  range: 'last 30 days',
  comparison: 'previous period',
  rows: [
    [tile.number(emailsSent), tile.number(replies), tile.number(replyRate), tile.number(meetingsHeld)],
    [
      tile.leaderboard([sdrRevenue, sdrCloses], {
        by: 'sdr',
        top: 10,
        title: { en: 'Revenue per SDR', es: 'Ingresos por SDR' },
        width: 6,
      }),
      tile.leaderboard([emailsSent, replies, replyRate], {
        by: 'sdr',
        top: 10,
        title: { en: 'E-mails and replies per SDR', es: 'Correos y respuestas por SDR' },
        width: 6,
      }),
    ],
    [
      tile.line(emailsSent, { by: 'team', top: 5, width: 6 }),
      tile.line(replyRate, { grain: 'week', width: 6 }),
    ],
    [
      tile.table(
        [emailsSent, replies, replyRate, meetingsHeld, leadConversion, sdrCloses, sdrRevenue, quota],
        {
          by: ['team', 'sdr'],
          title: { en: 'From e-mail to closed deal', es: 'Del correo al cierre' },
          width: 12,
        },
      ),
    ],
  ],
})
