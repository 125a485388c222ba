import { CaudalError, type Comparison, type Grain, type ViewState } from '@caudal/spec'
import type { Parameters } from './parameters.ts'
import { comparedPeriod, periodOf, type Period } from './period.ts'
import type { TimeKind } from './scan.ts'
import { binary, cast, column, integer, type Expression } from './sql-tree.ts'
import { formatInstant } from './buckets.ts'
import { localDay, offsetsBetween, startOfDayMs, type ZoneOffset } from './zone.ts'

/** When rows count: the period that is shown and the one it is compared with, in a zone. */
export interface TimeWindow {
  /** Absent: all time. */
  readonly current?: Period
  readonly previous?: Period
  readonly zone: string
  /** Buckets of a series. Absent: none. */
  readonly grain?: Grain
}

/** Instants between which the zone's offsets are told apart when the range has no bounds. */
const allTimeMs = [Date.UTC(1970, 0, 1), Date.UTC(2038, 0, 1)] as const

/** The window of a view at a moment. @throws CaudalError `CAUDAL_TIME_ZONE_INVALID` for an unknown time zone. */
export function windowOf(view: ViewState, comparison: Comparison, now: Date): TimeWindow {
  const zone = view.timeZone
  const current = periodOf(view.range, today(zone, now))
  const previous = current === undefined ? undefined : comparedPeriod(view.range, current, comparison)
  return {
    zone,
    ...(current === undefined ? {} : { current }),
    ...(previous === undefined ? {} : { previous }),
  }
}

function today(zone: string, now: Date): string {
  try {
    return localDay(zone, now.getTime())
  } catch (error) {
    throw new CaudalError({
      code: 'CAUDAL_TIME_ZONE_INVALID',
      message: `The view asks for the time zone ${zone}, which is not an IANA time zone such as Europe/Madrid. Nothing was computed.`,
      hint: 'Choose another time zone in the dashboard.',
      context: { timeZone: zone },
      cause: error,
    })
  }
}

/** Whether the two periods share days, so that a row may count in both. */
export function hasOverlap(window: TimeWindow): boolean {
  const { current, previous } = window
  return current !== undefined && previous !== undefined && previous.to > current.from
}

/** The conditions under which a row lies in the window. */
export function windowConditions(
  window: TimeWindow,
  time: string,
  kind: TimeKind,
  parameters: Parameters,
): readonly Expression[] {
  const { current, previous } = window
  if (current === undefined) return [{ kind: 'not', term: { kind: 'is null', value: column(time) } }]
  const from = boundary('from', current.from, kind, window.zone, parameters)
  const to = boundary('to', current.to, kind, window.zone, parameters)
  const before = binary(column(time), '<', to)
  if (previous === undefined) return [binary(column(time), '>=', from), before]
  const previousFrom = boundary('previous_from', previous.from, kind, window.zone, parameters)
  const conditions = [binary(column(time), '>=', previousFrom), before]
  if (previous.to === current.from) return conditions
  const previousTo = boundary('previous_to', previous.to, kind, window.zone, parameters)
  const terms = [binary(column(time), '<', previousTo), binary(column(time), '>=', from)]
  return [...conditions, { kind: 'or', terms }]
}

/** 0 for a row of the current period, 1 for one of the period before it. */
export function periodExpression(
  window: TimeWindow,
  time: string,
  kind: TimeKind,
  parameters: Parameters,
): Expression {
  if (window.current === undefined || window.previous === undefined) return integer(0)
  const from = boundary('from', window.current.from, kind, window.zone, parameters)
  return {
    kind: 'case',
    branches: [{ when: binary(column(time), '>=', from), value: integer(0) }],
    otherwise: integer(1),
  }
}

/** The bucket of a row: its first local day as a date, or for hours the instant as a timestamp in UTC. */
export function bucketExpression(
  window: TimeWindow,
  grain: Grain,
  time: string,
  kind: TimeKind,
  parameters: Parameters,
): Expression {
  const raw = column(time)
  if (kind === 'date') {
    if (grain === 'day' || grain === 'hour') return raw
    return cast({ kind: 'truncate', grain, value: cast(raw, 'timestamp') }, 'date')
  }
  const utc: Expression = kind === 'timestamptz' ? { kind: 'utc', value: raw } : raw
  const offset = offsetExpression(windowOffsets(window), time, kind, parameters)
  const local = offset === undefined ? utc : binary(utc, '+', offset)
  const truncated: Expression = { kind: 'truncate', grain, value: local }
  if (grain !== 'hour') return cast(truncated, 'date')
  return offset === undefined ? truncated : binary(truncated, '-', offset)
}

function windowOffsets(window: TimeWindow): readonly ZoneOffset[] {
  const { current, previous, zone } = window
  if (current === undefined) return offsetsBetween(zone, ...allTimeMs)
  const fromMs = startOfDayMs(zone, previous?.from ?? current.from)
  return offsetsBetween(zone, fromMs, startOfDayMs(zone, current.to))
}

/** How far local time is ahead of UTC, as an interval; a balanced tree of comparisons. `undefined`: never. */
function offsetExpression(
  offsets: readonly ZoneOffset[],
  time: string,
  kind: 'timestamp' | 'timestamptz',
  parameters: Parameters,
): Expression | undefined {
  const [first] = offsets
  if (first === undefined) return undefined
  if (offsets.length === 1) {
    return first.seconds === 0 ? undefined : { kind: 'seconds', count: first.seconds }
  }
  const branch = (some: readonly ZoneOffset[]): Expression => {
    const middle = some[Math.ceil(some.length / 2)]
    if (some.length === 1 || middle === undefined) return { kind: 'seconds', count: some[0]?.seconds ?? 0 }
    const change = parameters.add('clocks_change', instantText(middle.atMs, kind), kind)
    return {
      kind: 'case',
      branches: [
        { when: binary(column(time), '<', change), value: branch(some.slice(0, some.indexOf(middle))) },
      ],
      otherwise: branch(some.slice(some.indexOf(middle))),
    }
  }
  return branch(offsets)
}

function boundary(
  name: string,
  day: string,
  kind: TimeKind,
  zone: string,
  parameters: Parameters,
): Expression {
  const value = kind === 'date' ? day : instantText(startOfDayMs(zone, day), kind)
  return parameters.add(name, value, kind)
}

function instantText(ms: number, kind: 'timestamp' | 'timestamptz'): string {
  const text = formatInstant(ms)
  return kind === 'timestamptz' ? text : text.replace(/Z$/, '')
}
