import { scaleLinear } from 'd3-scale'
import type { ReactNode } from 'react'
import { usePreferences } from '../i18n/preferences.tsx'
import { fitText, measureText } from './fit-text.ts'
import { slotClass } from './series-mark.tsx'
import { drawn } from './series-shape.ts'
import { useSize } from './use-size.ts'
import { Walkable, type Walker } from './walkable.tsx'
import type { Position } from './walk.ts'

/** One bar: its name, its number as text and to draw. */
export interface BarItem {
  readonly name: string
  readonly text: string
  readonly value: string | null
  readonly former?: string | null | undefined
  readonly change?: { readonly text: string; readonly spoken: string; readonly tone: string } | undefined
  readonly isOther: boolean
  readonly isChosen: boolean
}

/** Bars grow with the room that the tile has. */
const rowHeights = { least: 30, most: 44 }

/** Bars by the values of a dimension, in rank order. A click or Enter filters by the value. */
export function BarChart(props: {
  readonly label: string
  readonly summary: string
  readonly items: readonly BarItem[]
  readonly onOpen: (position: Position) => void
}): ReactNode {
  const { text } = usePreferences()
  const [element, { width, height }] = useSize<HTMLDivElement>()
  const { items } = props
  return (
    <Walkable
      label={props.label}
      kind={text.chart.kind.bar}
      summary={props.summary}
      extent={{ indexes: items.length, series: 1, isVertical: true }}
      describe={({ index }) => describeBar(items[index])}
      onOpen={props.onOpen}
    >
      {(walker) => (
        <div
          ref={element}
          className="chart chart-grown"
          style={{ minHeight: items.length * rowHeights.least + 4 }}
        >
          {width === 0 ? null : <Bars items={items} width={width} height={height} walker={walker} />}
        </div>
      )}
    </Walkable>
  )
}

function describeBar(item: BarItem | undefined): string {
  if (item === undefined) return ''
  return [`${item.name}: ${item.text}`, item.change?.spoken ?? ''].filter((part) => part !== '').join(', ')
}

function Bars(props: {
  readonly items: readonly BarItem[]
  readonly width: number
  readonly height: number
  readonly walker: Walker
}): ReactNode {
  const { items, width, walker } = props
  const room = Math.floor((props.height - 4) / items.length)
  const rowHeight = Math.max(rowHeights.least, Math.min(rowHeights.most, room))
  const height = items.length * rowHeight + 4
  const nameRoom = Math.min(width * 0.34, Math.max(40, ...items.map((item) => measureText(item.name))) + 12)
  const textRoom = Math.max(30, ...items.map((item) => measureText(item.text))) + 10
  const changeRoom =
    width < 380
      ? 0
      : Math.max(0, ...items.map((item) => (item.change ? measureText(item.change.text) + 14 : 0)))
  const numbers = items.flatMap((item) => [drawn(item.value) ?? 0, drawn(item.former) ?? 0])
  const scale = scaleLinear(
    [Math.min(0, ...numbers), Math.max(0, ...numbers) || 1],
    [nameRoom, width - textRoom - changeRoom - 6],
  )
  const isAnyChosen = items.some((item) => item.isChosen)
  return (
    <svg width={width} height={height} aria-hidden="true">
      {items.map((item, index) => {
        const y = index * rowHeight + 2
        const end = scale(drawn(item.value) ?? 0)
        const former = drawn(item.former)
        const isActive = walker.active?.index === index
        return (
          <g
            key={index}
            className={`bar-row ${item.isOther ? '' : 'bar-row-open'}`}
            data-active={isActive}
            data-faded={isAnyChosen && !item.isChosen}
            onPointerMove={() => walker.point({ index, series: 0 })}
            onClick={(event) => walker.press({ index, series: 0 }, event)}
          >
            <rect className="bar-back" x={-6} y={y} width={width + 12} height={rowHeight} rx={5} />
            <text className="bar-name" x={0} y={y + rowHeight / 2} dy="0.34em">
              <title>{item.name}</title>
              {fitText(item.name, nameRoom - 10, measureText)}
            </text>
            <rect
              className={`bar ${slotClass(item.isOther ? 'other' : 0)}`}
              x={Math.min(scale(0), end)}
              width={Math.max(2, Math.abs(end - scale(0)))}
              y={y + rowHeight * 0.26}
              height={rowHeight * 0.48}
              rx={2.5}
            />
            {former === undefined || former === 0 ? null : (
              <line
                className="column-former"
                x1={scale(former)}
                x2={scale(former)}
                y1={y + rowHeight * 0.17}
                y2={y + rowHeight * 0.83}
              />
            )}
            <text
              className="bar-value"
              x={width - changeRoom}
              y={y + rowHeight / 2}
              dy="0.34em"
              textAnchor="end"
            >
              {item.text}
            </text>
            {changeRoom === 0 || item.change === undefined ? null : (
              <text
                className={`bar-change tone-${item.change.tone}`}
                x={width}
                y={y + rowHeight / 2}
                dy="0.34em"
                textAnchor="end"
              >
                {item.change.text}
              </text>
            )}
          </g>
        )
      })}
    </svg>
  )
}
