declare const kind: unique symbol
declare const nothing: unique symbol

/** A record without names: what is meant when a record is left out. */
export type NoNames = { readonly [nothing]?: never }

/** A decimal as text, every digit kept: `1234.50`. */
export type Decimal = string & { readonly [kind]: 'decimal' }

/** A signed 64-bit integer as text. */
export type Integer = string & { readonly [kind]: 'integer' }

/** A calendar day, `2026-03-29`. */
export type LocalDate = string & { readonly [kind]: 'date' }

/** A time of day, `14:05:00`. */
export type LocalTime = string & { readonly [kind]: 'time' }

/** Date and time without a zone, `2026-03-29T14:05:00`. */
export type Timestamp = string & { readonly [kind]: 'timestamp' }

/** An instant, `2026-03-29T12:05:00Z`. */
export type Instant = string & { readonly [kind]: 'timestamptz' }

/** Tables whose columns are not known: every name is accepted. What the functions use that were not narrowed by `authoring<Tables>()`. */
export type AnyTables = Readonly<Record<string, Readonly<Record<string, never>>>>

/** Names of tables and models. */
export type TableName<Tables> = keyof Tables & string

/** Columns of a table. */
export type ColumnName<Tables, Table extends keyof Tables> = keyof Tables[Table] & string

type ColumnsOfType<Row, Type> = {
  [Name in keyof Row]: NonNullable<Row[Name]> extends Type ? Name : never
}[keyof Row] &
  string

/** Columns that can be summed. */
export type NumericColumn<Row> = ColumnsOfType<Row, Decimal | Integer | number>

/** Columns that can say when a row counts. */
export type TimeColumn<Row> = ColumnsOfType<Row, LocalDate | Timestamp | Instant>
