import type { Grain } from '@caudal/spec'

/** A calendar day, `2026-03-29`. */
export type LocalDay = string

const dayMs = 86_400_000

/** The day so many days later. */
export function addDays(day: LocalDay, days: number): LocalDay {
  return toDay(Date.parse(day) + days * dayMs)
}

/** The day so many months later; where the month is too short, its last day. */
export function addMonths(day: LocalDay, months: number): LocalDay {
  const [year, month, date] = partsOf(day)
  const first = Date.UTC(year, month - 1 + months, 1)
  const lengthDays = daysBetween(toDay(first), toDay(Date.UTC(year, month + months, 1)))
  return toDay(first + (Math.min(date, lengthDays) - 1) * dayMs)
}

/** Days from one day to another. */
export function daysBetween(from: LocalDay, to: LocalDay): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / dayMs)
}

/** First day of the week (Monday), month, quarter or year that holds the day. Hours and days begin on the day itself. */
export function startOf(grain: Grain, day: LocalDay): LocalDay {
  const [year, month] = partsOf(day)
  switch (grain) {
    case 'hour':
    case 'day':
      return day
    case 'week':
      return addDays(day, -((new Date(day).getUTCDay() + 6) % 7))
    case 'month':
      return toDay(Date.UTC(year, month - 1, 1))
    case 'quarter':
      return toDay(Date.UTC(year, month - 1 - ((month - 1) % 3), 1))
    case 'year':
      return toDay(Date.UTC(year, 0, 1))
  }
}

/** First day of the next week, month, quarter or year after a first day. */
export function next(grain: Exclude<Grain, 'hour'>, start: LocalDay): LocalDay {
  if (grain === 'day') return addDays(start, 1)
  if (grain === 'week') return addDays(start, 7)
  return addMonths(start, grain === 'month' ? 1 : grain === 'quarter' ? 3 : 12)
}

/** The day of a moment that is given as if its local time were UTC. */
export function toDay(localMs: number): LocalDay {
  const text = new Date(localMs).toISOString()
  return text.slice(0, text.indexOf('T'))
}

function partsOf(day: LocalDay): [number, number, number] {
  const date = new Date(day)
  return [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()]
}
