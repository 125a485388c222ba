import {
  formatColumnType,
  rawTables,
  type Aggregate,
  type Manifest,
  type MetricNode,
  type TileNode,
} from '@caudal/spec'
import { expressionColumns } from '@caudal/sql'

/** What lineage is traced in. */
export type LineageProject = Pick<
  Manifest,
  'sources' | 'pipelines' | 'tables' | 'models' | 'metrics' | 'dashboards'
>

/** Kinds of node, in the order in which data flows. `rows` stands for which rows a model has. */
export const lineageKinds = ['field', 'column', 'rows', 'dimension', 'metric', 'tile'] as const

/** Something that data flows through. */
export interface LineageNode {
  /** `crm.deals.amount`, `rows marts.won`, `metric revenue`, `dimension revenue.team`, `tile sales/revenue`, `field crm/deals/Amount`. */
  readonly id: string
  readonly kind: (typeof lineageKinds)[number]
  /** What a person reads. */
  readonly label: string
  /** The table or model, `schema.name`; of a metric the one it counts; of a tile the dashboard. */
  readonly of: string
  /** Type, where it is known. */
  readonly type?: string
  /** File and line, where they are known. */
  readonly place?: string
}

/** Nodes and what flows between them. */
export interface LineageGraph {
  readonly nodes: ReadonlyMap<string, LineageNode>
  /** Node → nodes that are made of it. */
  readonly downstream: ReadonlyMap<string, readonly string[]>
  /** Node → nodes that it is made of. */
  readonly upstream: ReadonlyMap<string, readonly string[]>
}

interface GraphBuilder {
  readonly nodes: Map<string, LineageNode>
  readonly downstream: Map<string, string[]>
  readonly upstream: Map<string, string[]>
  /** `schema.name` → its columns. */
  readonly columns: Map<string, readonly string[]>
}

/** The lineage of a project from source fields to tiles, by column. Found in the manifest alone. */
export function lineageGraph(project: LineageProject): LineageGraph {
  const graph: GraphBuilder = {
    nodes: new Map(),
    downstream: new Map(),
    upstream: new Map(),
    columns: new Map(),
  }
  addTables(project, graph)
  addModels(project, graph)
  for (const metric of project.metrics) addMetric(metric, graph)
  addTiles(project, graph)
  return graph
}

/** The metrics of a tile. */
function metricsOfTile(tile: TileNode): readonly string[] {
  if (tile.kind === 'funnel') return tile.steps
  return 'metric' in tile ? [tile.metric] : tile.metrics
}

/** The dimensions by which a tile splits. */
function dimensionsOfTile(tile: TileNode): readonly string[] {
  return 'by' in tile && tile.by !== undefined ? [tile.by].flat() : []
}

function addTables(project: LineageProject, graph: GraphBuilder): void {
  for (const { name, columns } of rawTables(project)) {
    addColumns(
      name,
      columns.map((column) => [column.name, formatColumnType(column.type)]),
      graph,
    )
  }
  for (const source of project.sources) {
    for (const stream of source.streams) {
      for (const column of stream.columns) {
        const field = column.field ?? column.name
        const id = `field ${source.name}/${stream.name}/${field}`
        addNode(
          { id, kind: 'field', label: `${field} of ${source.name} / ${stream.name}`, of: stream.table },
          graph,
        )
        addEdge(id, `${stream.table}.${column.name}`, graph)
      }
    }
  }
}

function addModels(project: LineageProject, graph: GraphBuilder): void {
  for (const model of project.models) {
    const rows = `rows ${model.name}`
    addNode(
      { id: rows, kind: 'rows', label: `${model.name} (which rows)`, of: model.name, place: model.file },
      graph,
    )
    addColumns(
      model.name,
      (model.columns ?? []).map((column) => [column.name]),
      graph,
      model.file,
    )
    for (const column of model.columns ?? []) {
      for (const read of column.reads) addEdge(read, `${model.name}.${column.name}`, graph)
    }
    for (const use of model.uses ?? []) addEdge(use, rows, graph)
    for (const reference of model.references) addEdge(`rows ${reference}`, rows, graph)
  }
}

