import type { Grain } from '@caudal/spec'
import { next, startOf } from './calendar.ts'
import type { Period } from './period.ts'
import { offsetSeconds, startOfDayMs } from './zone.ts'

const bucketsMax = 5000

/**
 * The buckets of a period in order, each by its first local day, hours by their instant. The first may begin before the period:
 * a week that the period cuts is labelled by its Monday.
 */
export function bucketsOf(period: Period, grain: Grain, zone: string): readonly string[] {
  if (grain === 'hour') return hoursOf(period, zone)
  const buckets: string[] = []
  for (let start = startOf(grain, period.from); start < period.to; start = next(grain, start)) {
    if (buckets.length === bucketsMax) return []
    buckets.push(start)
  }
  return buckets
}

/**
 * Local hours as instants: the hour that daylight saving repeats is there twice, the one it leaves out is not there.
 * Steps are half hours, since a zone may move its clocks by one.
 */
function hoursOf(period: Period, zone: string): readonly string[] {
  const hours = new Set<string>()
  const endMs = startOfDayMs(zone, period.to)
  for (let ms = startOfDayMs(zone, period.from); ms < endMs; ms += 1_800_000) {
    const offsetMs = offsetSeconds(zone, ms) * 1000
    hours.add(formatInstant(Math.floor((ms + offsetMs) / 3_600_000) * 3_600_000 - offsetMs))
  }
  return [...hours]
}

/** ISO 8601 in UTC, without fractions of a second. */
export function formatInstant(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
}
