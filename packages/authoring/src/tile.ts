import {
  refuseSettings,
  unknownSettings,
  type Grain,
  type Label,
  type MetricDeclaration,
  type SettingsShape,
  type ShapeOf,
  type TileDeclaration,
} from '@caudal/spec'
import { toLabel } from './metric.ts'

/** What every tile takes. */
export interface TileOptions {
  /** Unique within the dashboard. Default: made of kind, metric and dimension. */
  readonly id?: string
  /** Default: the first metric's label. */
  readonly title?: Label | string
  readonly description?: Label | string
  /** Columns of a 12-column row. Default: the row is shared evenly. */
  readonly width?: number
}

/** Options of lines and bars. */
export interface SplitOptions<Dimension extends string> extends TileOptions {
  /** Default: chosen from the range. */
  readonly grain?: Grain
  /** Splits the metric by a dimension. */
  readonly by?: NoInfer<Dimension>
  /** How many values of the dimension stand alone; the rest is "other". */
  readonly top?: number
}

const everyTile: ShapeOf<TileOptions> = { id: true, title: true, description: true, width: true }
const split: ShapeOf<SplitOptions<string>> = { ...everyTile, grain: true, by: true, top: true }
const ranked: SettingsShape = { ...everyTile, by: true, top: true }
const settings: Readonly<Record<TileDeclaration['kind'], SettingsShape>> = {
  number: { ...everyTile },
  line: split,
  bar: split,
  funnel: { ...everyTile },
  leaderboard: ranked,
  table: ranked,
}

/** Dimensions of any of the metrics. */
export type DimensionOf<Metric> = Metric extends MetricDeclaration<infer Dimension> ? Dimension : never

/** Dimensions that every one of the metrics has. */
export type CommonDimension<Metric> = (
  Metric extends MetricDeclaration<infer Dimension> ? (name: [Dimension]) => void : never
) extends (name: infer Common extends [string]) => void
  ? Common[0]
  : never

/** One number with sparkline and comparison. */
function number<Dimension extends string>(
  metric: MetricDeclaration<Dimension>,
  options: TileOptions = {},
): TileDeclaration<Dimension> {
  return declareTile('number', [metric], [], checked('number', options))
}

/** Lines over time: several metrics, or one split by a dimension. */
function line<Dimension extends string>(
  metrics: MetricDeclaration<Dimension> | readonly MetricDeclaration<Dimension>[],
  options: SplitOptions<Dimension> = {},
): TileDeclaration<Dimension> {
  const { by, ...rest } = checked('line', options)
  return declareTile('line', [metrics].flat(), by === undefined ? [] : [by], rest)
}

/** Bars by a dimension, or by time. */
function bar<Dimension extends string>(
  metric: MetricDeclaration<Dimension>,
  options: SplitOptions<Dimension> = {},
): TileDeclaration<Dimension> {
  const { by, ...rest } = checked('bar', options)
  return declareTile('bar', [metric], by === undefined ? [] : [by], rest)
}

/** Steps in order, each a metric. */
function funnel<Dimension extends string>(
  steps: readonly MetricDeclaration<Dimension>[],
  options: TileOptions = {},
): TileDeclaration<Dimension> {
  return declareTile('funnel', steps, [], checked('funnel', options))
}

/** People or things ranked by the first metric, the others beside it. */
function leaderboard<const Metrics extends readonly MetricDeclaration[]>(
  metrics: Metrics,
  options: TileOptions & { readonly by: CommonDimension<Metrics[number]>; readonly top?: number },
): TileDeclaration<DimensionOf<Metrics[number]>> {
  const { by, ...rest } = checked('leaderboard', options)
  return declareTile('leaderboard', metrics, [by], rest)
}

/** Metrics by dimensions as a table. */
function table<const Metrics extends readonly MetricDeclaration[]>(
  metrics: Metrics,
  options: TileOptions & {
    readonly by: readonly CommonDimension<Metrics[number]>[]
    readonly top?: number
  },
): TileDeclaration<DimensionOf<Metrics[number]>> {
  const { by, ...rest } = checked('table', options)
  return declareTile('table', metrics, by, rest)
}

/** The kinds of tile. */
export interface Tiles {
  readonly number: typeof number
  readonly line: typeof line
  readonly bar: typeof bar
  readonly funnel: typeof funnel
  readonly leaderboard: typeof leaderboard
  readonly table: typeof table
}

/** Tiles of a dashboard: `tile.number(revenue)`. */
export const tile: Tiles = { number, line, bar, funnel, leaderboard, table }

function checked<Options extends object>(kind: TileDeclaration['kind'], options: Options): Options {
  refuseSettings(`tile.${kind}()`, unknownSettings(options, settings[kind]))
  return options
}

function declareTile<Dimension extends string>(
  kind: TileDeclaration['kind'],
  metrics: readonly MetricDeclaration[],
  by: readonly string[],
  options: TileOptions & Pick<TileDeclaration, 'grain' | 'top'>,
): TileDeclaration<Dimension> {
  const { title, description, ...rest } = options
  return {
    ...rest,
    kind,
    metrics: metrics as readonly MetricDeclaration<Dimension>[],
    by: by as readonly Dimension[],
    ...(title === undefined ? {} : { title: toLabel(title) }),
    ...(description === undefined ? {} : { description: toLabel(description) }),
  }
}
