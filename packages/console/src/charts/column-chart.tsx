import { scaleBand } from 'd3-scale'
import type { ReactNode } from 'react'
import { usePreferences } from '../i18n/preferences.tsx'
import { Axes } from './axes.tsx'
import { slotClass } from './series-mark.tsx'
import { drawn, valueScale, type Frame } from './series-shape.ts'
import { labelRoom, timeLines, timeTicks, timeTitle, valueTicks, type TimeData } from './time-words.ts'
import { ChartTooltip } from './tooltip.tsx'
import type { Position } from './walk.ts'
import { WalkedTime, type TimeDrawing } from './walked-time.tsx'

/** Columns over time, of one or few series side by side; the comparison is a notch over its column. */
export function ColumnChart(props: {
  readonly label: string
  readonly data: TimeData
  /** In pixels; it grows with the room that the tile has. */
  readonly heightMin: number
  readonly onOpen: (position: Position) => void
}): ReactNode {
  return (
    <WalkedTime kind="column" {...props} series={props.data.series.length}>
      {(drawing) => <Columns {...drawing} />}
    </WalkedTime>
  )
}

function Columns(props: TimeDrawing): ReactNode {
  const { text, format } = usePreferences()
  const { data, walker } = props
  const how = data.series[0]?.format ?? { kind: 'number' }
  const bare: Frame = { width: props.width, height: props.height, left: 0, right: 4, top: 10, bottom: 26 }
  const values = [...data.points, ...data.previous].flatMap((point) => point.values)
  const scale = valueScale(values, bare, true)
  const ticks = scale.ticks(4)
  const frame = { ...bare, left: labelRoom(ticks.map((tick) => format.short(tick, how))) }
  const bands = scaleBand<number>()
    .domain(data.points.map((_point, index) => index))
    .range([frame.left, frame.width - frame.right])
    .paddingInner(0.28)
    .paddingOuter(0.14)
  const x = (index: number): number => bands(index) ?? 0
  const middle = (index: number): number => x(index) + bands.bandwidth() / 2
  return (
    <>
      <svg width={props.width} height={props.height} aria-hidden="true">
        <Axes
          frame={frame}
          values={valueTicks({ y: (value) => scale(value), ticks }, how, format)}
          places={timeTicks(data, frame, middle, format)}
        />
        {data.points.map((point, index) => (
          <g key={point.at}>
            {data.series.map((series, order) => {
              const width = bands.bandwidth() / data.series.length
              const isOpen = data.isLastOpen && index === data.points.length - 1
              return (
                <Column
                  key={order}
                  className={`column ${slotClass(series.slot)} ${isOpen ? 'column-open' : ''}`}
                  x={x(index) + order * width}
                  width={Math.max(1, width - (data.series.length > 1 ? 1 : 0))}
                  zero={scale(0)}
                  value={scaled(point.values[order], scale)}
                  former={scaled(data.previous[index]?.values[order], scale)}
                  isActive={walker.active?.index === index && walker.active.series === order}
                />
              )
            })}
            <rect
              className="catch"
              x={x(index) - (bands.step() - bands.bandwidth()) / 2}
              width={bands.step()}
              y={0}
              height={frame.height}
              onPointerMove={() => walker.point({ index, series: 0 })}
              onClick={(event) => walker.press({ index, series: 0 }, event)}
            />
          </g>
        ))}
      </svg>
      {walker.active === undefined ? null : (
        <ChartTooltip
          x={middle(walker.active.index)}
          y={8}
          width={props.width}
          title={timeTitle(data, walker.active.index, text, format)}
          lines={timeLines(data, walker.active, text, format)}
        />
      )}
    </>
  )
}

function scaled(value: string | null | undefined, scale: (value: number) => number): number | undefined {
  const number = drawn(value)
  return number === undefined ? undefined : scale(number)
}

function Column(props: {
  readonly className: string
  readonly x: number
  readonly width: number
  readonly zero: number
  readonly value: number | undefined
  readonly former: number | undefined
  readonly isActive: boolean
}): ReactNode {
  const { value, former, zero } = props
  return (
    <>
      {value === undefined ? null : (
        <rect
          className={props.className}
          data-active={props.isActive}
          x={props.x}
          width={props.width}
          y={Math.min(value, zero)}
          height={Math.max(1, Math.abs(zero - value))}
          rx={Math.min(2, props.width / 3)}
        />
      )}
      {former === undefined ? null : (
        <line
          className="column-former"
          x1={props.x - 1}
          x2={props.x + props.width + 1}
          y1={former}
          y2={former}
        />
      )}
    </>
  )
}
