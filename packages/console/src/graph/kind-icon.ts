import type { GraphNode } from '@caudal/spec'
import type { IconName } from '../ui/icon.tsx'

/** The icon of each kind of node. */
export const kindIcon: Readonly<Record<GraphNode['kind'], IconName>> = {
  source: 'source',
  pipeline: 'pipeline',
  table: 'table',
  model: 'model',
  metric: 'metric',
  dashboard: 'dashboards',
}
