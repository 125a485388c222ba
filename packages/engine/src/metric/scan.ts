import { CaudalError, suggestion, type ColumnType, type MetricJoin, type MetricNode } from '@caudal/spec'
import type { Catalogue, MetricContext } from './context.ts'
import { measureOf, type Measure, type PartAggregate } from './measure.ts'

/** Kinds of column that say when a row counts. */
export type TimeKind = 'date' | 'timestamp' | 'timestamptz'

/** A column by which rows are split or filtered: of the scanned table, or of a join. */
export interface DimensionColumn {
  readonly join?: string
  readonly column: string
  /** Whether it has to be written as text. */
  readonly isText: boolean
}

/** A filter: any of the values, `null` being "no value", or none of them. Never empty. */
export interface DimensionFilter {
  readonly column: DimensionColumn
  readonly values: readonly (string | null)[]
  readonly isExcluded?: boolean
}

/** One reading of a table for all metrics of a tile that count its rows by the same time, split and filters. */
export interface Scan {
  readonly table: string
  readonly time: string
  readonly timeKind: TimeKind
  readonly joins: readonly MetricJoin[]
  readonly keys: readonly DimensionColumn[]
  readonly filters: readonly DimensionFilter[]
  readonly parts: readonly PartAggregate[]
}

/** A metric of a tile and the scan that counts for it. */
export interface ScannedMetric {
  readonly metric: MetricNode
  readonly measure: Measure
  readonly scan: number
}

/**
 * Sorts the metrics of a tile into scans.
 * @throws CaudalError `CAUDAL_METRIC_UNKNOWN`, `CAUDAL_METRIC_DIMENSION`, `CAUDAL_METRIC_COLUMN`, `CAUDAL_METRIC_TABLE`.
 */
export function planScans(
  names: readonly string[],
  by: readonly string[],
  context: MetricContext,
): { readonly scans: readonly Scan[]; readonly metrics: readonly ScannedMetric[] } {
  const scans = new Map<string, { scan: Scan; parts: Map<string, PartAggregate>; index: number }>()
  const metrics = names.map((name): ScannedMetric => {
    const metric = findMetric(context.metrics, name)
    const scan = scanOf(metric, by, context)
    const key = JSON.stringify(scan)
    const entry = scans.get(key) ?? { scan, parts: new Map(), index: scans.size }
    scans.set(key, entry)
    const measure = measureOf(metric.value)
    for (const part of [...measure.numerators, ...measure.denominators]) {
      if (part.column !== undefined) columnType(metric.from, part.column, metric, context.catalogue)
      entry.parts.set(partKey(part), part)
    }
    return { metric, measure, scan: entry.index }
  })
  return {
    scans: [...scans.values()].map(({ scan, parts }) => ({ ...scan, parts: [...parts.values()] })),
    metrics,
  }
}

/** Equal for equal parts. */
export function partKey(part: PartAggregate): string {
  return JSON.stringify([part.function, part.column ?? null, part.where ?? null])
}

/** The metric of a name. @throws CaudalError `CAUDAL_METRIC_UNKNOWN`. */
export function findMetric(metrics: readonly MetricNode[], name: string): MetricNode {
  const metric = metrics.find((candidate) => candidate.name === name)
  if (metric !== undefined) return metric
  const known = metrics.map((candidate) => candidate.name)
  throw new CaudalError({
    code: 'CAUDAL_METRIC_UNKNOWN',
    message: `There is no metric \`${name}\`.${suggestion(name, known)} Nothing was computed.`,
    hint: 'Export it from a module in metrics/, or name one that is exported.',
    context: { metric: name },
  })
}

