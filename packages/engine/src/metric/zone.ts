import { toDay, type LocalDay } from './calendar.ts'

/** From `atMs` on the zone's local time is UTC plus `seconds`. */
export interface ZoneOffset {
  readonly atMs: number
  readonly seconds: number
}

const formats = new Map<string, Intl.DateTimeFormat>()
const dayMs = 86_400_000

/** Seconds by which local time in an IANA zone is ahead of UTC at an instant. @throws RangeError for an unknown zone. */
export function offsetSeconds(zone: string, atMs: number): number {
  const wholeMs = Math.floor(atMs / 1000) * 1000
  const parts = new Map(
    formatOf(zone)
      .formatToParts(wholeMs)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0
  const date = new Date(0)
  date.setUTCFullYear(part('year'), part('month') - 1, part('day'))
  date.setUTCHours(part('hour'), part('minute'), part('second'))
  return (date.getTime() - wholeMs) / 1000
}

/**
 * The offsets of a zone within a range of instants: the first holds at its start, each other from its `atMs` on.
 * Two changes within a week that cancel each other are not seen; no zone has had such since 1970.
 */
export function offsetsBetween(zone: string, fromMs: number, toMs: number): readonly ZoneOffset[] {
  const offsets: ZoneOffset[] = [{ atMs: fromMs, seconds: offsetSeconds(zone, fromMs) }]
  for (let lowMs = fromMs; lowMs < toMs; lowMs += 7 * dayMs) {
    const highMs = Math.min(lowMs + 7 * dayMs, toMs)
    const seconds = offsetSeconds(zone, highMs)
    const before = offsets.at(-1)?.seconds
    if (seconds === before) continue
    const atMs = firstMs(lowMs, highMs, (ms) => offsetSeconds(zone, ms) !== before)
    if (atMs < toMs) offsets.push({ atMs, seconds })
  }
  return offsets
}

/** The instant at which a local day begins. Where its midnight does not exist, the day begins when the clocks were put forward. */
export function startOfDayMs(zone: string, day: LocalDay): number {
  const utcMs = Date.parse(day)
  return firstMs(utcMs - dayMs, utcMs + dayMs, (ms) => toDay(ms + offsetSeconds(zone, ms) * 1000) >= day)
}

/** The local day of an instant. */
export function localDay(zone: string, atMs: number): LocalDay {
  return toDay(atMs + offsetSeconds(zone, atMs) * 1000)
}

/** The first whole second in (low, high] for which the predicate, false at first and then true, holds. */
function firstMs(lowMs: number, highMs: number, holds: (ms: number) => boolean): number {
  let low = Math.floor(lowMs / 1000)
  let high = Math.ceil(highMs / 1000)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (holds(middle * 1000)) high = middle
    else low = middle
  }
  return high * 1000
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known !== undefined) return known
  const format = new Intl.DateTimeFormat('en-u-ca-iso8601-nu-latn', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formats.set(zone, format)
  return format
}
