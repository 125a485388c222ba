import type { Column, Grain, JsonValue, ValueFormat } from '@caudal/spec'
import type { Language } from './settings.ts'

/** Everything that turns data into text: by `Intl`, in one number locale, one language for words and one time zone. */
export interface Format {
  /** A decimal string as its metric declares it; every digit that the format keeps is exact. */
  value(value: string | null, format: ValueFormat): string
  /**
   * As {@link Format.value} for a glance: where the metric declares no decimals and the largest number beside it (default: itself) has
   * five digits or more, whole.
   */
  glance(value: string | null, format: ValueFormat, largest?: number): string
  /** For axes: rounded to about three digits. */
  short(value: number, format: ValueFormat): string
  percent(share: number, decimals?: number): string
  integer(value: number): string
  /** Rounded to so many decimals. */
  decimal(value: number, decimals: number): string
  bytes(value: number): string
  /** `1h 5m`, from seconds. */
  duration(seconds: number): string
  /** A bucket of a time series. */
  bucket(at: string, grain: Grain): string
  /** A bucket on an axis; `isFirst` carries the year where months lie around. */
  tick(at: string, grain: Grain, isFirst: boolean): string
  /** The local date and time of an instant as ISO 8601 without a zone; a local date as it is. */
  local(at: string): string
  /** A local date, `2026-03-01`. */
  day(date: string): string
  /** An instant with date and time. */
  instant(at: string): string
  /** The time of day of an instant, with seconds. */
  clock(at: string): string
  /** How long ago: `2 minutes ago`. What the server's clock puts after `now` is now. */
  ago(at: string, now: number, style?: 'long' | 'short'): string
  /** How soon: `in 2 minutes`; what should have been is now. */
  until(at: string, now: number): string
  /** A cell of a table of rows. */
  cell(value: JsonValue | undefined, column: Pick<Column, 'name' | 'type'>): string
}

/** What stands for "no value". */
const emptyMark = '—'

/** In what a {@link Format} writes. */
export interface FormatSettings {
  readonly language: Language
  /** BCP 47, for numbers. */
  readonly locale: string
  /** IANA zone. */
  readonly timeZone: string
}

type NumberText = `${number}`

