import type { DashboardNode, TileNode } from '@caudal/spec'

const title = (en: string, es: string): { readonly en: string; readonly es: string } => ({ en, es })

const numbers: readonly TileNode[] = [
  {
    id: 'revenue',
    kind: 'number',
    title: title('Revenue', 'Ingresos'),
    description: title(
      'Amount of the deals won, by the day on which the lead came in.',
      'Importe de los negocios ganados, por el día en que entró el prospecto.',
    ),
    width: 3,
    metric: 'revenue',
  },
  { id: 'won', kind: 'number', title: title('Deals won', 'Negocios ganados'), width: 3, metric: 'won' },
  {
    id: 'conversion',
    kind: 'number',
    title: title('Lead conversion', 'Conversión'),
    width: 3,
    metric: 'conversion',
  },
  {
    id: 'reply_time',
    kind: 'number',
    title: title('Time to first reply', 'Tiempo hasta la primera respuesta'),
    width: 3,
    metric: 'reply_time',
  },
]

/** A full dashboard. */
const sales: DashboardNode = {
  name: 'sales',
  title: title('Sales', 'Ventas'),
  description: title(
    'What the teams won, from which channels, and how leads move through the funnel.',
    'Lo que ganaron los equipos, por qué canales, y cómo avanzan los prospectos por el embudo.',
  ),
  filters: ['team', 'sdr', 'channel'],
  range: 'last 90 days',
  comparison: 'previous period',
  rows: [
    numbers,
    [
      {
        id: 'revenue_line',
        kind: 'line',
        title: title('Revenue over time', 'Ingresos en el tiempo'),
        width: 8,
        metrics: ['revenue'],
      },
      {
        id: 'funnel',
        kind: 'funnel',
        title: title('From lead to deal', 'De prospecto a negocio'),
        width: 4,
        steps: ['leads', 'answered', 'met', 'won'],
      },
    ],
    [
      {
        id: 'teams',
        kind: 'line',
        title: title('Leads by team', 'Prospectos por equipo'),
        width: 6,
        metrics: ['leads'],
        by: 'team',
      },
      { id: 'weekly', kind: 'bar', title: title('Meetings', 'Reuniones'), width: 6, metric: 'met' },
    ],
    [
      {
        id: 'board',
        kind: 'leaderboard',
        title: title('Top SDRs', 'Mejores SDR'),
        width: 7,
        metrics: ['revenue', 'won', 'conversion'],
        by: 'sdr',
        top: 8,
      },
      {
        id: 'channels',
        kind: 'bar',
        title: title('Revenue by channel', 'Ingresos por canal'),
        width: 5,
        metric: 'revenue',
        by: 'channel',
        top: 6,
      },
    ],
    [
      {
        id: 'detail',
        kind: 'table',
        title: title('Team and channel', 'Equipo y canal'),
        width: 12,
        metrics: ['leads', 'answered', 'met', 'won', 'revenue'],
        by: ['team', 'channel'],
        top: 12,
      },
    ],
  ],
  place: 'dashboards/sales.ts:4',
}

/** What can go wrong, and what looks odd. */
const odd: DashboardNode = {
  name: 'odd',
  title: title('Odd cases', 'Casos raros'),
  filters: ['team'],
  range: 'last 30 days',
  comparison: 'previous period',
  rows: [
    [
      {
        id: 'huge',
        kind: 'number',
        title: title('Volume with every digit', 'Volumen con todas sus cifras'),
        width: 4,
        metric: 'volume',
      },
      {
        id: 'nothing',
        kind: 'number',
        title: title('A ratio over nothing', 'Una razón sobre nada'),
        width: 4,
        metric: 'nothing',
      },
      { id: 'broken', kind: 'number', title: title('Broken', 'Rota'), width: 4, metric: 'revenue' },
    ],
    [
      {
        id: 'empty',
        kind: 'line',
        title: title('Nothing to draw', 'Nada que dibujar'),
        width: 6,
        metrics: ['nothing'],
      },
      { id: 'slow', kind: 'bar', title: title('Slow', 'Lenta'), width: 6, metric: 'leads', by: 'team' },
    ],
  ],
  place: 'dashboards/odd.ts:1',
}

/** The dashboards of the pretend project. */
export const dashboards: readonly DashboardNode[] = [
  sales,
  odd,
  {
    name: 'blank',
    title: title('Nothing yet', 'Todavía nada'),
    filters: [],
    range: 'this month',
    comparison: 'none',
    rows: [],
    place: 'dashboards/blank.ts:1',
  },
]
