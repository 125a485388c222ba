import { CaudalError, invariant, type MetricNode, type TileNode } from '@caudal/spec'
import type { TileCell } from '../owner/service.ts'
import { shapeOf, tablesOf, tileWindow, type CompiledQuery } from './compile-tile.ts'
import type { MetricContext } from './context.ts'
import { Parameters } from './parameters.ts'
import { renderStatement } from './render.ts'
import { dimensionColumn, findMetric, scanOf, type DimensionFilter, type Scan } from './scan.ts'
import { readTable } from './scan-query.ts'
import { binary, column, type Expression } from './sql-tree.ts'
import { bucketExpression, windowConditions, type TimeWindow } from './time-window.ts'

/** The key of {@link TileCell.at} that holds a time bucket. */
const timeKey = 'time'

/**
 * The rows behind a number: exactly those that counted in the cell, newest first; for a ratio those of its denominator.
 * Columns of Caudal's own (`_caudal_…`) are left out.
 * @param limit one row more is asked for, so that a cut can be seen
 */
export function compileRows(
  tile: TileNode,
  cell: TileCell,
  limit: number,
  context: MetricContext,
): CompiledQuery {
  const metric = findMetric(context.metrics, cell.metric)
  const parameters = new Parameters()
  const scan = cellScan(metric, cell, context)
  const window = tileWindow({ ...shapeOf(tile), hasComparison: false }, [scan], context)
  const columns = context.catalogue(scan.table)
  invariant(columns !== undefined, 'the scan found the columns of its table')
  const select = readTable(
    scan,
    columns
      .filter(({ name }) => !name.startsWith('_caudal_'))
      .map(({ name }) => ({ as: name, value: column(name) })),
    [
      ...windowConditions(window, scan.time, scan.timeKind, parameters),
      ...bucketCondition(scan, window, cell, parameters),
      ...countedConditions(metric),
    ],
    context.viewer,
    parameters,
  )
  const orderBy = [{ value: column(scan.time, 't'), isDescending: true }]
  const query = { ...select, orderBy, limit: limit + 1 }
  return {
    sql: renderStatement({ with: [], query }, context.dialect),
    parameters: parameters.values(),
    tables: tablesOf([scan]),
  }
}

function cellScan(metric: MetricNode, cell: TileCell, context: MetricContext): Scan {
  const dimensions = Object.keys(cell.at).filter((name) => name !== timeKey)
  const excluded = Object.keys(cell.except ?? {})
  const scan = scanOf(metric, [...dimensions, ...excluded], context)
  const filters = [
    ...dimensions.map((name): DimensionFilter => ({
      column: dimensionColumn(metric, name, context.catalogue),
      values: [cell.at[name] ?? null],
    })),
    ...Object.entries(cell.except ?? {}).flatMap(([name, values]): DimensionFilter[] =>
      values.length === 0
        ? []
        : [{ column: dimensionColumn(metric, name, context.catalogue), values, isExcluded: true }],
    ),
  ]
  return { ...scan, keys: [], filters: [...scan.filters, ...filters] }
}

function bucketCondition(
  scan: Scan,
  window: TimeWindow,
  cell: TileCell,
  parameters: Parameters,
): readonly Expression[] {
  const at = cell.at[timeKey]
  if (at === undefined || at === null) return []
  if (window.grain === undefined || !/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z)?$/.test(at)) {
    throw new CaudalError({
      code: 'CAUDAL_CELL_INVALID',
      message: `The cell asks for the time ${at}, which is not a bucket of its tile: a day such as 2026-03-29, or for hours an instant.`,
      hint: 'Ask for a point of the series, by its `at`.',
      context: { metric: cell.metric, time: at },
    })
  }
  const bucket = bucketExpression(window, window.grain, scan.time, scan.timeKind, parameters)
  const value = at.replace(/Z$/, '')
  const type = window.grain === 'hour' ? 'timestamp' : 'date'
  return [binary(bucket, '=', parameters.add('bucket', value, type))]
}

/** Rows that the aggregate takes in: those of its condition that have a value. */
function countedConditions(metric: MetricNode): readonly Expression[] {
  const { column: name, where } = metric.value.kind === 'ratio' ? metric.value.denominator : metric.value
  return [
    ...(where === undefined ? [] : [{ kind: 'fragment', sql: where } as const]),
    ...(name === undefined ? [] : [{ kind: 'not', term: { kind: 'is null', value: column(name) } } as const]),
  ]
}
