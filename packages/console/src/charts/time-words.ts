import type { Grain, SeriesPoint, ValueFormat } from '@caudal/spec'
import type { Format } from '../i18n/format.ts'
import type { Messages } from '../i18n/messages-en.ts'
import { measureText } from './fit-text.ts'
import type { Slot } from './series-mark.tsx'
import { drawn, type Frame, type SeriesShape } from './series-shape.ts'
import { pickTicks } from './ticks.ts'
import type { TooltipLine } from './tooltip.tsx'
import type { Position } from './walk.ts'

/** One series of a chart over time. */
interface ChartSeries {
  readonly name: string
  readonly format: ValueFormat
  readonly slot: Slot
}

/** What a chart over time draws. */
export interface TimeData {
  readonly grain: Grain
  readonly points: readonly SeriesPoint[]
  /** Aligned by index; empty without comparison, and with several series, whose comparisons nobody could tell apart. */
  readonly previous: readonly SeriesPoint[]
  readonly series: readonly ChartSeries[]
  /** The last bucket has not ended. */
  readonly isLastOpen: boolean
}

/** The summary that the ear gets of a chart over time: each series from first to last with its extremes. */
export function summariseTime(data: TimeData, text: Messages, format: Format): string {
  const at = (index: number): string => format.bucket(data.points[index]?.at ?? '', data.grain)
  const parts = data.series.slice(0, 4).map((series, order) => {
    const values = data.points.map((point) => drawn(point.values[order]))
    const known = values.flatMap((value, index) => (value === undefined ? [] : [index]))
    const [first] = known
    const last = known.at(-1)
    if (first === undefined || last === undefined) return ''
    const by = (a: number, b: number): number => (values[a] ?? 0) - (values[b] ?? 0)
    const sorted = known.toSorted(by)
    const write = (index: number | undefined): string =>
      format.value(data.points[index ?? 0]?.values[order] ?? null, series.format)
    const [low = first] = sorted
    const high = sorted.at(-1) ?? last
    return `${text.chart.seriesSummary(series.name, at(first), at(last), write(first), write(last))} ${text.chart.extremes(write(low), at(low), write(high), at(high))}`
  })
  return `${text.view.byGrain[data.grain]}. ${parts.join(' ')}`.trim()
}

/** The value at a position as a sentence. */
export function describeTime(data: TimeData, position: Position, text: Messages, format: Format): string {
  const point = data.points[position.index]
  const series = data.series[position.series]
  if (point === undefined || series === undefined) return ''
  const value = format.value(point.values[position.series] ?? null, series.format)
  const former = data.previous[position.index]?.values[position.series]
  const before = former === undefined ? '' : `, ${text.chart.previous} ${format.value(former, series.format)}`
  const open = isOpen(data, position.index) ? ` ${text.chart.soFar}` : ''
  return `${format.bucket(point.at, data.grain)}: ${series.name} ${value}${open}${before}`
}

/** The lines of the tooltip at a bucket. */
export function timeLines(
  data: TimeData,
  position: Position,
  text: Messages,
  format: Format,
): readonly TooltipLine[] {
  const point = data.points[position.index]
  const former = data.previous[position.index]
  return data.series.flatMap((series, order): readonly TooltipLine[] => [
    {
      label: series.name,
      value: format.value(point?.values[order] ?? null, series.format),
      slot: series.slot,
      isActive: data.series.length > 1 && order === position.series,
    },
    ...(former === undefined
      ? []
      : [
          {
            label: text.chart.previous,
            value: format.value(former.values[order] ?? null, series.format),
            isFaint: true,
            ...(data.series.length === 1 ? { slot: 'previous' as const } : {}),
          },
        ]),
  ])
}

/** The title of the tooltip at a bucket. */
export function timeTitle(data: TimeData, index: number, text: Messages, format: Format): string {
  const title = format.bucket(data.points[index]?.at ?? '', data.grain)
  return isOpen(data, index) ? `${title} (${text.chart.soFar})` : title
}

/** Labels along the time axis that have room. */
export function timeTicks(
  data: TimeData,
  frame: Frame,
  place: (index: number) => number,
  format: Format,
): readonly { readonly at: number; readonly label: string }[] {
  const room = data.grain === 'month' || data.grain === 'quarter' ? 64 : 58
  const max = Math.max(2, Math.floor((frame.width - frame.left - frame.right) / room))
  const ats = data.points.map((point) => point.at)
  return pickTicks(
    ats.map((at) => format.local(at)),
    data.grain,
    max,
  ).map((index, order) => ({
    at: place(index),
    label: format.tick(ats[index] ?? '', data.grain, order === 0),
  }))
}

/** Labels of the value axis. */
export function valueTicks(
  shape: Pick<SeriesShape, 'y' | 'ticks'>,
  how: ValueFormat,
  format: Format,
): readonly { readonly at: number; readonly label: string; readonly isZero: boolean }[] {
  return shape.ticks.map((tick) => ({
    at: shape.y(tick),
    label: format.short(tick, how),
    isZero: tick === 0,
  }))
}

/** Room that the labels of the value axis need, in pixels. */
export function labelRoom(labels: readonly string[]): number {
  return Math.ceil(Math.max(0, ...labels.map(measureText))) + 12
}

function isOpen(data: TimeData, index: number): boolean {
  return data.isLastOpen && index === data.points.length - 1
}