/** Makes a {@link Format}. */
export function createFormat(settings: FormatSettings): Format {
  const words = wordLocale(settings)
  const numbers = cached(
    (options: Intl.NumberFormatOptions) => new Intl.NumberFormat(settings.locale, options),
  )
  const dates = cached((options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(words, options))
  const localTime = new Intl.DateTimeFormat('sv-SE', {
    dateStyle: 'short',
    timeStyle: 'short',
    timeZone: settings.timeZone,
  })
  const relative = cached(
    (options: Intl.RelativeTimeFormatOptions) => new Intl.RelativeTimeFormat(words, options),
  )
  const units = cached((options: Intl.NumberFormatOptions) => new Intl.NumberFormat(words, options))
  const unit = (value: number, name: string, unitDisplay: 'short' | 'narrow' = 'short'): string => {
    const parts = units({ style: 'unit', unit: name, unitDisplay }).formatToParts(value)
    const first = parts.find(({ type }) => isOfNumber(type))
    const number = numbers({ maximumFractionDigits: 1 }).format(value)
    return parts.map((part) => (part === first ? number : isOfNumber(part.type) ? '' : part.value)).join('')
  }

  const format: Format = {
    value: (value, how) => {
      if (value === null) return emptyMark
      if (!isDecimal(value)) return value
      if (how.kind === 'duration') return format.duration(Number(value))
      const text = numbers(numberOptions(how)).format(value)
      return how.kind === 'number' && how.unit !== undefined ? `${text} ${how.unit}` : text
    },
    glance: (value, how, largest = Number(value)) => {
      const isCounted = how.kind === 'currency' || how.kind === 'number'
      return format.value(value, isCounted && Math.abs(largest) >= 10_000 ? { decimals: 0, ...how } : how)
    },
    short: (value, how) => {
      if (how.kind === 'duration') return format.duration(value)
      if (how.kind === 'percent') return numbers({ style: 'percent', maximumFractionDigits: 1 }).format(value)
      const digits: Intl.NumberFormatOptions = { notation: 'compact', maximumSignificantDigits: 3 }
      return how.kind === 'number'
        ? numbers(digits).format(value)
        : numbers({ ...digits, style: 'currency', currency: how.currency }).format(value)
    },
    percent: (share, decimals = 1) =>
      numbers({
        style: 'percent',
        minimumFractionDigits: decimals,
        maximumFractionDigits: decimals,
      }).format(share),
    integer: (value) => numbers({ ...grouped, maximumFractionDigits: 0 }).format(value),
    decimal: (value, decimals) =>
      numbers({ minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(value),
    bytes: (value) => {
      const power = Math.min(4, Math.floor(Math.log10(Math.max(1, value)) / 3))
      return unit(
        value / 1000 ** power,
        ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'][power] ?? 'byte',
      )
    },
    duration: (seconds) => formatDuration(seconds, (value, name) => unit(value, name, 'narrow')),
    bucket: (at, grain) => {
      if (grain === 'quarter') return quarterName[settings.language](quarterOf(at), at.slice(0, 4))
      const date = dates(bucketOptions(grain, at, settings.timeZone)).format(Date.parse(at))
      return grain === 'week' ? weekName[settings.language](date) : date
    },
    tick: (at, grain, isFirst) =>
      grain === 'quarter'
        ? quarterName[settings.language](quarterOf(at), at.slice(0, 4))
        : dates(tickOptions(grain, at, isFirst, settings.timeZone)).format(Date.parse(at)),
    local: (at) => (at.length === 10 ? at : localTime.format(Date.parse(at)).replace(' ', 'T')),
    day: (date) => dates({ dateStyle: 'medium', timeZone: 'UTC' }).format(Date.parse(date)),
    instant: (at) =>
      dates({ dateStyle: 'medium', timeStyle: 'short', timeZone: settings.timeZone }).format(Date.parse(at)),
    clock: (at) => dates({ timeStyle: 'medium', timeZone: settings.timeZone }).format(Date.parse(at)),
    ago: (at, now, style = 'long') =>
      formatApart(Math.min(0, Date.parse(at) - now) / 1000, relative({ numeric: 'auto', style })),
    until: (at, now) => formatApart(Math.max(0, Date.parse(at) - now) / 1000, relative({ numeric: 'auto' })),
    cell: (value, column) => formatCell(value, column, settings, format, numbers),
  }
  return format
}

/** Whether a part of a formatted quantity belongs to its number, rather than to its unit. */
function isOfNumber(type: Intl.NumberFormatPartTypes): boolean {
  return !['unit', 'literal'].includes(type)
}

/** Words follow the language; where number locale and language agree, its region decides the order of a date. */
function wordLocale(settings: FormatSettings): string {
  return settings.locale.split('-')[0] === settings.language ? settings.locale : settings.language
}

function cached<Options extends object, Result>(
  make: (options: Options) => Result,
): (options: Options) => Result {
  const made = new Map<string, Result>()
  return (options) => {
    const key = JSON.stringify(options)
    const found = made.get(key) ?? make(options)
    made.set(key, found)
    return found
  }
}

/** Whether the text is a plain decimal number. */
function isDecimal(text: string): text is NumberText {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)
}

/** Columns of numbers line up: also four digits are grouped, which some locales leave out. */
const grouped: Intl.NumberFormatOptions = { useGrouping: 'always' }

function numberOptions(how: Exclude<ValueFormat, { kind: 'duration' }>): Intl.NumberFormatOptions {
  const fixed =
    how.decimals === undefined
      ? {}
      : { minimumFractionDigits: how.decimals, maximumFractionDigits: how.decimals }
  if (how.kind === 'percent')
    return { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1, ...fixed }
  if (how.kind === 'number') return { maximumFractionDigits: 2, ...grouped, ...fixed }
  return { style: 'currency', currency: how.currency, ...grouped, ...fixed }
}

function formatDuration(seconds: number, unit: (value: number, name: string) => string): string {
  const steps = [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
  ] as const
  if (Math.abs(seconds) < 60) return unit(seconds, 'second')
  let rest = Math.round(Math.abs(seconds))
  const parts: string[] = []
  for (const [name, size] of [...steps, ['second', 1] as const]) {
    const count = Math.floor(rest / size)
    rest -= count * size
    if (count > 0) parts.push(unit(count, name))
    if (parts.length === 2 || (parts.length === 1 && count === 0)) break
  }
  return (seconds < 0 ? '−' : '') + parts.join(' ')
}

/** A local date is a day of the calendar in any zone; an instant is read in the viewer's. */
function zoneOf(at: string, timeZone: string): string {
  return at.length === 10 ? 'UTC' : timeZone
}

function bucketOptions(grain: Grain, at: string, timeZone: string): Intl.DateTimeFormatOptions {
  const zone = { timeZone: zoneOf(at, timeZone) }
  if (grain === 'year') return { year: 'numeric', ...zone }
  if (grain === 'month') return { month: 'long', year: 'numeric', ...zone }
  if (grain === 'hour')
    return { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', ...zone }
  const weekday = grain === 'week' ? {} : { weekday: 'short' as const }
  return { ...weekday, day: 'numeric', month: 'short', year: 'numeric', ...zone }
}

function tickOptions(
  grain: Grain,
  at: string,
  isFirst: boolean,
  timeZone: string,
): Intl.DateTimeFormatOptions {
  const zone = { timeZone: zoneOf(at, timeZone) }
  if (grain === 'year') return { year: 'numeric', ...zone }
  if (grain === 'month') {
    return isFirst || at.slice(5, 7) === '01'
      ? { month: 'short', year: 'numeric', ...zone }
      : { month: 'short', ...zone }
  }
  if (grain === 'hour')
    return isFirst
      ? { day: 'numeric', month: 'short', hour: '2-digit', ...zone }
      : { hour: '2-digit', minute: '2-digit', ...zone }
  return { day: 'numeric', month: 'short', ...zone }
}

function formatApart(seconds: number, relative: Intl.RelativeTimeFormat): string {
  const size = Math.abs(seconds)
  if (size < 45) return relative.format(Math.round(seconds), 'second')
  if (size < 45 * 60) return relative.format(Math.round(seconds / 60), 'minute')
  if (size < 22 * 3600) return relative.format(Math.round(seconds / 3600), 'hour')
  if (size < 45 * 86_400) return relative.format(Math.round(seconds / 86_400), 'day')
  if (size < 345 * 86_400) return relative.format(Math.round(seconds / (30.44 * 86_400)), 'month')
  return relative.format(Math.round(seconds / (365.25 * 86_400)), 'year')
}

function formatCell(
  value: JsonValue | undefined,
  column: Pick<Column, 'name' | 'type'>,
  settings: FormatSettings,
  format: Format,
  numbers: (options: Intl.NumberFormatOptions) => Intl.NumberFormat,
): string {
  if (value === null || value === undefined) return emptyMark
  if (typeof value === 'boolean') return yesNo[settings.language][value ? 0 : 1]
  if (typeof value === 'object') return JSON.stringify(value)
  const text = String(value)
  switch (column.type.kind) {
    case 'integer':
    case 'decimal':
    case 'double':
      if (!isDecimal(text) || /(^|_)(id|key|number|code|year)$/.test(column.name)) return text
      return numbers({ minimumFractionDigits: fractionDigits(text), maximumFractionDigits: 20 }).format(text)
    case 'date':
      return isTime(text) ? format.day(text) : text
    case 'timestamptz':
      return isTime(text) ? format.instant(text) : text
    default:
      return text
  }
}

function fractionDigits(text: string): number {
  return /e/i.test(text) ? 0 : Math.min(20, text.split('.')[1]?.length ?? 0)
}

function isTime(text: string): boolean {
  return !Number.isNaN(Date.parse(text))
}

function quarterOf(at: string): number {
  return Math.ceil(Number(at.slice(5, 7)) / 3)
}

const quarterName = {
  en: (quarter: number, year: string): string => `Q${quarter} ${year}`,
  es: (quarter: number, year: string): string => `${quarter}.º trim. ${year}`,
} as const
const weekName = {
  en: (day: string): string => `Week of ${day}`,
  es: (day: string): string => `Semana del ${day}`,
} as const
const yesNo = { en: ['yes', 'no'], es: ['sí', 'no'] } as const
