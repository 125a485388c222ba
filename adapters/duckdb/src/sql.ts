import type { Column, ColumnType, JsonValue, TableName } from '@caudal/spec'

/** Quotes an identifier. */
export function id(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** Quotes a text literal. */
export function lit(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** A plain value as a SQL literal; objects and arrays as JSON text. */
export function literal(value: JsonValue): string {
  if (value === null) return 'NULL'
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return lit(typeof value === 'string' ? value : JSON.stringify(value))
}

/** A qualified relation. */
export function relation(table: TableName): string {
  return `${id(table.schema)}.${id(table.name)}`
}

/** The DuckDB spelling of a type. */
export function duckdbType(type: ColumnType): string {
  switch (type.kind) {
    case 'decimal':
      return `DECIMAL(${type.precision},${type.scale})`
    case 'text':
      return 'VARCHAR'
    case 'integer':
      return 'BIGINT'
    case 'bytes':
      return 'BLOB'
    default:
      return type.kind.toUpperCase()
  }
}

/** The Caudal type of a DuckDB type; what Caudal has no word for is `text` or, when nested, `json`. */
export function columnType(duckdb: string): ColumnType {
  const decimal = /^DECIMAL\((\d+),\s*(\d+)\)$/.exec(duckdb)
  if (decimal !== null) return { kind: 'decimal', precision: Number(decimal[1]), scale: Number(decimal[2]) }
  if (/^(STRUCT|MAP|UNION)|\[\d*\]$/.test(duckdb)) return { kind: 'json' }
  const kind = simpleTypes[duckdb]
  return kind ?? { kind: 'text' }
}

const simpleTypes: Readonly<Record<string, ColumnType>> = {
  BOOLEAN: { kind: 'boolean' },
  TINYINT: { kind: 'integer' },
  SMALLINT: { kind: 'integer' },
  INTEGER: { kind: 'integer' },
  BIGINT: { kind: 'integer' },
  UTINYINT: { kind: 'integer' },
  USMALLINT: { kind: 'integer' },
  UINTEGER: { kind: 'integer' },
  UBIGINT: { kind: 'decimal', precision: 38, scale: 0 },
  HUGEINT: { kind: 'decimal', precision: 38, scale: 0 },
  UHUGEINT: { kind: 'decimal', precision: 38, scale: 0 },
  FLOAT: { kind: 'double' },
  DOUBLE: { kind: 'double' },
  DATE: { kind: 'date' },
  TIME: { kind: 'time' },
  TIMESTAMP: { kind: 'timestamp' },
  TIMESTAMP_S: { kind: 'timestamp' },
  TIMESTAMP_MS: { kind: 'timestamp' },
  TIMESTAMP_NS: { kind: 'timestamp' },
  'TIMESTAMP WITH TIME ZONE': { kind: 'timestamptz' },
  JSON: { kind: 'json' },
  BLOB: { kind: 'bytes' },
}

/** Column definitions of a CREATE TABLE. */
export function columnDefinitions(columns: readonly Column[]): string {
  return columns.map((column) => `${id(column.name)} ${duckdbType(column.type)}`).join(', ')
}

/** The columns' quoted names, optionally behind an alias. */
export function names(columns: readonly { readonly name: string }[], alias?: string): string {
  return columns.map((column) => (alias === undefined ? '' : `${alias}.`) + id(column.name)).join(', ')
}
