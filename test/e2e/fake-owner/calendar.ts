import type { DateRange, Grain, ViewState } from '@caudal/spec'

/** Days from the first to the last, both included, as ISO dates. */
export interface Days {
  readonly from: string
  readonly to: string
}

const dayMs = 86_400_000

/** A day moved by so many days. */
export function shift(day: string, days: number): string {
  return new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10)
}

/** The first day of the bucket that holds a day. */
export function startOf(grain: Grain, day: string): string {
  const date = new Date(`${day}T00:00:00Z`)
  if (grain === 'week') return shift(day, -((date.getUTCDay() + 6) % 7))
  const month = date.getUTCMonth()
  if (grain === 'year') return `${day.slice(0, 4)}-01-01`
  if (grain === 'quarter') return `${day.slice(0, 4)}-${String(month - (month % 3) + 1).padStart(2, '0')}-01`
  return grain === 'month' ? `${day.slice(0, 7)}-01` : day
}

/** The days of a range. */
export function daysOf(range: DateRange, today: string, first: string): Days {
  if (typeof range !== 'string') return range
  const count = /^last (\d+) days$/.exec(range)?.[1]
  if (count !== undefined) return { from: shift(today, 1 - Number(count)), to: today }
  if (range === 'last 12 months') return { from: shift(startOf('month', shift(today, -334)), 0), to: today }
  if (range === 'this month') return { from: startOf('month', today), to: today }
  if (range === 'this quarter') return { from: startOf('quarter', today), to: today }
  if (range === 'this year') return { from: startOf('year', today), to: today }
  return { from: range === 'all time' ? first : today, to: today }
}

/** The days that a view compares with. */
export function previousDays(view: ViewState, days: Days): Days | undefined {
  if (view.comparison === 'none') return undefined
  if (view.comparison === 'previous year') return { from: shift(days.from, -365), to: shift(days.to, -365) }
  const length = (Date.parse(days.to) - Date.parse(days.from)) / dayMs + 1
  return { from: shift(days.from, -length), to: shift(days.to, -length) }
}

/** The grain of a view, by the length of its range where it names none. */
export function grainOf(view: ViewState, days: Days): Grain {
  const length = (Date.parse(days.to) - Date.parse(days.from)) / dayMs + 1
  return view.grain === 'hour'
    ? 'day'
    : (view.grain ?? (length <= 45 ? 'day' : length <= 200 ? 'week' : 'month'))
}

/** The buckets of a range by their first days. */
export function bucketsOf(days: Days, grain: Grain): readonly string[] {
  const buckets: string[] = []
  for (let day = days.from; day <= days.to; day = shift(day, 1)) {
    const start = startOf(grain, day)
    if (buckets.at(-1) !== start) buckets.push(start)
  }
  return buckets
}
