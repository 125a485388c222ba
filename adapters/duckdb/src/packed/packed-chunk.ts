import {
  BIGINT,
  BLOB,
  BOOLEAN,
  DECIMAL,
  DOUBLE,
  DuckDBDataChunk,
  TIME,
  TIMESTAMP,
  TIMESTAMPTZ,
  VARCHAR,
  type DuckDBType,
} from '@duckdb/node-api'
import duckdb, { type Vector } from '@duckdb/node-bindings'
import {
  packedDigitsMax,
  type Column,
  type ColumnType,
  type PackedColumn,
  type PackedRows,
} from '@caudal/spec'
import { duckdbType, id } from '../sql.ts'

/** Rows of a chunk: the engine's vector size. */
const chunkRows = 2048

/** The engine's type whose values in memory are those of a packed column. */
export function chunkType(type: ColumnType): DuckDBType {
  if (type.kind === 'decimal')
    return DECIMAL(type.precision <= packedDigitsMax ? packedDigitsMax : 38, type.scale)
  const types = {
    integer: BIGINT,
    date: BIGINT,
    time: TIME,
    timestamp: TIMESTAMP,
    timestamptz: TIMESTAMPTZ,
    double: DOUBLE,
    boolean: BOOLEAN,
    text: VARCHAR,
    json: VARCHAR,
    bytes: BLOB,
  } as const
  return types[type.kind]
}

/** SQL: the value of a packed column in its own type. */
export function unpacked({ name, type }: Column): string {
  if (type.kind === 'date') return `DATE '1970-01-01' + ${id(name)}::INTEGER`
  return type.kind === 'json' || type.kind === 'decimal' ? `${id(name)}::${duckdbType(type)}` : id(name)
}

/** The rows in chunks of the engine, their values copied as they lie in memory. */
export function* packedChunks(columns: readonly Column[], packed: PackedRows): Generator<DuckDBDataChunk> {
  const types = columns.map(({ type }) => chunkType(type))
  for (let from = 0; from < packed.rows; from += chunkRows) {
    const rows = Math.min(chunkRows, packed.rows - from)
    const chunk = DuckDBDataChunk.create(types, rows)
    for (const [index, column] of packed.columns.entries()) {
      const vector = duckdb.data_chunk_get_vector(chunk.chunk, index)
      copyValues(vector, column, from, rows)
      if (column.nulls !== undefined) copyValidity(vector, column.nulls.subarray(from, from + rows))
    }
    yield chunk
  }
}

function copyValues(vector: Vector, { values, nulls }: PackedColumn, from: number, rows: number): void {
  if (values.kind !== 'texts') {
    const width = values.kind === 'wideIntegers' ? 2 : 1
    const part = values.data.subarray(from * width, (from + rows) * width)
    duckdb.copy_data_to_vector(vector, 0, part.buffer as ArrayBuffer, part.byteOffset, part.byteLength)
    return
  }
  let start = values.ends[from - 1] ?? 0
  for (let row = 0; row < rows; row++) {
    const end = values.ends[from + row] ?? start
    if (nulls?.[from + row] !== 1)
      duckdb.vector_assign_string_element_len(vector, row, values.data.subarray(start, end))
    start = end
  }
}

/** The engine has one bit for each row, set where there is a value. */
function copyValidity(vector: Vector, nulls: Uint8Array): void {
  const bits = new Uint8Array(Math.ceil(nulls.length / 64) * 8).fill(0xff)
  for (const [row, isNull] of nulls.entries()) {
    const byte = row >> 3
    if (isNull === 1) bits[byte] = (bits[byte] ?? 0) & ~(1 << (row & 7))
  }
  duckdb.vector_ensure_validity_writable(vector)
  duckdb.copy_data_to_vector_validity(vector, 0, bits.buffer, 0, bits.byteLength)
}
