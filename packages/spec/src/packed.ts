import type { ColumnType } from './column.ts'

/**
 * Values of a column in memory, one per row; where there is none, any value.
 *
 * | column | values |
 * |---|---|
 * | integer | `integers` |
 * | decimal of up to 18 digits | `integers`, unscaled: 12.50 with scale 2 is 1250 |
 * | date | `integers`, days since 1970-01-01 |
 * | time | `integers`, microseconds since midnight |
 * | timestamp, timestamptz | `integers`, microseconds since 1970-01-01T00:00:00(Z) |
 * | double | `doubles` |
 * | boolean | `booleans`, 0 or 1 |
 * | decimal of more than 18 digits | `wideIntegers`, unscaled |
 * | text, json | `texts`, UTF-8 |
 * | bytes | `texts`, as they are |
 */
export type PackedValues =
  | { readonly kind: 'integers'; readonly data: BigInt64Array }
  /** Two for each row: the lower half, then the upper, of a number of 128 bits. */
  | { readonly kind: 'wideIntegers'; readonly data: BigInt64Array }
  | { readonly kind: 'doubles'; readonly data: Float64Array }
  | { readonly kind: 'booleans'; readonly data: Uint8Array }
  /** `ends`: where the text of each row ends in `data`; it begins where the one before ends. */
  | { readonly kind: 'texts'; readonly data: Uint8Array; readonly ends: Uint32Array }

/** A column of {@link PackedRows}. */
export interface PackedColumn {
  readonly values: PackedValues
  /** 1 for each row without a value. Absent: every row has one. */
  readonly nulls?: Uint8Array
}

/** Rows in memory by column: what crosses from operators to a warehouse without being written as text. */
export interface PackedRows {
  readonly rows: number
  /** In the order of the columns of their table. */
  readonly columns: readonly PackedColumn[]
  /** 1 for each row whose key is gone. Absent: every row is an upsert. */
  readonly deletes?: Uint8Array
}

/** Digits of the largest decimal that is packed as an integer of 64 bits. */
export const packedDigitsMax = 18

/** How the values of a column are packed. */
export function packedKind(type: ColumnType): PackedValues['kind'] {
  switch (type.kind) {
    case 'double':
      return 'doubles'
    case 'boolean':
      return 'booleans'
    case 'text':
    case 'json':
    case 'bytes':
      return 'texts'
    case 'decimal':
      return type.precision <= packedDigitsMax ? 'integers' : 'wideIntegers'
    default:
      return 'integers'
  }
}
