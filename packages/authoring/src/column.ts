import { normaliseFields, type Column, type ColumnType } from '@caudal/spec'

/** A value that becomes JSON. */
export type JsonInput = object | string | number | boolean | null

/** A column being declared. `Value` is what a row may hold there. */
export class ColumnBuilder<Value> {
  declare readonly value: Value
  readonly type: ColumnType
  readonly nullable: boolean
  readonly description: string | undefined

  constructor(type: ColumnType, nullable = true, description?: string) {
    this.type = type
    this.nullable = nullable
    this.description = description
  }

  /** A row without a value is refused. */
  notNull(): ColumnBuilder<NonNullable<Value>> {
    return new ColumnBuilder(this.type, false, this.description)
  }

  /** What the column means: shown in the catalogue. */
  describe(description: string): ColumnBuilder<Value> {
    return new ColumnBuilder(this.type, this.nullable, description)
  }
}

/** Columns by field name. A field's column has its normalised name: `closedAt` → `closed_at`. */
export type ColumnRecord = Readonly<Record<string, ColumnBuilder<unknown>>>

/** A row that fits the columns. Every column is named; one that is not `notNull()` may be `null`. */
export type RowOf<Columns extends ColumnRecord> = {
  readonly [Field in keyof Columns]: Columns[Field]['value']
}

/** Text. */
export function text(): ColumnBuilder<string | null> {
  return new ColumnBuilder({ kind: 'text' })
}

/** True or false. */
export function boolean(): ColumnBuilder<boolean | null> {
  return new ColumnBuilder({ kind: 'boolean' })
}

/** A signed 64-bit integer. Rows give a `bigint` where a `number` would lose digits (above 2^53). */
export function integer(): ColumnBuilder<number | bigint | null> {
  return new ColumnBuilder({ kind: 'integer' })
}

/** An exact decimal of up to 38 digits. Rows give text: a JavaScript number has already lost digits. */
export function decimal(precision: number, scale: number): ColumnBuilder<string | bigint | null> {
  return new ColumnBuilder({ kind: 'decimal', precision, scale })
}

/** A 64-bit floating point number. Not for money. */
export function double(): ColumnBuilder<number | null> {
  return new ColumnBuilder({ kind: 'double' })
}

/** A calendar day as ISO 8601 text, `2026-03-29`. */
export function date(): ColumnBuilder<string | null> {
  return new ColumnBuilder({ kind: 'date' })
}

/** A time of day as ISO 8601 text. */
export function time(): ColumnBuilder<string | null> {
  return new ColumnBuilder({ kind: 'time' })
}

/** Date and time without a zone as ISO 8601 text. */
export function timestamp(): ColumnBuilder<string | null> {
  return new ColumnBuilder({ kind: 'timestamp' })
}

/** An instant: a `Date`, or ISO 8601 text with an offset. */
export function timestamptz(): ColumnBuilder<string | Date | null> {
  return new ColumnBuilder({ kind: 'timestamptz' })
}

/** Nested data. */
export function json(): ColumnBuilder<JsonInput> {
  return new ColumnBuilder({ kind: 'json' })
}

/** Bytes. */
export function bytes(): ColumnBuilder<Uint8Array | null> {
  return new ColumnBuilder({ kind: 'bytes' })
}

/**
 * Declared columns as plain data, for the options of adapters: `columns: columns({ id: text().notNull(), amount: decimal(18, 2) })`.
 * @throws CaudalError `CAUDAL_NAME_COLLISION` when two fields become one column.
 */
export function columns(record: ColumnRecord): readonly Column[] {
  return [...normaliseFields(Object.keys(record), 'columns')].flatMap(([name, field]) => {
    const builder = record[field]
    if (builder === undefined) return []
    return {
      name,
      ...(name === field ? {} : { field }),
      type: builder.type,
      ...(builder.nullable ? {} : { nullable: false }),
      ...(builder.description === undefined ? {} : { description: builder.description }),
    }
  })
}
