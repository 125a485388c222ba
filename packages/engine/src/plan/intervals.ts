import type { IncrementalSettings } from '@caudal/spec'

/** A half-open UTC interval, ISO 8601: `start` is in it, `end` is not. */
export interface Interval {
  readonly start: string
  readonly end: string
}

/** Grains of incremental models. */
export type IntervalGrain = IncrementalSettings['grain']

/** The instant at which the interval of this grain that holds `at` begins, UTC. */
export function floorToGrain(at: string | Date, grain: IntervalGrain): Date {
  const floor = new Date(typeof at === 'string' ? toUtc(at) : at)
  floor.setUTCMinutes(0, 0, 0)
  if (grain !== 'hour') floor.setUTCHours(0)
  if (grain === 'month') floor.setUTCDate(1)
  return floor
}

/** The intervals of a grain that cover a range, in order; the first and the last may reach beyond it. Empty when `end` is not after `start`. */
export function intervalsBetween(
  start: string | Date,
  end: string | Date,
  grain: IntervalGrain,
): readonly Interval[] {
  const intervals: Interval[] = []
  const until = new Date(typeof end === 'string' ? toUtc(end) : end)
  let from = floorToGrain(start, grain)
  while (from < until) {
    const to = nextInterval(from, grain)
    intervals.push({ start: from.toISOString(), end: to.toISOString() })
    from = to
  }
  return intervals
}

/** Sorted, disjoint intervals that cover the same instants; those that touch become one. */
export function mergeIntervals(intervals: readonly Interval[]): readonly Interval[] {
  const merged: Interval[] = []
  const sorted = intervals.map(normaliseInterval).filter(({ start, end }) => start < end)
  for (const interval of sorted.toSorted((a, b) => (a.start < b.start ? -1 : 1))) {
    const last = merged.at(-1)
    if (last === undefined || last.end < interval.start) merged.push(interval)
    else if (last.end < interval.end) merged[merged.length - 1] = { start: last.start, end: interval.end }
  }
  return merged
}

/** Whether every instant of an interval lies in one of the others. */
export function isCovered(interval: Interval, by: readonly Interval[]): boolean {
  const { start, end } = normaliseInterval(interval)
  return start >= end || mergeIntervals(by).some((other) => other.start <= start && end <= other.end)
}

/** Whether two intervals share an instant. */
export function overlaps(a: Interval, b: Interval): boolean {
  const [left, right] = [normaliseInterval(a), normaliseInterval(b)]
  return left.start < right.end && right.start < left.end
}

/** The start of the next interval. */
function nextInterval(start: Date, grain: IntervalGrain): Date {
  const next = new Date(start)
  if (grain === 'hour') next.setUTCHours(next.getUTCHours() + 1)
  if (grain === 'day') next.setUTCDate(next.getUTCDate() + 1)
  if (grain === 'month') next.setUTCMonth(next.getUTCMonth() + 1)
  return next
}

function normaliseInterval({ start, end }: Interval): Interval {
  return { start: new Date(toUtc(start)).toISOString(), end: new Date(toUtc(end)).toISOString() }
}

/** ISO texts without a zone are UTC, never the machine's zone. */
function toUtc(text: string): string {
  return /^\d{4}-\d{2}-\d{2}[T ][\d:.]+$/.test(text) ? `${text.replace(' ', 'T')}Z` : text
}
