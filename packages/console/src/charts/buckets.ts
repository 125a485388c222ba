import type { Grain } from '@caudal/spec'

const dayMs = 86_400_000
const monthsIn: Partial<Record<Grain, number>> = { month: 1, quarter: 3, year: 12 }
const daysIn: Partial<Record<Grain, number>> = { day: 1, week: 7 }

/** Whether a bucket had not ended when the answer was computed: its value is "so far". */
export function isOpenBucket(at: string, grain: Grain, asOf: string, timeZone: string): boolean {
  if (grain === 'hour') return Date.parse(asOf) < Date.parse(at) + dayMs / 24
  return localDay(asOf, timeZone) < nextBucket(at.slice(0, 10), grain)
}

/** The grain that buckets stand apart, where the answer does not say it. */
export function grainOf(ats: readonly string[]): Grain {
  const [first, second] = ats
  if (first === undefined || second === undefined) return 'day'
  const days = Math.round((Date.parse(second) - Date.parse(first)) / (dayMs / 24)) / 24
  if (days < 0.9) return 'hour'
  if (days < 6) return 'day'
  if (days < 27) return 'week'
  if (days < 80) return 'month'
  return days < 360 ? 'quarter' : 'year'
}

function nextBucket(at: string, grain: Grain): string {
  const start = new Date(`${at}T00:00:00Z`)
  start.setUTCMonth(start.getUTCMonth() + (monthsIn[grain] ?? 0))
  return new Date(start.getTime() + (daysIn[grain] ?? 0) * dayMs).toISOString().slice(0, 10)
}

function localDay(instant: string, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(Date.parse(instant))
}
