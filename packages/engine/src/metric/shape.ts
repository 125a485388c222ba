import { invariant, type DimensionNode, type SeriesPoint, type TileData } from '@caudal/spec'
import type { ScannedMetric } from './scan.ts'
import type { TileQuery } from './tile-query.ts'
import type { RankedKey, TileResult } from './tile-result.ts'

/** One number, with the value of the compared period and a spark line of the shown one. */
export function shapeNumber(
  metric: ScannedMetric,
  query: TileQuery,
  result: TileResult,
  buckets: readonly string[],
): TileData {
  const { format, direction } = metric.metric
  return {
    kind: 'number',
    value: result.value(metric, { period: 0 }),
    ...(query.window.previous === undefined ? {} : { previous: result.value(metric, { period: 1 }) }),
    spark: buckets.map((bucket) => ({ at: bucket, values: [result.value(metric, { period: 0, bucket })] })),
    format,
    direction,
  }
}

/** Series over time: one per metric, or one per value of the dimension that splits the only metric. */
export function shapeSeries(
  query: TileQuery,
  result: TileResult,
  buckets: readonly string[],
  previousBuckets: readonly string[],
): TileData {
  const { grain, previous } = query.window
  invariant(grain !== undefined, 'a series has a grain')
  const lines = linesOf(query, result)
  const point = (period: 0 | 1, bucket: string | undefined): SeriesPoint => ({
    at: bucket ?? '',
    values: lines.map(({ metric, key }) =>
      bucket === undefined
        ? null
        : result.value(metric, {
            period,
            bucket,
            ...(key === undefined ? {} : { position: key.position }),
          }),
    ),
  })
  return {
    kind: 'series',
    grain,
    series: lines.map(({ metric, key }) => ({
      ...(key === undefined ? { label: metric.metric.label } : { value: key.keys[0] ?? null }),
      ...(key?.isOther === true ? { isOther: true } : {}),
      format: metric.metric.format,
    })),
    points: buckets.map((bucket) => point(0, bucket)),
    ...(previous === undefined
      ? {}
      : { previous: buckets.map((_, index) => point(1, previousBuckets[index])) }),
  }
}

function linesOf(
  query: TileQuery,
  result: TileResult,
): readonly { readonly metric: ScannedMetric; readonly key?: RankedKey }[] {
  const [first] = query.metrics
  if (query.keys === 0 || first === undefined) return query.metrics.map((metric) => ({ metric }))
  return result.ranked().map((key) => ({ metric: first, key }))
}

/** Values of a dimension in rank order, "other" last. */
export function shapeCategories(query: TileQuery, result: TileResult, dimension: DimensionNode): TileData {
  const values = (key: RankedKey, period: 0 | 1): (string | null)[] =>
    query.metrics.map((metric) => result.value(metric, { period, position: key.position }))
  return {
    kind: 'categories',
    dimension,
    metrics: query.metrics.map(({ metric: { name, label, format, direction } }) => ({
      name,
      label,
      format,
      direction,
    })),
    rows: result.ranked().map((key) => ({
      value: key.keys[0] ?? null,
      ...(key.isOther ? { isOther: true } : {}),
      values: values(key, 0),
      ...(query.window.previous === undefined ? {} : { previous: values(key, 1) }),
    })),
  }
}

/** Steps in order. */
export function shapeFunnel(query: TileQuery, result: TileResult): TileData {
  return {
    kind: 'funnel',
    steps: query.metrics.map((metric) => ({
      metric: metric.metric.name,
      label: metric.metric.label,
      value: result.value(metric, { period: 0 }),
      ...(query.window.previous === undefined ? {} : { previous: result.value(metric, { period: 1 }) }),
    })),
    format: query.metrics[0]?.metric.format ?? { kind: 'number' },
  }
}

/** Dimensions, then metrics. What `top` leaves out is not shown. */
export function shapeTable(
  query: TileQuery,
  result: TileResult,
  dimensions: readonly DimensionNode[],
): TileData {
  const ranked = query.keys === 0 ? [{ position: 0, isOther: false, keys: [] }] : result.ranked()
  return {
    kind: 'table',
    columns: [
      ...dimensions.map(({ name, label }) => ({ key: name, label })),
      ...query.metrics.map(({ metric: { name, label, format } }) => ({ key: name, label, format })),
    ],
    rows: ranked
      .filter((key) => !key.isOther)
      .map((key) => [
        ...key.keys,
        ...query.metrics.map((metric) => result.value(metric, { period: 0, position: key.position })),
      ]),
    isCut: ranked.some((key) => key.isOther),
  }
}
