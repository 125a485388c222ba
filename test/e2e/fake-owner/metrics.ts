import type { DimensionNode, Label, MetricNode, ValueFormat } from '@caudal/spec'
import type { Lead } from './leads.ts'

/** A metric with the way to compute it over leads. */
export interface FakeMetric {
  readonly node: MetricNode
  compute(leads: readonly Lead[]): string | null
}

/** By what leads are split. */
export const dimensions: readonly DimensionNode[] = [
  { name: 'team', label: { en: 'Team', es: 'Equipo' }, column: 'team' },
  { name: 'sdr', label: { en: 'SDR', es: 'SDR' }, column: 'sdr' },
  { name: 'channel', label: { en: 'Channel', es: 'Canal' }, column: 'channel' },
]

function metric(
  name: string,
  label: Label,
  format: ValueFormat,
  compute: (leads: readonly Lead[]) => string | null,
  direction: 'up' | 'down' | 'none' = 'up',
): FakeMetric {
  const node: MetricNode = {
    name,
    label,
    description: label.en,
    from: 'marts.leads',
    time: 'day',
    value: { kind: 'aggregate', function: 'count' },
    joins: [],
    dimensions,
    format,
    direction,
    version: 1,
    place: 'metrics/sales.ts:1',
  }
  return { node, compute }
}

const count = (leads: readonly Lead[], is: (lead: Lead) => boolean): string => String(leads.filter(is).length)
const euros = (cents: number): string => `${Math.trunc(cents / 100)}.${String(cents % 100).padStart(2, '0')}`
const number: ValueFormat = { kind: 'number' }

/** The metrics by name. */
export const metrics: ReadonlyMap<string, FakeMetric> = new Map(
  [
    metric('revenue', { en: 'Revenue', es: 'Ingresos' }, { kind: 'currency', currency: 'EUR' }, (leads) =>
      euros(leads.reduce((sum, lead) => sum + lead.cents, 0)),
    ),
    metric('won', { en: 'Deals won', es: 'Negocios ganados' }, number, (leads) =>
      count(leads, (lead) => lead.isWon),
    ),
    metric('leads', { en: 'Leads', es: 'Prospectos' }, number, (leads) => String(leads.length)),
    metric('answered', { en: 'Replies', es: 'Respuestas' }, number, (leads) =>
      count(leads, (lead) => lead.isAnswered),
    ),
    metric('met', { en: 'Meetings', es: 'Reuniones' }, number, (leads) => count(leads, (lead) => lead.isMet)),
    metric('conversion', { en: 'Conversion', es: 'Conversión' }, { kind: 'percent', decimals: 1 }, (leads) =>
      leads.length === 0 ? null : (leads.filter((lead) => lead.isWon).length / leads.length).toFixed(12),
    ),
    metric(
      'reply_time',
      { en: 'Time to first reply', es: 'Tiempo hasta la primera respuesta' },
      { kind: 'duration' },
      (leads) =>
        leads.length === 0
          ? null
          : (leads.reduce((sum, lead) => sum + lead.secondsToReply, 0) / leads.length).toFixed(6),
      'down',
    ),
    metric(
      'volume',
      { en: 'Volume', es: 'Volumen' },
      { kind: 'currency', currency: 'USD', decimals: 2 },
      () => '12345678901234567890.12',
    ),
    metric('nothing', { en: 'Nothing', es: 'Nada' }, { kind: 'percent' }, () => null),
  ].map((made) => [made.node.name, made]),
)

/** The metric of that name. */
export function metricNamed(name: string): FakeMetric {
  const found = metrics.get(name)
  if (found === undefined) throw new Error(`Invariant broken: the fake has a metric ${name}`)
  return found
}
