import {
  labelOf,
  refuseSettings,
  unknownSettings,
  type Label,
  type MetricDeclaration,
  type SettingsShape,
  type ShapeOf,
  type ValueFormat,
} from '@caudal/spec'
import type { Measure } from './aggregate.ts'
import { callerPlace } from './place.ts'
import type { AnyTables, ColumnName, NoNames, TableName, TimeColumn } from './row-types.ts'

/** A dimension with its label: {@link dimension}. */
export interface DimensionOptions<Column extends string> {
  readonly column: Column
  readonly label: Label
}

/** A many-to-one join: columns here → columns there, which are unique there (checked in every run). */
export interface JoinOptions<Tables, From extends TableName<Tables>, To extends TableName<Tables>> {
  readonly to: To
  readonly on: { readonly [Column in ColumnName<Tables, From>]?: ColumnName<Tables, To> }
}

/** Options of {@link metric}. */
export interface MetricOptions<
  Tables,
  From extends TableName<Tables>,
  Joins extends Readonly<Record<string, TableName<Tables>>>,
  Dimension extends string,
> {
  /** Default: the name of the export. */
  readonly name?: string
  /** Table or model whose rows count. */
  readonly from: From
  /** The column that says when a row counts: a date, a UTC timestamp or an instant. Rows without a time count in no range. */
  readonly time: TimeColumn<Tables[From]>
  readonly value: Measure<Tables[From]>
  /** Join name → join. */
  readonly joins?: { readonly [Join in keyof Joins]: JoinOptions<Tables, From, Joins[Join]> }
  /** Dimension → a column, `join.column`, or {@link dimension} with a label. */
  readonly dimensions?: {
    readonly [Name in Dimension]:
      | DimensionColumn<Tables, From, Joins>
      | DimensionOptions<DimensionColumn<Tables, From, Joins>>
  }
  /** One text for every language, or one per language. Default: made of the name. */
  readonly label?: Label | string
  readonly description?: string
  /** Default: a plain number. */
  readonly format?: ValueFormat
  /** Which way is good. Default: `up`. */
  readonly direction?: 'up' | 'down' | 'none'
  /** Raise it when the meaning changes. Default: 1. */
  readonly version?: number
}

type DimensionColumn<Tables, From extends TableName<Tables>, Joins> =
  | ColumnName<Tables, From>
  | {
      [Join in keyof Joins & string]: Joins[Join] extends TableName<Tables>
        ? `${Join}.${ColumnName<Tables, Joins[Join]>}`
        : never
    }[keyof Joins & string]

/** The type of {@link metric}, narrowed to the tables of a project. */
export type MetricFunction<Tables> = <
  const From extends TableName<Tables>,
  const Joins extends Readonly<Record<string, TableName<Tables>>> = NoNames,
  const Dimension extends string = never,
>(
  options: MetricOptions<Tables, From, Joins, Dimension>,
) => MetricDeclaration<Dimension>

/** A metric: what is counted, when a row counts, and by what it can be split. */
export const metric: MetricFunction<AnyTables> = declareMetric

/** A dimension with a label of its own; without one the label is made of the dimension's name. */
export function dimension<const Column extends string>(
  column: Column,
  label: Label | string,
): DimensionOptions<Column> {
  return { column, label: toLabel(label) }
}

/** A text as a label. */
export function toLabel(label: Label | string): Label {
  return typeof label === 'string' ? { en: label, es: label } : label
}

type AnyMetricOptions<Dimension extends string> = MetricOptions<
  AnyTables,
  string,
  Readonly<Record<string, string>>,
  Dimension
>

const settings: ShapeOf<AnyMetricOptions<string>> = {
  name: true,
  from: true,
  time: true,
  value: { kind: true, function: true, column: true, where: true, numerator: true, denominator: true },
  joins: true,
  dimensions: true,
  label: true,
  description: true,
  format: { kind: true, currency: true, decimals: true, unit: true },
  direction: true,
  version: true,
}
const joinSettings: ShapeOf<JoinOptions<AnyTables, string, string>> = { to: true, on: true }
const dimensionSettings: ShapeOf<DimensionOptions<string>> = { column: true, label: true }

function declareMetric<Dimension extends string>(
  options: AnyMetricOptions<Dimension>,
): MetricDeclaration<Dimension> {
  const { label, joins = {}, dimensions, ...rest } = options
  refuseSettings('metric()', [
    ...unknownSettings(options, settings),
    ...unknownInEach(joins, joinSettings, 'joins'),
    ...unknownInEach(dimensions ?? {}, dimensionSettings, 'dimensions'),
  ])
  return {
    description: '',
    format: { kind: 'number' },
    direction: 'up',
    version: 1,
    ...rest,
    kind: 'metric',
    ...(label === undefined ? {} : { label: toLabel(label) }),
    joins: Object.entries(joins).map(([name, join]) => ({ name, to: join.to, on: definedValues(join.on) })),
    dimensions: dimensionNodes(dimensions),
    place: callerPlace(declareMetric),
  }
}

function dimensionNodes<Dimension extends string>(
  dimensions: AnyMetricOptions<Dimension>['dimensions'],
): MetricDeclaration<Dimension>['dimensions'] {
  const names = Object.keys(dimensions ?? {}) as Dimension[]
  return names.flatMap((name) => {
    const given = dimensions?.[name]
    if (given === undefined) return []
    return typeof given === 'string'
      ? { name, column: given, label: labelOf(name) }
      : { name, column: given.column, label: given.label }
  })
}

function unknownInEach(
  given: Readonly<Record<string, unknown>>,
  shape: SettingsShape,
  where: string,
): string[] {
  return Object.entries(given).flatMap(([name, one]) =>
    typeof one === 'object' && one !== null ? unknownSettings(one, shape, `${where}.${name}.`) : [],
  )
}

function definedValues(record: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(record).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  )
}
