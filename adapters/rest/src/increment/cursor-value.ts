import type { CursorFormat } from '../options.ts'

/** A cursor value as it is compared: microseconds since 1970, a number of any size, or text in code unit order. */
export type CursorValue = number | bigint | string

/** Formats whose values are times. */
export function isTimeFormat(format: CursorFormat): boolean {
  return format !== 'integer' && format !== 'text'
}

/** Reads a record's value; `undefined` when it is none. Times may be written as ISO 8601 or as a number, whatever the parameter's format. */
export function parseCursorValue(text: string, format: CursorFormat): CursorValue | undefined {
  if (format === 'text') return text
  const isWhole = /^-?\d+$/.test(text)
  if (format === 'integer') {
    if (!isWhole) return undefined
    const value = Number(text)
    return Number.isSafeInteger(value) ? value : BigInt(text)
  }
  if (/^-?\d+(\.\d+)?$/.test(text)) return parseEpoch(text, format)
  return parseIso(text)
}

function parseEpoch(text: string, format: CursorFormat): number | undefined {
  const value = Number(text)
  const isMilliseconds =
    format === 'epoch milliseconds' || (format !== 'epoch seconds' && Math.abs(value) > 1e11)
  return Math.floor(value * (isMilliseconds ? 1e3 : 1e6))
}

const isoPattern =
  /^(\d{4}-\d\d-\d\d)(?:([Tt ])(\d\d:\d\d(?::\d\d)?)(?:[.,](\d+))?\s*([Zz]|[+-]\d\d:?\d\d|[+-]\d\d)?)?$/

/** Microseconds since 1970; a time without zone is taken as UTC. */
function parseIso(text: string): number | undefined {
  const match = isoPattern.exec(text)
  if (match === null) return undefined
  const [, day = '', , time = '00:00:00', fraction = '', zone = 'Z'] = match
  const milliseconds = Date.parse(`${day}T${time}${normaliseZone(zone)}`)
  if (Number.isNaN(milliseconds)) return undefined
  return milliseconds * 1000 + Number(fraction.padEnd(6, '0').slice(0, 6))
}

function normaliseZone(zone: string): string {
  if (/^z$/i.test(zone)) return 'Z'
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0')
  return `${zone[0]}${digits.slice(0, 2)}:${digits.slice(2)}`
}

/** Negative when `a` is less than `b`. */
export function compareCursorValues(a: CursorValue, b: CursorValue): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/**
 * Writes a value for the parameter, rounded down to what the format holds.
 * @param like a text from the records: ISO 8601 is written in its manner (fraction, separator, zone or none).
 */
export function formatCursorValue(value: CursorValue, format: CursorFormat, like = ''): string {
  if (typeof value !== 'number' || !isTimeFormat(format)) return String(value)
  if (format === 'epoch seconds') return String(Math.floor(value / 1e6))
  if (format === 'epoch milliseconds') return String(Math.floor(value / 1e3))
  return format === 'date' ? new Date(value / 1000).toISOString().slice(0, 10) : formatIso(value, like)
}

function formatIso(microseconds: number, like: string): string {
  const [, , separator, , fraction = '', zone] = isoPattern.exec(like) ?? []
  const seconds = Math.floor(microseconds / 1e6)
  const text = new Date(seconds * 1000).toISOString().slice(0, 19)
  if (like !== '' && separator === undefined && isoPattern.test(like)) return text.slice(0, 10)
  const digits = String(microseconds - seconds * 1e6).padStart(6, '0')
  const shownFraction =
    fraction === '' ? '' : `.${digits.padEnd(fraction.length, '0').slice(0, fraction.length)}`
  const isZoneless = separator !== undefined && zone === undefined
  const shownZone = isZoneless ? '' : zone === undefined || /^z$/i.test(zone) ? 'Z' : '+00:00'
  return `${text.replace('T', separator ?? 'T')}${shownFraction}${shownZone}`
}