/** The scan of one metric, without its parts. Filters apply where the metric has their dimension. */
export function scanOf(metric: MetricNode, by: readonly string[], context: MetricContext): Scan {
  const keys = by.map((name) => dimensionColumn(metric, name, context.catalogue))
  const names = new Set(metric.dimensions.map((dimension) => dimension.name))
  const filters = Object.entries(context.view.filters).flatMap(([name, values]) =>
    values.length === 0 || !names.has(name)
      ? []
      : [{ column: dimensionColumn(metric, name, context.catalogue), values }],
  )
  const joined = new Set([...keys, ...filters.map((filter) => filter.column)].map((column) => column.join))
  const joins = metric.joins.filter((join) => joined.has(join.name))
  for (const join of joins) {
    for (const [here, there] of Object.entries(join.on)) {
      columnType(metric.from, here, metric, context.catalogue)
      columnType(join.to, there, metric, context.catalogue)
    }
  }
  return {
    table: metric.from,
    time: metric.time,
    timeKind: timeKind(metric, context.catalogue),
    joins,
    keys,
    filters,
    parts: [],
  }
}

/** The column of a metric's dimension. @throws CaudalError `CAUDAL_METRIC_DIMENSION`, `CAUDAL_METRIC_COLUMN`. */
export function dimensionColumn(metric: MetricNode, name: string, catalogue: Catalogue): DimensionColumn {
  const dimension = metric.dimensions.find((candidate) => candidate.name === name)
  if (dimension === undefined) {
    const known = metric.dimensions.map((candidate) => candidate.name)
    throw metricError(metric, {
      code: 'CAUDAL_METRIC_DIMENSION',
      message: `has no dimension \`${name}\`; it has ${known.length === 0 ? 'none' : known.join(', ')}.${suggestion(name, known)}`,
      hint: `Add it to the metric's dimensions: ${name}: '<column>'.`,
    })
  }
  const [first = '', second] = dimension.column.split('.')
  if (second === undefined) {
    return { column: first, isText: isText(columnType(metric.from, first, metric, catalogue)) }
  }
  const join = metric.joins.find((candidate) => candidate.name === first)
  if (join === undefined) {
    const known = metric.joins.map((candidate) => candidate.name)
    throw metricError(metric, {
      code: 'CAUDAL_METRIC_DIMENSION',
      message: `splits by ${dimension.column}, but has no join \`${first}\`.${suggestion(first, known)}`,
      hint: `Add the join: joins: { ${first}: { to: '<table>', on: { … } } }.`,
    })
  }
  return {
    join: first,
    column: second,
    isText: isText(columnType(join.to, second, metric, catalogue)),
  }
}

function isText(type: ColumnType): boolean {
  return type.kind === 'text'
}

function timeKind(metric: MetricNode, catalogue: Catalogue): TimeKind {
  const { kind } = columnType(metric.from, metric.time, metric, catalogue)
  if (kind === 'date' || kind === 'timestamp' || kind === 'timestamptz') return kind
  throw metricError(metric, {
    code: 'CAUDAL_METRIC_COLUMN',
    message: `counts by ${metric.from}.${metric.time}, which is ${kind}, not a date, timestamp or timestamptz.`,
    hint: 'Choose another time column, or cast it in the model.',
  })
}

function columnType(table: string, name: string, metric: MetricNode, catalogue: Catalogue): ColumnType {
  const columns = catalogue(table)
  if (columns === undefined) {
    throw metricError(metric, {
      code: 'CAUDAL_METRIC_TABLE',
      message: `reads ${table}, which the warehouse does not have yet.`,
      hint: `Build it: caudal run --select +${table}`,
    })
  }
  const column = columns.find((candidate) => candidate.name === name)
  if (column !== undefined) return column.type
  const known = columns.map((candidate) => candidate.name)
  throw metricError(metric, {
    code: 'CAUDAL_METRIC_COLUMN',
    message: `reads the column \`${name}\` of ${table}, which has ${known.join(', ')}.${suggestion(name, known)}`,
    hint: `Mend the metric, or build the table again: caudal run --select +${table}`,
  })
}

function metricError(
  metric: MetricNode,
  facts: { readonly code: string; readonly message: string; readonly hint: string },
): CaudalError {
  return new CaudalError({
    ...facts,
    message: `${metric.place}: the metric \`${metric.name}\` ${facts.message} Nothing was computed.`,
    context: { metric: metric.name, table: metric.from },
  })
}
