import type { JsonValue } from '@caudal/spec'

/** A cell: `text` may hold anything a source delivered, `number` is a decimal string of ours. */
export interface CsvCell {
  readonly kind: 'text' | 'number'
  readonly value: JsonValue
}

/** A table to be written as CSV. */
export interface CsvTable {
  readonly header: readonly string[]
  readonly rows: readonly (readonly CsvCell[])[]
}

/** A text cell. */
export function textCell(value: JsonValue): CsvCell {
  return { kind: 'text', value }
}

/** A number cell. */
export function numberCell(value: JsonValue): CsvCell {
  return { kind: 'number', value }
}

/**
 * Writes CSV by RFC 4180: lines end in CRLF; a cell with a comma, quote or line break is quoted. No value is an empty cell, an empty
 * text is `""`. A text that a spreadsheet would run as a formula (it begins with `=`, `+`, `-`, `@`, tab or carriage return, after
 * white space too) gets an apostrophe in front (OWASP, *CSV injection*); numbers stay as they are.
 */
export function formatCsv(table: CsvTable): string {
  const lines = [table.header.map(textCell), ...table.rows]
  return lines.map((cells) => `${cells.map(formatCell).join(',')}\r\n`).join('')
}

function formatCell({ kind, value }: CsvCell): string {
  if (value === null) return ''
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  if (kind === 'number' && /^[-+]?[\d.]+(?:e[-+]?\d+)?$/i.test(text)) return text
  const safe = /^\s*[=+\-@＝＋－＠\t\r]/.test(text) ? `'${text}` : text
  return safe === '' || /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
