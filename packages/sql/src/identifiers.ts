import type { JsonValue } from '@caudal/spec'

/** Quotes an identifier. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** Quotes `schema.name` as a relation. */
export function quoteTable(table: string): string {
  const dot = table.indexOf('.')
  if (dot === -1) return quoteIdentifier(table)
  return `${quoteIdentifier(table.slice(0, dot))}.${quoteIdentifier(table.slice(dot + 1))}`
}

/** A plain value as a SQL literal that DuckDB and PostgreSQL read alike; objects and arrays as JSON text. */
export function quoteLiteral(value: JsonValue): string {
  if (value === null) return 'null'
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return value < 0 ? `(${value})` : String(value)
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return `'${text.replaceAll("'", "''")}'`
}
