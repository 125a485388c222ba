import type { GraphAnswer, GraphNode } from '@caudal/spec'
import { checkFailure } from './runs.ts'

/** The graph of the pretend project; `models` more models make it large. */
export function createGraph(now: number, more: number): GraphAnswer {
  const ago = (minutes: number): string => new Date(now - minutes * 60_000).toISOString()
  const node = (
    id: string,
    kind: GraphNode['kind'],
    label: string,
    facts: Partial<GraphNode> = {},
  ): GraphNode => ({ id, kind, label, health: 'ok', failingChecks: [], ...facts })
  const nodes: GraphNode[] = [
    node('source:crm', 'source', 'crm', { freshAt: ago(3), description: 'The CRM, read every 15 minutes.' }),
    node('source:mail', 'source', 'mail', { health: 'failing', freshAt: ago(190), error: refused() }),
    node('source:product', 'source', 'product', { health: 'running', freshAt: ago(20) }),
    node('crm.contacts', 'table', 'crm.contacts', { freshAt: ago(3), rows: 18_204 }),
    node('crm.deals', 'table', 'crm.deals', { freshAt: ago(3), rows: 4211 }),
    node('crm.stage_changes', 'table', 'crm.stage_changes', { freshAt: ago(3), rows: 19_870 }),
    node('mail.messages', 'table', 'mail.messages', { health: 'late', freshAt: ago(190), rows: 240_118 }),
    node('product.events', 'table', 'product.events', {
      health: 'running',
      freshAt: ago(20),
      rows: 1_204_550,
    }),
    node('staging.leads', 'model', 'staging.leads', { freshAt: ago(3), rows: 18_204 }),
    node('staging.mail', 'model', 'staging.mail', { health: 'late', freshAt: ago(190), rows: 240_118 }),
    node('marts.leads', 'model', 'marts.leads', {
      freshAt: ago(3),
      rows: 18_190,
      description: 'One row per lead with its SDR, team, channel and outcome.',
    }),
    node('marts.sdr_revenue', 'model', 'marts.sdr_revenue', {
      health: 'failing',
      freshAt: ago(1500),
      rows: 3911,
      failingChecks: [checkFailure('error'), checkFailure('warn')],
    }),
    node('marts.usage', 'model', 'marts.usage', { health: 'never ran' }),
    ...['revenue', 'won', 'leads', 'conversion', 'reply_time'].map((name) =>
      node(`metric:${name}`, 'metric', name),
    ),
    node('dashboard:sales', 'dashboard', 'Sales'),
    node('dashboard:odd', 'dashboard', 'Odd cases'),
    ...Array.from({ length: more }, (_, index) =>
      node(`more.model_${index}`, 'model', `more.model_${index}`, { freshAt: ago(index) }),
    ),
  ]
  const edges = [
    ['source:crm', 'crm.contacts'],
    ['source:crm', 'crm.deals'],
    ['source:crm', 'crm.stage_changes'],
    ['source:mail', 'mail.messages'],
    ['source:product', 'product.events'],
    ['crm.contacts', 'staging.leads'],
    ['crm.deals', 'staging.leads'],
    ['mail.messages', 'staging.mail'],
    ['staging.leads', 'marts.leads'],
    ['crm.stage_changes', 'marts.leads'],
    ['staging.mail', 'marts.leads'],
    ['crm.deals', 'marts.sdr_revenue'],
    ['staging.leads', 'marts.sdr_revenue'],
    ['product.events', 'marts.usage'],
    ['marts.sdr_revenue', 'metric:revenue'],
    ['marts.leads', 'metric:won'],
    ['marts.leads', 'metric:leads'],
    ['marts.leads', 'metric:conversion'],
    ['marts.leads', 'metric:reply_time'],
    ['metric:revenue', 'dashboard:sales'],
    ['metric:won', 'dashboard:sales'],
    ['metric:leads', 'dashboard:sales'],
    ['metric:conversion', 'dashboard:sales'],
    ['metric:reply_time', 'dashboard:sales'],
    ['metric:leads', 'dashboard:odd'],
    ...Array.from({ length: more }, (_, index) => ['staging.leads', `more.model_${index}`] as const),
  ].map(([from = '', to = '']) => ({ from, to }))
  return { nodes, edges }
}

function refused(): NonNullable<GraphNode['error']> {
  return {
    code: 'CAUDAL_HTTP_UNAUTHORIZED',
    message:
      'The mail server answered 401 to `GET /messages`: the token was revoked. 0 of 1,204 messages were read; the table is as it was.',
    hint: 'Set a new MAIL_TOKEN and run `caudal source check mail`.',
    retryable: false,
    context: { where: 'mail.messages', status: 401, source: 'mail' },
  }
}
