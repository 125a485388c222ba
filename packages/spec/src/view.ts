import type { ViewState } from './api.ts'
import {
  comparisons,
  grains,
  rangePresets,
  type Comparison,
  type DateRange,
  type Grain,
} from './dashboard.ts'
import { suggestion } from './did-you-mean.ts'
import { CaudalError } from './errors.ts'

const filterPrefix = 'f.'
const noValue = '~'

/**
 * Reads a view from a query string. Parameters that are absent take the defaults; parameters of other names are left alone.
 *
 * `range` a preset with dashes (`last-30-days`) or `2026-01-01..2026-01-31`; `compare` (`none`, `previous-period`, `previous-year`);
 * `grain`; `tz`; `f.<dimension>` once per chosen value, where `~` alone is "no value" and a value that begins with `~` carries one more.
 *
 * @throws CaudalError `CAUDAL_VIEW_INVALID`, naming the parameter, its value and what is allowed.
 */
export function parseView(parameters: URLSearchParams, defaults: ViewState): ViewState {
  const range = parameters.get('range')
  const comparison = parameters.get('compare')
  const grain = parameters.get('grain')
  const timeZone = parameters.get('tz')
  const chosenGrain = grain === null ? defaults.grain : oneOf<Grain>('grain', grain, grains)
  return {
    range: range === null ? defaults.range : parseRange(range),
    comparison:
      comparison === null ? defaults.comparison : oneOf<Comparison>('compare', comparison, comparisons),
    ...(chosenGrain === undefined ? {} : { grain: chosenGrain }),
    filters: parseFilters(parameters, defaults),
    timeZone: timeZone === null ? defaults.timeZone : parseTimeZone(timeZone),
  }
}

/**
 * Writes a view as a query string, the inverse of {@link parseView}; always in the same order, so that equal views have equal text.
 * With `defaults`, what equals them is left out: the address of a page stays short.
 */
export function formatView(view: ViewState, defaults?: ViewState): URLSearchParams {
  const parameters = new URLSearchParams()
  const put = (name: string, text: string | undefined, usual: string | undefined): void => {
    if (text !== undefined && text !== usual) parameters.append(name, text)
  }
  put('range', formatRange(view.range), defaults && formatRange(defaults.range))
  put('compare', dashed(view.comparison), defaults && dashed(defaults.comparison))
  put('grain', view.grain, defaults?.grain)
  for (const dimension of Object.keys(view.filters).toSorted()) {
    for (const value of view.filters[dimension] ?? []) {
      parameters.append(filterPrefix + dimension, formatFilterValue(value))
    }
  }
  put('tz', view.timeZone, defaults?.timeZone)
  return parameters
}

function parseFilters(parameters: URLSearchParams, defaults: ViewState): ViewState['filters'] {
  const chosen = new Map<string, (string | null)[]>()
  for (const [name, text] of parameters) {
    if (!name.startsWith(filterPrefix)) continue
    const dimension = name.slice(filterPrefix.length)
    const values = chosen.get(dimension) ?? []
    const value = parseFilterValue(text)
    if (!values.includes(value)) values.push(value)
    chosen.set(dimension, values)
  }
  return chosen.size === 0 ? defaults.filters : Object.fromEntries(chosen)
}

function parseFilterValue(text: string): string | null {
  if (text === noValue) return null
  return text.startsWith(noValue) ? text.slice(noValue.length) : text
}

function formatFilterValue(value: string | null): string {
  if (value === null) return noValue
  return value.startsWith(noValue) ? noValue + value : value
}

function parseRange(text: string): DateRange {
  const dates = /^(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})$/.exec(text)
  if (!dates) return oneOf('range', text, rangePresets, ' or two dates such as 2026-01-01..2026-01-31')
  const [, from = '', to = ''] = dates
  if (!isDate(from) || !isDate(to)) throw invalid('range', text, 'a day that is in the calendar')
  if (from > to) throw invalid('range', text, 'a first day that is not after the last')
  return { from, to }
}

function isDate(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

function formatRange(range: DateRange): string {
  return typeof range === 'string' ? dashed(range) : `${range.from}..${range.to}`
}

function parseTimeZone(text: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone && text
  } catch {
    throw invalid('tz', text, 'an IANA time zone such as Europe/Madrid')
  }
}

function oneOf<T extends string>(name: string, text: string, allowed: readonly T[], more = ''): T {
  const found = allowed.find((option) => dashed(option) === text)
  if (found !== undefined) return found
  const names = allowed.map(dashed)
  throw invalid(name, text, `one of ${names.join(', ')}${more}`, suggestion(text, names))
}

function dashed(text: string): string {
  return text.replaceAll(' ', '-')
}

function invalid(name: string, text: string, allowed: string, near = ''): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_VIEW_INVALID',
    message: `The address asks for ${name}=${text}, which is not ${allowed}.${near}`,
    hint: `Remove ${name} from the address, or choose it in the dashboard.`,
    context: { parameter: name, value: text },
  })
}
