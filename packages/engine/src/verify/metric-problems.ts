import { suggestion, type ErrorReport, type Manifest, type MetricNode } from '@caudal/spec'
import { lineageGraph } from '../lineage/graph.ts'
import type { TableColumns } from './empty-tables.ts'
import { tilesHit } from './tiles-hit.ts'

/** Metrics and dimensions over tables or columns that do not exist, each with the tiles that show it. */
export function metricProblems(manifest: Manifest, tables: readonly TableColumns[]): readonly ErrorReport[] {
  const columnsOf = new Map(tables.map(({ name, columns }) => [name, columns.map((column) => column.name)]))
  const names = new Set([...columnsOf.keys(), ...namesIn(manifest)])
  const graph = lineageGraph(manifest)
  return manifest.metrics.flatMap((metric) => {
    const nodes = [
      `metric ${metric.name}`,
      ...metric.dimensions.map(({ name }) => `dimension ${metric.name}.${name}`),
    ]
    const unknown = unknownTables(metric, names)
    const read = new Set(nodes.flatMap((node) => graph.upstream.get(node) ?? []))
    const missing = [...read].flatMap((id) => {
      if (id.startsWith('rows ')) return []
      const dot = id.lastIndexOf('.')
      const [table, column] = [id.slice(0, dot), id.slice(dot + 1)]
      const known = columnsOf.get(table)
      if (known === undefined || known.includes(column)) return []
      const tiles = tilesHit(manifest, [id])
      return [missingColumn(metric, table, column, known, tiles)]
    })
    return [
      ...unknown.map((table) =>
        unknownTable(metric, table, [...columnsOf.keys()], tilesHit(manifest, [`metric ${metric.name}`])),
      ),
      ...missing,
    ]
  })
}

/** What stands in the project, though its columns may not be known. */
function namesIn({ sources, tables, models }: Manifest): readonly string[] {
  return [
    ...sources.flatMap((source) => source.streams.map((stream) => stream.table)),
    ...tables.map((table) => table.name),
    ...models.map((model) => model.name),
  ]
}

function unknownTables(metric: MetricNode, names: ReadonlySet<string>): readonly string[] {
  return [metric.from, ...metric.joins.map((join) => join.to)].filter((table) => !names.has(table))
}

function unknownTable(
  metric: MetricNode,
  table: string,
  known: readonly string[],
  tiles: string,
): ErrorReport {
  return {
    code: 'CAUDAL_METRIC_TABLE',
    message: `${metric.place}: metric \`${metric.name}\` reads \`${table}\`, which is no table and no model.${suggestion(table, known)}${tiles}`,
    hint: 'Name a model (models/<schema>/<name>.sql), a stream of a source, or a table().',
    retryable: false,
    context: { ...placeContext(metric.place), metric: metric.name, table },
  }
}

function missingColumn(
  metric: MetricNode,
  table: string,
  column: string,
  known: readonly string[],
  tiles: string,
): ErrorReport {
  return {
    code: 'CAUDAL_METRIC_COLUMN',
    message: `${metric.place}: metric \`${metric.name}\` reads the column \`${column}\` of \`${table}\`, which does not exist.${suggestion(column, known)}${tiles}`,
    hint: `Its columns: ${known.join(', ')}.`,
    retryable: false,
    context: { ...placeContext(metric.place), metric: metric.name, table, column },
  }
}

function placeContext(place: string): { file: string; line: number } {
  const [, file = place, line = '1'] = /^(.*):(\d+)$/.exec(place) ?? []
  return { file, line: Number(line) }
}
