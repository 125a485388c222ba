/** A text in the console's languages. */
export interface Label {
  readonly en: string
  readonly es: string
}

/** Functions of an aggregate. `average` is sum over count of non-null values. */
export const aggregateFunctions = ['count', 'count distinct', 'sum', 'min', 'max', 'average'] as const

/** One aggregate over the rows of a model. */
export interface Aggregate {
  readonly kind: 'aggregate'
  readonly function: (typeof aggregateFunctions)[number]
  /** Absent only for `count`: rows. */
  readonly column?: string
  /** A boolean SQL expression over the model's columns: which rows count. */
  readonly where?: string
}

/** Sum over sum: both sides are aggregated over the same rows, then divided; a zero denominator gives no value. */
export interface Ratio {
  readonly kind: 'ratio'
  readonly numerator: Aggregate
  readonly denominator: Aggregate
}

/** How a value is written. */
export type ValueFormat =
  | { readonly kind: 'number'; readonly decimals?: number; readonly unit?: string }
  | { readonly kind: 'percent'; readonly decimals?: number }
  /** ISO 4217 code. */
  | { readonly kind: 'currency'; readonly currency: string; readonly decimals?: number }
  /** Value in seconds. */
  | { readonly kind: 'duration' }

/** A many-to-one join from the metric's model: at most one row on the other side per row here, so that nothing is counted twice. */
export interface MetricJoin {
  /** Alias used in dimensions: `sdr` in `sdr.team`. */
  readonly name: string
  /** Table or model, `schema.name`. */
  readonly to: string
  /** Column here → column there; the columns there are unique (checked). */
  readonly on: Readonly<Record<string, string>>
}

/** By what a metric can be split and filtered. Dimensions of the same name in several metrics are one filter on a dashboard. */
export interface DimensionNode {
  readonly name: string
  readonly label: Label
  /** A column of the model, or `join.column`. */
  readonly column: string
}

/** A metric as plain data. */
export interface MetricNode {
  readonly name: string
  readonly label: Label
  readonly description: string
  /** Table or model, `schema.name`. */
  readonly from: string
  /** The column that says when a row counts. A `date`, `timestamp` (UTC) or `timestamptz`. */
  readonly time: string
  readonly value: Aggregate | Ratio
  readonly joins: readonly MetricJoin[]
  readonly dimensions: readonly DimensionNode[]
  readonly format: ValueFormat
  /** Which way is good. */
  readonly direction: 'up' | 'down' | 'none'
  /** Raised by hand when the meaning changes. Default: 1. */
  readonly version: number
  /** File and line. */
  readonly place: string
}