function addMetric(metric: MetricNode, graph: GraphBuilder): void {
  const { name, from } = metric
  const id = `metric ${name}`
  addNode({ id, kind: 'metric', label: `metric ${name}`, of: from, place: metric.place }, graph)
  addEdge(`rows ${from}`, id, graph)
  for (const column of metricColumns(metric, graph.columns)) addEdge(column, id, graph)
  for (const dimension of metric.dimensions) {
    const of = `dimension ${name}.${dimension.name}`
    addNode(
      {
        id: of,
        kind: 'dimension',
        label: `dimension ${dimension.name} of metric ${name}`,
        of: from,
        place: metric.place,
      },
      graph,
    )
    for (const column of dimensionColumns(metric, dimension.column, graph.columns)) addEdge(column, of, graph)
  }
}

/** The columns that a metric's value is made of: aggregated columns, filters and time. */
function metricColumns(metric: MetricNode, columns: GraphBuilder['columns']): readonly string[] {
  const { value } = metric
  const aggregates = value.kind === 'ratio' ? [value.numerator, value.denominator] : [value]
  return [
    metric.time,
    ...aggregates.flatMap((aggregate) => aggregateColumns(aggregate, metric, columns)),
  ].flatMap((name) => dimensionColumns(metric, name, columns))
}

function aggregateColumns(
  aggregate: Aggregate,
  metric: MetricNode,
  columns: GraphBuilder['columns'],
): readonly string[] {
  const known = [
    ...(columns.get(metric.from) ?? []),
    ...metric.joins.flatMap((join) => (columns.get(join.to) ?? []).map((column) => `${join.name}.${column}`)),
  ]
  return [
    ...(aggregate.column === undefined ? [] : [aggregate.column]),
    ...(aggregate.where === undefined ? [] : expressionColumns(aggregate.where, known)),
  ]
}

/** `column` or `join.column` of a metric as columns of tables; those that join it included. */
function dimensionColumns(
  metric: MetricNode,
  name: string,
  columns: GraphBuilder['columns'],
): readonly string[] {
  const dot = name.indexOf('.')
  const join =
    dot === -1 ? undefined : metric.joins.find((candidate) => candidate.name === name.slice(0, dot))
  if (join === undefined) return [columnId(metric.from, name, columns)]
  return [
    columnId(join.to, name.slice(dot + 1), columns),
    ...Object.entries(join.on).flatMap(([here, there]) => [
      columnId(metric.from, here, columns),
      columnId(join.to, there, columns),
    ]),
  ]
}

function addTiles(project: LineageProject, graph: GraphBuilder): void {
  for (const dashboard of project.dashboards) {
    for (const tile of dashboard.rows.flat()) {
      const id = `tile ${dashboard.name}/${tile.id}`
      const label = `tile ${dashboard.name} › ${tile.title.en}`
      addNode({ id, kind: 'tile', label, of: dashboard.name, place: dashboard.place }, graph)
      for (const metric of metricsOfTile(tile)) {
        addEdge(`metric ${metric}`, id, graph)
        for (const dimension of [...dimensionsOfTile(tile), ...dashboard.filters]) {
          addEdge(`dimension ${metric}.${dimension}`, id, graph)
        }
      }
    }
  }
}

function addColumns(
  table: string,
  columns: readonly (readonly [name: string, type?: string])[],
  graph: GraphBuilder,
  place?: string,
): void {
  graph.columns.set(
    table,
    columns.map(([name]) => name),
  )
  for (const [name, type] of columns) {
    const id = `${table}.${name}`
    addNode(
      {
        id,
        kind: 'column',
        label: id,
        of: table,
        ...(type === undefined ? {} : { type }),
        ...(place === undefined ? {} : { place }),
      },
      graph,
    )
  }
}

/** The column as its table spells it. */
function columnId(table: string, column: string, columns: GraphBuilder['columns']): string {
  const known = columns.get(table)?.find((name) => name.toLowerCase() === column.toLowerCase())
  return `${table}.${known ?? column}`
}

function addNode(node: LineageNode, graph: GraphBuilder): void {
  graph.nodes.set(node.id, node)
}

/** Columns that no node stands for (of a table whose columns are not known) become nodes; other ends must exist. */
function addEdge(from: string, to: string, graph: GraphBuilder): void {
  if (!graph.nodes.has(from)) {
    if (/^(rows|metric|dimension) /.test(from)) return
    addNode({ id: from, kind: 'column', label: from, of: from.slice(0, from.lastIndexOf('.')) }, graph)
  }
  if (!graph.downstream.get(from)?.includes(to)) {
    graph.downstream.set(from, [...(graph.downstream.get(from) ?? []), to])
    graph.upstream.set(to, [...(graph.upstream.get(to) ?? []), from])
  }
}
