import { refuseSettings, unknownSettings, type Aggregate, type ShapeOf } from '@caudal/spec'
import type { NumericColumn } from './row-types.ts'

/** Which rows count. */
export interface AggregateOptions {
  /** A boolean SQL expression over the columns of the metric's table. */
  readonly where?: string
}

const aggregateSettings: ShapeOf<AggregateOptions> = { where: true }

/** A number of rows. */
export interface RowCount extends AggregateOptions {
  readonly kind: 'aggregate'
  readonly function: 'count'
}

/** An aggregate of a column. */
export interface ColumnAggregate<
  Function extends Exclude<Aggregate['function'], 'count'>,
  Column extends string,
> extends AggregateOptions {
  readonly kind: 'aggregate'
  readonly function: Function
  readonly column: Column
}

/** Aggregates over the rows of a table. */
export type AggregateOf<Row> =
  | RowCount
  | ColumnAggregate<'count distinct', keyof Row & string>
  | ColumnAggregate<'sum' | 'min' | 'max' | 'average', NumericColumn<Row>>

/** A sum over a sum. */
export interface RatioOf<Part> {
  readonly kind: 'ratio'
  readonly numerator: Part
  readonly denominator: Part
}

/** What a metric measures. */
export type Measure<Row> = AggregateOf<Row> | RatioOf<AggregateOf<Row>>

/** Number of rows. */
export function count(options: AggregateOptions = {}): RowCount {
  checkSettings('count()', options)
  return { kind: 'aggregate', function: 'count', ...options }
}

/** Number of different values; null is none. */
export function countDistinct<const Column extends string>(
  column: Column,
  options: AggregateOptions = {},
): ColumnAggregate<'count distinct', Column> {
  checkSettings('countDistinct()', options)
  return { kind: 'aggregate', function: 'count distinct', column, ...options }
}

/** Sum. */
export function sum<const Column extends string>(
  column: Column,
  options: AggregateOptions = {},
): ColumnAggregate<'sum', Column> {
  checkSettings('sum()', options)
  return { kind: 'aggregate', function: 'sum', column, ...options }
}

/** Smallest value. */
export function min<const Column extends string>(
  column: Column,
  options: AggregateOptions = {},
): ColumnAggregate<'min', Column> {
  checkSettings('min()', options)
  return { kind: 'aggregate', function: 'min', column, ...options }
}

/** Largest value. */
export function max<const Column extends string>(
  column: Column,
  options: AggregateOptions = {},
): ColumnAggregate<'max', Column> {
  checkSettings('max()', options)
  return { kind: 'aggregate', function: 'max', column, ...options }
}

/** Sum over the number of rows that have a value. */
export function average<const Column extends string>(
  column: Column,
  options: AggregateOptions = {},
): ColumnAggregate<'average', Column> {
  checkSettings('average()', options)
  return { kind: 'aggregate', function: 'average', column, ...options }
}

/** Both sides are aggregated over the same rows, then divided; nothing over zero is no value. Never an average of ratios. */
export function ratio<const Numerator, const Denominator>(
  numerator: Numerator,
  denominator: Denominator,
): RatioOf<Numerator | Denominator> {
  return { kind: 'ratio', numerator, denominator }
}

function checkSettings(call: string, options: AggregateOptions): void {
  refuseSettings(call, unknownSettings(options, aggregateSettings))
}
