import type { MouseEvent, ReactNode } from 'react'
import { usePreferences } from '../i18n/preferences.tsx'
import { Axes } from './axes.tsx'
import { slotClass, slotPath } from './series-mark.tsx'
import { drawn, shapeSeries, valueScale, type Frame, type SeriesShape } from './series-shape.ts'
import { labelRoom, timeLines, timeTicks, timeTitle, valueTicks, type TimeData } from './time-words.ts'
import { ChartTooltip } from './tooltip.tsx'
import type { Position } from './walk.ts'
import { WalkedTime, type TimeDrawing } from './walked-time.tsx'

/** Lines over time. A click or Enter opens the value nearest to it. */
export function LineChart(props: {
  readonly label: string
  readonly data: TimeData
  /** In pixels; it grows with the room that the tile has. */
  readonly heightMin: number
  readonly onOpen: (position: Position) => void
}): ReactNode {
  return (
    <WalkedTime kind="line" {...props} series={props.data.series.length}>
      {(drawing) => <Lines {...drawing} />}
    </WalkedTime>
  )
}

function Lines(props: TimeDrawing): ReactNode {
  const { text, format } = usePreferences()
  const { data, walker } = props
  const how = data.series[0]?.format ?? { kind: 'number' }
  const bare: Frame = { width: props.width, height: props.height, left: 0, right: 20, top: 10, bottom: 26 }
  const values = [...data.points, ...data.previous].flatMap((point) => point.values)
  const labels = valueScale(values, bare)
    .ticks(4)
    .map((tick) => format.short(tick, how))
  const frame: Frame = { ...bare, left: labelRoom(labels) }
  const shape = shapeSeries(data.points, data.previous, data.series.length, frame, data.isLastOpen)
  const nearest = (event: MouseEvent<SVGSVGElement>): Position | undefined => nearestTo(event, data, shape)
  return (
    <>
      <svg
        width={props.width}
        height={props.height}
        aria-hidden="true"
        onPointerMove={(event) => walker.point(nearest(event))}
        onClick={(event) => {
          const position = nearest(event)
          if (position !== undefined) walker.press(position, event)
        }}
      >
        <Axes
          frame={frame}
          values={valueTicks(shape, how, format)}
          places={timeTicks(data, frame, shape.x, format)}
        />
        <SeriesPaths data={data} shape={shape} />
        {walker.active === undefined ? null : (
          <Cursor data={data} shape={shape} frame={frame} active={walker.active} />
        )}
      </svg>
      {walker.active === undefined ? null : (
        <ChartTooltip
          x={shape.x(walker.active.index)}
          y={8}
          width={props.width}
          title={timeTitle(data, walker.active.index, text, format)}
          lines={timeLines(data, walker.active, text, format)}
        />
      )}
    </>
  )
}

function SeriesPaths(props: { readonly data: TimeData; readonly shape: SeriesShape }): ReactNode {
  const { data, shape } = props
  const last = data.points.length - 1
  return (
    <>
      {shape.previous.map((path, order) => (
        <path key={`previous-${order}`} className="line line-previous slot-previous" d={path.line} />
      ))}
      {shape.paths.map((path, order) => {
        const series = data.series[order]
        if (series === undefined) return null
        const end = drawn(data.points[last]?.values[order])
        return (
          <g key={order} className={slotClass(series.slot)}>
            {data.series.length === 1 ? <path className="area" d={path.area} /> : null}
            <path className="line" d={path.line} />
            <path className="line line-open" d={path.rest} />
            {path.lone.map((index) => (
              <circle
                key={index}
                r="2.5"
                cx={shape.x(index)}
                cy={shape.y(drawn(data.points[index]?.values[order]) ?? 0)}
              />
            ))}
            {end === undefined ? null : (
              <path
                className="line-end"
                d={slotPath(series.slot, 36)}
                transform={`translate(${shape.x(last)},${shape.y(end)})`}
              />
            )}
          </g>
        )
      })}
    </>
  )
}

function Cursor(props: {
  readonly data: TimeData
  readonly shape: SeriesShape
  readonly frame: Frame
  readonly active: Position
}): ReactNode {
  const { data, shape, frame, active } = props
  const x = shape.x(active.index)
  return (
    <g className="cursor">
      <line x1={x} x2={x} y1={frame.top} y2={frame.height - frame.bottom} />
      {data.series.map((series, order) => {
        const value = drawn(data.points[active.index]?.values[order])
        if (value === undefined) return null
        return (
          <path
            key={order}
            className={`cursor-dot ${slotClass(series.slot)}`}
            data-active={order === active.series}
            d={slotPath(series.slot, order === active.series ? 90 : 56)}
            transform={`translate(${x},${shape.y(value)})`}
          />
        )
      })}
    </g>
  )
}

function nearestTo(
  event: MouseEvent<SVGSVGElement>,
  data: TimeData,
  shape: SeriesShape,
): Position | undefined {
  const box = event.currentTarget.getBoundingClientRect()
  const [x, y] = [event.clientX - box.left, event.clientY - box.top]
  const step = shape.x(1) - shape.x(0) || 1
  const index = Math.max(0, Math.min(data.points.length - 1, Math.round((x - shape.x(0)) / step)))
  const point = data.points[index]
  if (point === undefined) return undefined
  const distance = (value: string | null): number => {
    const number = drawn(value)
    return number === undefined ? Infinity : Math.abs(shape.y(number) - y)
  }
  const series = point.values.reduce(
    (best, value, order) => (distance(value) < distance(point.values[best] ?? null) ? order : best),
    0,
  )
  return { index, series }
}
