import {
  toDashboardNode,
  toMetricNode,
  type DashboardDeclaration,
  type DashboardNode,
  type ErrorReport,
  type MetricDeclaration,
  type MetricNode,
} from '@caudal/spec'

interface FoundMetric {
  readonly name: string
  readonly declaration: MetricDeclaration
  readonly exported: MetricDeclaration
}

/** Metrics by name. */
export function nameMetrics(found: readonly FoundMetric[]): Map<string, MetricNode> {
  return new Map(found.map(({ name, declaration }) => [name, toMetricNode(declaration, name)]))
}

/** Dashboards with their metrics by name; a tile over a metric that no module exports is a problem. */
export function nameDashboards(
  found: readonly { readonly name: string; readonly declaration: DashboardDeclaration }[],
  metrics: readonly FoundMetric[],
  problems: ErrorReport[],
): DashboardNode[] {
  const names = new Map(metrics.map(({ exported, name }) => [exported, name]))
  return found.map(({ name, declaration }) =>
    toDashboardNode(declaration, name, (metric) => {
      const known = names.get(metric)
      if (known === undefined) problems.push(unexportedMetric(declaration, name, metric))
      return known
    }),
  )
}

function unexportedMetric(
  dashboard: DashboardDeclaration,
  name: string,
  metric: MetricDeclaration,
): ErrorReport {
  return {
    code: 'CAUDAL_DASHBOARD_METRIC',
    message: `${dashboard.place}: a tile of dashboard \`${name}\` shows a metric over ${metric.from} that no file in metrics/ exports.`,
    hint: 'Export it: export const … = metric({ … }) in a file of metrics/.',
    retryable: false,
    context: { dashboard: name },
  }
}
