import type { Operation } from '@caudal/spec'

/** Field that carries what happens to the row's key. */
const operationField = '"_caudal_operation"'

type Row = Readonly<Record<string, unknown>>

/**
 * Writes rows as newline-delimited JSON without losing anything: 64-bit integers as text, NaN and the infinities as text (JSON has neither),
 * instants as ISO 8601, bytes as base64, and undefined left out. Remembers every field that it saw.
 */
export class RowWriter {
  readonly #names = new Map<string, string>()

  /** Fields seen so far. */
  get fields(): string[] {
    return [...this.#names.keys()]
  }

  /** Lines of the rows, each ended by a newline. */
  write(rows: readonly Row[], operations?: readonly Operation[]): string {
    const lines: string[] = []
    for (const [index, row] of rows.entries()) {
      const line = this.#isPlain(row) ? JSON.stringify(row) : this.#line(row)
      const operation = operations?.[index]
      lines.push(operation === undefined ? line : withOperation(line, operation))
    }
    lines.push('')
    return lines.join('\n')
  }

  /** Whether JSON loses nothing of the row: then the engine's own writer is four times as fast as ours. */
  #isPlain(row: Row): boolean {
    const prototype: unknown = Object.getPrototypeOf(row)
    if (prototype !== Object.prototype && prototype !== null) return false
    for (const field in row) {
      const value = row[field]
      if (value === undefined) continue
      if (!isPlainValue(value)) return false
      this.#name(field)
    }
    return true
  }

  #line(row: Row): string {
    let line = ''
    for (const field in row) {
      const text = valueText(row[field])
      if (text !== undefined) line += `${line === '' ? '' : ','}${this.#name(field)}:${text}`
    }
    return `{${line}}`
  }

  #name(field: string): string {
    const known = this.#names.get(field)
    if (known !== undefined) return known
    const name = JSON.stringify(field)
    this.#names.set(field, name)
    return name
  }
}

function withOperation(line: string, operation: Operation): string {
  return `{${operationField}:"${operation}"${line === '{}' ? '' : ','}${line.slice(1)}`
}

function isPlainValue(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true
    case 'number':
      return Number.isFinite(value)
    case 'object':
      return value === null || value instanceof Date
    default:
      return false
  }
}

function valueText(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value)
    case 'number':
      return Number.isFinite(value) ? String(value) : `"${value}"`
    case 'boolean':
      return value ? 'true' : 'false'
    case 'bigint':
      return `"${value}"`
    case 'object':
      return objectText(value)
    default:
      return undefined
  }
}

function objectText(value: object | null): string {
  if (value === null) return 'null'
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'null' : `"${value.toISOString()}"`
  if (value instanceof Uint8Array) return `"${Buffer.from(value).toString('base64')}"`
  return JSON.stringify(value, nestedValue) ?? 'null'
}

function nestedValue(this: unknown, _key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  return value
}
