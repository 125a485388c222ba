import {
  rawTables,
  type GraphAnswer,
  type GraphNode,
  type Label,
  type Manifest,
  type NodeHealth,
  type PipelineNode,
  type StageRecord,
  type Warehouse,
} from '@caudal/spec'
import { countRows } from './count-rows.ts'
import { healthOf } from './health.ts'
import { commitTimes } from './status.ts'
import type { PipelineState } from './streams.ts'

/** The graph of sources → tables → models → metrics → dashboards with freshness, and what is wrong with each. */
export async function graphOf(
  manifest: Manifest,
  warehouse: Warehouse,
  stages: ReadonlyMap<string, StageRecord>,
  pipelines: ReadonlyMap<string, PipelineState>,
): Promise<GraphAnswer> {
  const [versions, relations] = await Promise.all([warehouse.state.versions(), warehouse.introspect()])
  const times = await commitTimes(warehouse, versions)
  const rowsOf = await countRows(warehouse, relations)
  const dataNode = (id: string, kind: 'table' | 'model', description?: string): GraphNode => {
    const freshAt = versions[id] === undefined ? undefined : times.get(versions[id])
    const rows = rowsOf.get(id)
    return {
      id,
      kind,
      label: id,
      ...(description === undefined ? {} : { description }),
      ...healthOf(manifest, stages, id, rowsOf.has(id)),
      ...(freshAt === undefined ? {} : { freshAt }),
      ...(rows === undefined ? {} : { rows }),
    }
  }
  const edges = edgesOf(manifest)
  const nodes: GraphNode[] = [
    ...manifest.sources.map((source) => sourceNode(source.name, stages)),
    ...manifest.pipelines.map((pipeline) => pipelineNode(pipeline, pipelines.get(pipeline.name))),
    ...rawTables(manifest).map((table) => dataNode(table.name, 'table', table.description)),
    ...manifest.models.map((model) => dataNode(model.name, 'model', model.description)),
    ...manifest.metrics.map((metric) => namedNode(`metric:${metric.name}`, 'metric', metric.label)),
    ...manifest.dashboards.map((dashboard) =>
      namedNode(`dashboard:${dashboard.name}`, 'dashboard', dashboard.title),
    ),
  ]
  return { nodes: withUpstream(nodes, edges), edges }
}

function plainNode(id: string, kind: GraphNode['kind'], label: string): GraphNode {
  return { id, kind, label, health: 'ok', failingChecks: [] }
}

function namedNode(id: string, kind: GraphNode['kind'], title: Label): GraphNode {
  return { ...plainNode(id, kind, title.en), title }
}

function sourceNode(name: string, stages: ReadonlyMap<string, StageRecord>): GraphNode {
  const stage = stages.get(`extract ${name}`)
  const health: NodeHealth =
    stage === undefined
      ? 'never ran'
      : stage.state === 'failed'
        ? 'failing'
        : stage.state === 'running'
          ? 'running'
          : 'ok'
  return {
    ...plainNode(`source:${name}`, 'source', name),
    health,
    ...(stage?.error === undefined ? {} : { error: stage.error }),
  }
}

/** A pipeline runs while `serve` or `dev` does. */
function pipelineNode({ name, description }: PipelineNode, found: PipelineState | undefined): GraphNode {
  const health: NodeHealth =
    found === undefined ? 'never ran' : found.state === 'failed' ? 'failing' : 'running'
  return {
    ...plainNode(`pipeline:${name}`, 'pipeline', name),
    health,
    ...(description === undefined ? {} : { description }),
    ...(found?.error === undefined ? {} : { error: found.error }),
  }
}

/** A metric or dashboard over something that fails or is late shows older numbers: it is late. */
function withUpstream(nodes: readonly GraphNode[], edges: GraphAnswer['edges']): GraphNode[] {
  const healths = new Map(nodes.map((node) => [node.id, node.health]))
  return nodes.map((node) => {
    if (node.kind !== 'metric' && node.kind !== 'dashboard') return node
    const isBehind = edges.some(({ from, to }) => {
      const health = healths.get(from)
      return to === node.id && (health === 'failing' || health === 'late')
    })
    if (!isBehind) return node
    healths.set(node.id, 'late')
    return { ...node, health: 'late' }
  })
}

function edgesOf(manifest: Manifest): { from: string; to: string }[] {
  const edges = [
    ...rawTables(manifest).flatMap(({ filledBy, name }) =>
      filledBy === undefined ? [] : [{ from: filledBy, to: name }],
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
