import type { Comparison, DateRange, Grain } from '@caudal/spec'
import { addDays, addMonths, daysBetween, startOf, type LocalDay } from './calendar.ts'

/** Local days from `from` up to and without `to`. */
export interface Period {
  readonly from: LocalDay
  readonly to: LocalDay
}

/**
 * The days of a range on a given day; `undefined` for all time. Presets end with today. `last 12 months` begins on the first of the month eleven
 * months ago, so that its months are whole but for the current one.
 */
export function periodOf(range: DateRange, today: LocalDay): Period | undefined {
  if (typeof range !== 'string') return { from: range.from, to: addDays(range.to, 1) }
  const to = addDays(today, 1)
  switch (range) {
    case 'today':
      return { from: today, to }
    case 'last 7 days':
      return { from: addDays(today, -6), to }
    case 'last 30 days':
      return { from: addDays(today, -29), to }
    case 'last 90 days':
      return { from: addDays(today, -89), to }
    case 'last 12 months':
      return { from: addMonths(startOf('month', today), -11), to }
    case 'this month':
      return { from: startOf('month', today), to }
    case 'this quarter':
      return { from: startOf('quarter', today), to }
    case 'this year':
      return { from: startOf('year', today), to }
    case 'all time':
      return undefined
  }
}

/**
 * The days that a period is compared with. `previous period`: as many days before it; for ranges that began with a calendar unit
 * (`this month`, `this quarter`) the same elapsed days of the unit before, at most the whole unit; for `this year` and `last 12 months`
 * the same dates a year earlier. `previous year`: the same dates a year earlier (29 February: the 28th).
 */
export function comparedPeriod(range: DateRange, period: Period, comparison: Comparison): Period | undefined {
  if (comparison === 'none') return undefined
  if (comparison === 'previous year' || range === 'this year' || range === 'last 12 months') {
    const last = addDays(period.to, -1)
    return { from: addMonths(period.from, -12), to: addDays(addMonths(last, -12), 1) }
  }
  const days = daysBetween(period.from, period.to)
  if (range === 'this month' || range === 'this quarter') {
    const from = addMonths(period.from, range === 'this month' ? -1 : -3)
    const to = addDays(from, days)
    return { from, to: to < period.from ? to : period.from }
  }
  return { from: addDays(period.from, -days), to: period.from }
}

/** The most points that a series gets: a finer grain that was asked for gives way to the next coarser one. */
const pointsMax = 2000

/** The grain of a series: the one asked for as long as it gives at most 2,000 points, else one that suits the range. */
export function grainOf(period: Period | undefined, asked: Grain | undefined): Grain {
  if (period === undefined) return asked === undefined || asked === 'hour' ? 'month' : asked
  const days = daysBetween(period.from, period.to)
  if (asked === 'hour' && days * 24 > pointsMax) return grainOf(period, 'day')
  if (asked === 'day' && days > pointsMax) return grainOf(period, 'week')
  if (asked !== undefined) return asked
  if (days <= 2) return 'hour'
  if (days <= 62) return 'day'
  if (days <= 184) return 'week'
  return days <= 1100 ? 'month' : days <= 3700 ? 'quarter' : 'year'
}
