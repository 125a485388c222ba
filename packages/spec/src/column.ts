/** The kinds of column type that Caudal carries from source field to tile, on every warehouse. */
export const columnKinds = [
  'text',
  'boolean',
  'integer',
  'decimal',
  'double',
  'date',
  'time',
  'timestamp',
  'timestamptz',
  'json',
  'bytes',
] as const

/** One of {@link columnKinds}. */
export type ColumnKind = (typeof columnKinds)[number]

/**
 * A column's type. `integer` is a signed 64-bit integer; larger ones are `decimal(38, 0)`. `decimal` has a precision of 1 to 38 digits
 * and a scale of 0 to precision. `timestamp` has no zone; `timestamptz` is an instant (microseconds, UTC). Decimals and integers reach
 * JavaScript as strings, never as numbers.
 */
export type ColumnType =
  | { readonly kind: Exclude<ColumnKind, 'decimal'> }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }

/** A column of a table. */
export interface Column {
  /** Normalised name (see {@link normaliseName}). */
  readonly name: string
  /** The field's name in the source. Default: `name`. */
  readonly field?: string
  readonly type: ColumnType
  /** Default: `true`. */
  readonly nullable?: boolean
  /** No value was seen when the type was sampled: it is a placeholder (`text`) that the first real type replaces. */
  readonly isUnseen?: true
  /** Declared by the project: not widened when a value does not fit, also where other columns of the stream were sampled. */
  readonly isDeclared?: true
  readonly description?: string
}

/** A column's type as text: `decimal(18,2)`, `text`. The inverse of {@link parseColumnType}. */
export function formatColumnType(type: ColumnType): string {
  return type.kind === 'decimal' ? `decimal(${type.precision},${type.scale})` : type.kind
}

/** Parses the text form of a type; `undefined` for anything else. */
export function parseColumnType(text: string): ColumnType | undefined {
  const decimal = /^decimal\((\d+),\s*(\d+)\)$/.exec(text)
  if (decimal !== null) return { kind: 'decimal', precision: Number(decimal[1]), scale: Number(decimal[2]) }
  const kind = columnKinds.find((known) => known === text)
  return kind === undefined || kind === 'decimal' ? undefined : { kind }
}

/** Whether two types are the same, precision and scale included. */
export function isSameType(a: ColumnType, b: ColumnType): boolean {
  return formatColumnType(a) === formatColumnType(b)
}
