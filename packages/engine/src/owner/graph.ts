import type { GraphAnswer, GraphNode, Manifest, RunSummary, Warehouse } from '@caudal/spec'
import { formatTableName } from '@caudal/spec'
import { commitTimes } from './status.ts'

/** The graph of sources → tables → models → metrics → dashboards with freshness. */
export async function graphOf(
  manifest: Manifest,
  warehouse: Warehouse,
  runs: readonly RunSummary[],
): Promise<GraphAnswer> {
  const [versions, times, relations] = await Promise.all([
    warehouse.state.versions(),
    commitTimes(warehouse),
    warehouse.introspect(),
  ])
  const rowsOf = new Map(relations.map((relation) => [formatTableName(relation.table), relation.rows]))
  const isRunning = runs.some((run) => run.state === 'running')
  const dataNode = (id: string, kind: 'table' | 'model', description?: string): GraphNode => {
    const freshAt = versions[id] === undefined ? undefined : times.get(versions[id])
    const rows = rowsOf.get(id)
    return {
      id,
      kind,
      label: id,
      ...(description === undefined ? {} : { description }),
      health: rowsOf.has(id) ? 'ok' : isRunning ? 'running' : 'never ran',
      ...(freshAt === undefined ? {} : { freshAt }),
      ...(rows === undefined ? {} : { rows }),
      failingChecks: [],
    }
  }
  const nodes: GraphNode[] = [
    ...manifest.sources.map((source) => plainNode(`source:${source.name}`, 'source', source.name)),
    ...manifest.sources.flatMap((source) =>
      source.streams.map((stream) => dataNode(stream.table, 'table', stream.description)),
    ),
    ...manifest.tables.map((table) => dataNode(table.name, 'table', table.description)),
    ...manifest.models.map((model) => dataNode(model.name, 'model', model.description)),
    ...manifest.metrics.map((metric) => plainNode(`metric:${metric.name}`, 'metric', metric.label.en)),
    ...manifest.dashboards.map((dashboard) =>
      plainNode(`dashboard:${dashboard.name}`, 'dashboard', dashboard.title.en),
    ),
  ]
  return { nodes, edges: edgesOf(manifest) }
}

function plainNode(id: string, kind: GraphNode['kind'], label: string): GraphNode {
  return { id, kind, label, health: 'ok', failingChecks: [] }
}

function edgesOf(manifest: Manifest): { from: string; to: string }[] {
  const edges = [
    ...manifest.sources.flatMap((source) =>
      source.streams.map((stream) => ({ from: `source:${source.name}`, to: stream.table })),
    ),
    ...manifest.models.flatMap((model) => model.references.map((from) => ({ from, to: model.name }))),
    ...manifest.metrics.flatMap((metric) =>
      [metric.from, ...metric.joins.map((join) => join.to)].map((from) => ({
        from,
        to: `metric:${metric.name}`,
      })),
    ),
    ...manifest.dashboards.flatMap((dashboard) => {
      const metrics = dashboard.rows
        .flat()
        .flatMap((tile) => ('steps' in tile ? tile.steps : 'metrics' in tile ? tile.metrics : [tile.metric]))
      return [...new Set(metrics)].map((metric) => ({
        from: `metric:${metric}`,
        to: `dashboard:${dashboard.name}`,
      }))
    }),
  ]
  return [...new Map(edges.map((edge) => [`${edge.from} ${edge.to}`, edge])).values()]
}
