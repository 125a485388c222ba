import {
  invariant,
  type ColumnChunk,
  type Grain,
  type JsonValue,
  type MetricNode,
  type TileData,
  type TileNode,
} from '@caudal/spec'
import { bucketsOf } from './buckets.ts'
import { addDays } from './calendar.ts'
import type { MetricContext } from './context.ts'
import { Parameters } from './parameters.ts'
import { grainOf } from './period.ts'
import { renderStatement } from './render.ts'
import { planScans, type Scan, type ScannedMetric } from './scan.ts'
import { shapeCategories, shapeFunnel, shapeNumber, shapeSeries, shapeTable } from './shape.ts'
import { buildStatement, type TileQuery } from './tile-query.ts'
import { TileResult } from './tile-result.ts'
import { windowOf, type TimeWindow } from './time-window.ts'

/** One query, ready to run. */
export interface CompiledQuery {
  readonly sql: string
  readonly parameters: Readonly<Record<string, JsonValue>>
  /** Tables and models it reads, `schema.name`. */
  readonly tables: readonly string[]
}

/** The query of a tile, with the reading of its answer. */
export interface CompiledTile extends CompiledQuery {
  shape(chunks: readonly ColumnChunk[]): TileData
}

/** How a kind of tile asks and answers. */
export interface TileShape {
  readonly metrics: readonly string[]
  readonly by: readonly string[]
  readonly top: number
  readonly hasTotal: boolean
  /** `auto`: chosen from the range. Absent: no series. */
  readonly grain?: Grain | 'auto'
  readonly hasComparison: boolean
}

/**
 * Compiles a tile under a view for a viewer into one query.
 * @throws CaudalError when a metric, dimension, table or column is missing, or the view's time zone is unknown.
 */
export function compileTile(tile: TileNode, context: MetricContext): CompiledTile {
  const shape = shapeOf(tile)
  const { scans, metrics } = planScans(shape.metrics, shape.by, context)
  const query: TileQuery = {
    scans,
    metrics,
    window: tileWindow(shape, scans, context),
    hasTotal: shape.hasTotal,
    keys: shape.by.length,
    top: shape.top,
  }
  const parameters = new Parameters()
  const statement = buildStatement(query, context, parameters)
  return {
    sql: renderStatement(statement, context.dialect),
    parameters: parameters.values(),
    tables: tablesOf(scans),
    shape: (chunks) => shapeTile(tile, query, new TileResult(query, chunks)),
  }
}

/** When rows count on a tile, and the buckets of its series. Rows that are counted by a day have no hours. */
export function tileWindow(shape: TileShape, scans: readonly Scan[], context: MetricContext): TimeWindow {
  const window = windowOf(context.view, shape.hasComparison ? context.view.comparison : 'none', context.now)
  if (shape.grain === undefined) return window
  const asked = context.view.grain ?? (shape.grain === 'auto' ? undefined : shape.grain)
  const grain = grainOf(window.current, asked)
  const hasDays = scans.some((scan) => scan.timeKind === 'date')
  return { ...window, grain: grain === 'hour' && hasDays ? 'day' : grain }
}

/** Tables that scans read, each once. */
export function tablesOf(
  scans: readonly { readonly table: string; readonly joins: MetricNode['joins'] }[],
): readonly string[] {
  return [...new Set(scans.flatMap((scan) => [scan.table, ...scan.joins.map((join) => join.to)]))]
}

/** Metrics of a tile, in order. */
export function tileMetrics(tile: TileNode): readonly string[] {
  if (tile.kind === 'funnel') return tile.steps
  return 'metrics' in tile ? tile.metrics : [tile.metric]
}

/** How a tile asks. */
export function shapeOf(tile: TileNode): TileShape {
  const shape = { metrics: tileMetrics(tile), by: [], top: 0, hasTotal: false, hasComparison: true }
  switch (tile.kind) {
    case 'number':
      return { ...shape, hasTotal: true, grain: 'auto' }
    case 'line':
      return {
        ...shape,
        by: tile.by === undefined ? [] : [tile.by],
        top: tile.top ?? 5,
        grain: tile.grain ?? 'auto',
      }
    case 'bar':
      return tile.by === undefined
        ? { ...shape, grain: tile.grain ?? 'auto' }
        : { ...shape, by: [tile.by], top: tile.top ?? 10 }
    case 'funnel':
      return shape
    case 'leaderboard':
      return { ...shape, by: [tile.by], top: tile.top }
    case 'table':
      return { ...shape, by: tile.by, top: tile.top, hasComparison: false }
  }
}

function shapeTile(tile: TileNode, query: TileQuery, result: TileResult): TileData {
  const first = query.metrics[0]
  invariant(first !== undefined, 'a tile has a metric')
  switch (tile.kind) {
    case 'number':
      return shapeNumber(first, query, result, bucketLabels(query, result, 0))
    case 'line':
      return shapeTimes(query, result)
    case 'bar':
      return tile.by === undefined
        ? shapeTimes(query, result)
        : shapeCategories(query, result, dimensionOf(first, tile.by))
    case 'funnel':
      return shapeFunnel(query, result)
    case 'leaderboard':
      return shapeCategories(query, result, dimensionOf(first, tile.by))
    case 'table':
      return shapeTable(
        query,
        result,
        tile.by.map((name) => dimensionOf(first, name)),
      )
  }
}

function shapeTimes(query: TileQuery, result: TileResult): TileData {
  return shapeSeries(query, result, bucketLabels(query, result, 0), bucketLabels(query, result, 1))
}

/** Every bucket of a period, those without rows too. All time spans the buckets that have rows. */
function bucketLabels(query: TileQuery, result: TileResult, period: 0 | 1): readonly string[] {
  const { grain, zone, current, previous } = query.window
  if (grain === undefined) return []
  const days = period === 0 ? current : previous
  if (days !== undefined) return bucketsOf(days, grain, zone)
  const buckets = period === 0 ? result.buckets() : []
  const from = buckets[0]
  const to = buckets.at(-1)
  if (from === undefined || to === undefined || grain === 'hour') return buckets
  const filled = bucketsOf({ from, to: addDays(to, 1) }, grain, zone)
  return filled.length === 0 ? buckets : filled
}

function dimensionOf({ metric }: ScannedMetric, name: string): MetricNode['dimensions'][number] {
  const dimension = metric.dimensions.find((candidate) => candidate.name === name)
  invariant(dimension !== undefined, 'dimensions were found when the tile was compiled')
  return dimension
}
