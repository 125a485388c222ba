import { rawTables, suggestion, type ErrorReport, type Manifest, type MetricNode } from '@caudal/spec'
import { lineageGraph } from '../lineage/graph.ts'
import type { TableColumns } from './empty-tables.ts'
import { placeOfName, type NamePlace } from './name-place.ts'
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
      const place = placeOfName(manifest, metric.place, writtenName(metric, table, column))
      return [missingColumn(metric, place, { table, column, known, tiles })]
    })
    return [
      ...unknown.map((table) =>
        unknownTable(metric, placeOfName(manifest, metric.place, table), {
          table,
          known: [...columnsOf.keys()],
          tiles: tilesHit(manifest, [`metric ${metric.name}`]),
        }),
      ),
      ...missing,
    ]
  })
}

/** What stands in the project, though its columns may not be known. */
function namesIn(manifest: Manifest): readonly string[] {
  return [...rawTables(manifest), ...manifest.models].map(({ name }) => name)
}

function unknownTables(metric: MetricNode, names: ReadonlySet<string>): readonly string[] {
  return [metric.from, ...metric.joins.map((join) => join.to)].filter((table) => !names.has(table))
}

/** The name as the metric writes it: of a join, behind the join's name, where it stands in a dimension. */
function writtenName(metric: MetricNode, table: string, column: string): string {
  const joins = metric.joins.filter((join) => join.to === table)
  const joined = new Set(joins.map((join) => `${join.name}.${column}`))
  const dimension = metric.dimensions.find((one) => joined.has(one.column))
  return dimension?.column ?? column
}

function unknownTable(
  metric: MetricNode,
  place: NamePlace,
  {
    table,
    known,
    tiles,
  }: { readonly table: string; readonly known: readonly string[]; readonly tiles: string },
): ErrorReport {
  return {
    code: 'CAUDAL_METRIC_TABLE',
    message: `${place.where}: metric \`${metric.name}\` reads \`${table}\`, which is no table and no model.${suggestion(table, known)}${tiles}`,
    hint: 'Name a model (models/<schema>/<name>.sql), a stream of a source, or a table().',
    retryable: false,
    context: { ...contextOf(place), metric: metric.name, table },
  }
}

function missingColumn(
  metric: MetricNode,
  place: NamePlace,
  missing: {
    readonly table: string
    readonly column: string
    readonly known: readonly string[]
    readonly tiles: string
  },
): ErrorReport {
  const { table, column, known, tiles } = missing
  return {
    code: 'CAUDAL_METRIC_COLUMN',
    message: `${place.where}: metric \`${metric.name}\` reads the column \`${column}\` of \`${table}\`, which does not exist.${suggestion(column, known)}${tiles}`,
    hint: `Its columns: ${known.join(', ')}.`,
    retryable: false,
    context: { ...contextOf(place), metric: metric.name, missing: `${table}.${column}` },
  }
}

function contextOf({ file, line, column }: NamePlace): { file: string; line: number; column?: number } {
  return { file, line, ...(column === undefined ? {} : { column }) }
}
