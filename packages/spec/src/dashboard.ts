import type { Label } from './metric.ts'

/** Time grains, in the viewer's time zone; weeks start on Monday. */
export const grains = ['hour', 'day', 'week', 'month', 'quarter', 'year'] as const

/** One of {@link grains}. */
export type Grain = (typeof grains)[number]

/** What every tile has. */
interface TileBase {
  /** Unique within the dashboard. */
  readonly id: string
  readonly title: Label
  readonly description?: Label
  /** Columns of a 12-column row. */
  readonly width: number
}

/** One number with sparkline and comparison. */
export interface NumberTile extends TileBase {
  readonly kind: 'number'
  readonly metric: string
}

/** Lines over time. */
export interface LineTile extends TileBase {
  readonly kind: 'line'
  readonly metrics: readonly string[]
  /** Absent: chosen from the range. */
  readonly grain?: Grain
  /** Splits a single metric. */
  readonly by?: string
  readonly top?: number
}

/** Bars by a dimension, or by time when `by` is absent. */
export interface BarTile extends TileBase {
  readonly kind: 'bar'
  readonly metric: string
  readonly by?: string
  readonly grain?: Grain
  readonly top?: number
}

/** Steps in order; each step is a metric. */
export interface FunnelTile extends TileBase {
  readonly kind: 'funnel'
  readonly steps: readonly string[]
}

/** People or things ranked by the first metric; the others stand beside it. */
export interface LeaderboardTile extends TileBase {
  readonly kind: 'leaderboard'
  readonly metrics: readonly string[]
  readonly by: string
  /** Default: 10; the rest is summed as "other". */
  readonly top: number
}

/** Metrics by dimensions as a table. */
export interface TableTile extends TileBase {
  readonly kind: 'table'
  readonly metrics: readonly string[]
  readonly by: readonly string[]
  /** Default: 100. */
  readonly top: number
}

/** A tile as plain data. */
export type TileNode = NumberTile | LineTile | BarTile | FunnelTile | LeaderboardTile | TableTile

/** Ranges that the range picker offers, in the viewer's time zone; `today` is part of those that end now. */
export const rangePresets = [
  'today',
  'last 7 days',
  'last 30 days',
  'last 90 days',
  'last 12 months',
  'this month',
  'this quarter',
  'this year',
  'all time',
] as const

/** A range: a preset, or two local dates, both included. */
export type DateRange = (typeof rangePresets)[number] | { readonly from: string; readonly to: string }

/** What numbers are compared with. `previous period` is aligned to date: the same number of days before the range. */
export const comparisons = ['none', 'previous period', 'previous year'] as const

/** One of {@link comparisons}. */
export type Comparison = (typeof comparisons)[number]

/** A dashboard as plain data. */
export interface DashboardNode {
  readonly name: string
  readonly title: Label
  readonly description?: Label
  /** Names of dimensions. */
  readonly filters: readonly string[]
  /** Default range. */
  readonly range: DateRange
  /** Default comparison. */
  readonly comparison: Comparison
  readonly rows: readonly (readonly TileNode[])[]
  /** File and line. */
  readonly place: string
}
