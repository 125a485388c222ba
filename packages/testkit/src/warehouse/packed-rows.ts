import { packedKind, type Column, type PackedColumn, type PackedRows } from '@caudal/spec'

/** A row as the suite writes it: each value as the whole number, double, boolean or text that it is packed as. */
export type PackableRow = Readonly<Record<string, bigint | number | boolean | string | Uint8Array | null>>

/** Packs rows for a flush. */
export function packRows(columns: readonly Column[], rows: readonly PackableRow[]): PackedRows {
  return { rows: rows.length, columns: columns.map((column) => packColumn(column, rows)) }
}

function packColumn(column: Column, rows: readonly PackableRow[]): PackedColumn {
  const list = rows.map((row) => row[column.name] ?? null)
  const nulls = Uint8Array.from(list, (value) => (value === null ? 1 : 0))
  switch (packedKind(column.type)) {
    case 'integers':
      return {
        nulls,
        values: { kind: 'integers', data: BigInt64Array.from(list, (value) => BigInt(Number(value ?? 0))) },
      }
    case 'wideIntegers': {
      const wholes = list.map((value) => (typeof value === 'bigint' ? value : 0n))
      const halves = wholes.flatMap((value) => [BigInt.asIntN(64, value), value >> 64n])
      return { nulls, values: { kind: 'wideIntegers', data: BigInt64Array.from(halves) } }
    }
    case 'doubles':
      return { nulls, values: { kind: 'doubles', data: Float64Array.from(list, Number) } }
    case 'booleans':
      return { nulls, values: { kind: 'booleans', data: Uint8Array.from(list, Number) } }
    case 'texts': {
      const texts = list.map((value) =>
        Buffer.from(value instanceof Uint8Array ? value : String(value ?? '')),
      )
      let end = 0
      const ends = Uint32Array.from(texts, (text) => (end += text.byteLength))
      return { nulls, values: { kind: 'texts', data: Buffer.concat(texts), ends } }
    }
  }
}
