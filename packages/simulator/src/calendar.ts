/** Times inside the company are whole seconds since 1970 UTC; `NEVER` is a time that does not come. */
export const MINUTE = 60
export const HOUR = 3600
export const DAY = 86400
export const NEVER: number = Number.POSITIVE_INFINITY

const dayTexts = new Map<number, string>()
const twoDigits = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'))

/** `2026-03-29` of a time in seconds, in UTC. */
export function isoDate(seconds: number): string {
  const day = Math.floor(seconds / DAY)
  let text = dayTexts.get(day)
  if (text === undefined) {
    text = new Date(day * DAY * 1000).toISOString().slice(0, 10)
    dayTexts.set(day, text)
  }
  return text
}

/** `2026-03-29T01:30:00.000Z` of a time in whole seconds. */
export function isoTime(seconds: number): string {
  const inDay = seconds % DAY
  const hour = Math.floor(inDay / HOUR)
  const minute = Math.floor((inDay % HOUR) / MINUTE)
  return `${isoDate(seconds)}T${twoDigits[hour]}:${twoDigits[minute]}:${twoDigits[inDay % MINUTE]}.000Z`
}

const OPENS = 7 * HOUR
const CLOSES = 17 * HOUR

/** The time itself in office hours (Monday to Friday, 07:00–17:00 UTC), else a moment of the next ones. Never earlier. */
export function working(seconds: number): number {
  if (seconds === NEVER) return NEVER
  let day = Math.floor(seconds / DAY)
  let inDay = seconds % DAY
  const weekday = (day + 3) % 7
  if (weekday < 5 && inDay >= OPENS && inDay < CLOSES) return seconds
  if (weekday >= 5) day += 7 - weekday
  else if (inDay >= CLOSES) day += weekday === 4 ? 3 : 1
  inDay = OPENS + ((seconds * 7919) % (CLOSES - OPENS))
  return day * DAY + inDay
}

/** Midnight UTC at which the month after this time begins. */
export function nextMonth(seconds: number): number {
  const date = new Date(seconds * 1000)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) / 1000
}

/** The next instant at which European clocks change: 01:00 UTC on the last Sunday of March or October. */
export function nextClockChange(seconds: number): number {
  const year = new Date(seconds * 1000).getUTCFullYear()
  const changes = [clockChange(year, 2), clockChange(year, 9), clockChange(year + 1, 2)]
  return changes.find((change) => change >= seconds) as number
}

function clockChange(year: number, month: number): number {
  const lastDay = Date.UTC(year, month + 1, 0) / 1000 / DAY
  const daysSinceSunday = (lastDay + 4) % 7
  return (lastDay - daysSinceSunday) * DAY + HOUR
}
