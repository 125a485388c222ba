import { CaudalError, suggestion, type MetricNode } from '@caudal/spec'
import { tablesOf, type CompiledQuery } from './compile-tile.ts'
import type { MetricContext } from './context.ts'
import { Parameters } from './parameters.ts'
import { renderStatement } from './render.ts'
import { scanOf, type Scan } from './scan.ts'
import { keyName, readTable } from './scan-query.ts'
import { column, type Expression, type Select } from './sql-tree.ts'

/** How many values a filter offers. */
export const valuesMax = 200

/**
 * The values of a dimension over all rows of the metrics that have it, most frequent first: columns `value` and `rows`.
 * One more than {@link valuesMax} is asked for. A metric whose table is not there yet is left out as long as another has the dimension.
 * @throws CaudalError `CAUDAL_DIMENSION_UNKNOWN`, or what is wrong with the first metric when none can be read.
 */
export function compileValues(
  dimension: string,
  metrics: readonly MetricNode[],
  context: Omit<MetricContext, 'view' | 'now'>,
): CompiledQuery {
  const parameters = new Parameters()
  const scans = dimensionScans(dimension, metrics, context)
  const count: Expression = { kind: 'aggregate', function: 'count' }
  const queries = scans.map((scan): Select => ({
    kind: 'select',
    items: [
      { as: 'value', value: column(keyName(0), 'r') },
      { as: 'rows', value: count },
    ],
    from: { kind: 'query', as: 'r', query: readTable(scan, [], [], context.viewer, parameters) },
    groupBy: [[column(keyName(0), 'r')]],
  }))
  const rows: Expression = { kind: 'aggregate', function: 'sum', value: column('rows', 'v') }
  const query: Select = {
    kind: 'select',
    items: [
      { as: 'value', value: column('value', 'v') },
      { as: 'rows', value: rows },
    ],
    from: { kind: 'query', as: 'v', query: { kind: 'union', queries } },
    groupBy: [[column('value', 'v')]],
    orderBy: [
      { value: rows, isDescending: true },
      { value: column('value', 'v'), isText: true },
    ],
    limit: valuesMax + 1,
  }
  return {
    sql: renderStatement({ with: [], query }, context.dialect),
    parameters: parameters.values(),
    tables: tablesOf(scans),
  }
}

function dimensionScans(
  dimension: string,
  metrics: readonly MetricNode[],
  context: Omit<MetricContext, 'view' | 'now'>,
): readonly Scan[] {
  const view = { range: 'all time', comparison: 'none', filters: {}, timeZone: 'UTC' } as const
  const having = metrics.filter((metric) => metric.dimensions.some(({ name }) => name === dimension))
  const scans = new Map<string, Scan>()
  const errors: unknown[] = []
  for (const metric of having) {
    try {
      const scan = scanOf(metric, [dimension], { ...context, view, now: new Date(0) })
      scans.set(JSON.stringify([scan.table, scan.keys, scan.joins]), scan)
    } catch (error) {
      errors.push(error)
    }
  }
  if (having.length === 0) throw unknownDimension(dimension, metrics)
  if (scans.size === 0) throw errors[0]
  return [...scans.values()]
}

function unknownDimension(dimension: string, metrics: readonly MetricNode[]): CaudalError {
  const known = [...new Set(metrics.flatMap((metric) => metric.dimensions.map(({ name }) => name)))]
  return new CaudalError({
    code: 'CAUDAL_DIMENSION_UNKNOWN',
    message: `No metric of the dashboard has the dimension \`${dimension}\`; they have ${known.join(', ') || 'none'}.${suggestion(dimension, known)}`,
    hint: 'Filter by a dimension that the metrics of the dashboard have.',
    context: { dimension },
  })
}
