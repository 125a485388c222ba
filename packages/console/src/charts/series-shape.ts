import type { SeriesPoint } from '@caudal/spec'
import { scaleLinear, scalePoint, type ScaleLinear } from 'd3-scale'
import { area, line } from 'd3-shape'

/** The room inside the axes, in pixels. */
export interface Frame {
  readonly width: number
  readonly height: number
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** The paths of one series; `rest` is the part of the last, unfinished bucket. */
interface SeriesPath {
  readonly line: string
  readonly area: string
  readonly rest: string
  /** Values without neighbours: a line would not show them. */
  readonly lone: readonly number[]
}

/** The geometry of values over time. */
export interface SeriesShape {
  x(index: number): number
  y(value: number): number
  readonly ticks: readonly number[]
  readonly paths: readonly SeriesPath[]
  readonly previous: readonly SeriesPath[]
}

/** The number that is drawn for a decimal string; exact text stays in the data. */
export function drawn(value: string | null | undefined): number | undefined {
  if (value === null || value === undefined) return undefined
  const number = Number(value)
  return Number.isFinite(number) ? number : undefined
}

/** Lays out lines: a value scale that holds all values and, unless they lie far from it, zero. */
export function shapeSeries(
  points: readonly SeriesPoint[],
  previous: readonly SeriesPoint[],
  seriesCount: number,
  frame: Frame,
  isLastOpen: boolean,
): SeriesShape {
  const y = valueScale(
    [...points, ...previous].flatMap((point) => point.values),
    frame,
  )
  const along = scalePoint<number>()
    .domain(points.map((_point, index) => index))
    .range([frame.left, frame.width - frame.right])
  const x = (index: number): number => along(index) ?? frame.left
  const each = Array.from({ length: seriesCount }, (_, series) => series)
  const path = (of: readonly SeriesPoint[], series: number, isOpen: boolean): SeriesPath =>
    pathOf(
      of.slice(0, points.length).map((point) => drawn(point.values[series])),
      x,
      y,
      isOpen,
    )
  return {
    x,
    y: (value) => y(value),
    ticks: y.ticks(frame.height < 150 ? 3 : 4),
    paths: each.map((series) => path(points, series, isLastOpen)),
    previous: previous.length === 0 ? [] : each.map((series) => path(previous, series, false)),
  }
}

/** A linear scale over the values, from zero unless all of them lie in the upper part of the range. */
export function valueScale(
  values: readonly (string | null)[],
  frame: Frame,
  fromZero = false,
): ScaleLinear<number, number> {
  const numbers = values.flatMap((value) => drawn(value) ?? [])
  const low = numbers.reduce((least, value) => Math.min(least, value), Infinity)
  const high = numbers.reduce((most, value) => Math.max(most, value), -Infinity)
  const isFar = !fromZero && low > 0 && low > high * 0.7 && low < high
  const domain = numbers.length === 0 ? [0, 1] : [isFar ? low : Math.min(0, low), Math.max(0, high)]
  if (domain[0] === domain[1]) domain[1] = (domain[0] ?? 0) + 1
  return scaleLinear(domain, [frame.height - frame.bottom, frame.top]).nice(4)
}

function pathOf(
  values: readonly (number | undefined)[],
  x: (index: number) => number,
  y: ScaleLinear<number, number>,
  isOpen: boolean,
): SeriesPath {
  const has = (index: number): boolean => values[index] !== undefined
  const indexes = values.map((_value, index) => index)
  const at = (index: number): number => y(values[index] ?? 0)
  const last = values.length - 1
  const whole = isOpen ? indexes.slice(0, -1) : indexes
  const draw = line<number>().defined(has).x(x).y(at)
  const fill = area<number>()
    .defined(has)
    .x(x)
    .y1(at)
    .y0(y.range()[0] ?? 0)
  return {
    line: draw(whole) ?? '',
    area: fill(indexes) ?? '',
    rest: isOpen && last > 0 && has(last) && has(last - 1) ? (draw([last - 1, last]) ?? '') : '',
    lone: indexes.filter((index) => has(index) && !has(index - 1) && !has(index + 1)),
  }
}
