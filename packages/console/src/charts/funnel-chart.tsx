import type { ReactNode } from 'react'
import { usePreferences } from '../i18n/preferences.tsx'
import { fitText, measureText } from './fit-text.ts'
import { funnelWidths, shareOf } from './funnel-shape.ts'
import { useSize } from './use-size.ts'
import { Walkable, type Walker } from './walkable.tsx'
import type { Position } from './walk.ts'

/** One step: its name and its number, as text and to draw. */
export interface FunnelItem {
  readonly name: string
  readonly text: string
  readonly value: string | null
  readonly change?: { readonly text: string; readonly spoken: string; readonly tone: string } | undefined
}

/** Steps grow with the room that the tile has. */
const stepHeights = { least: 58, most: 76 }

/** Steps in order, each with its share of the step before it and of the first. */
export function FunnelChart(props: {
  readonly label: string
  readonly items: readonly FunnelItem[]
  readonly onOpen: (position: Position) => void
}): ReactNode {
  const { text, format } = usePreferences()
  const [element, { width, height }] = useSize<HTMLDivElement>()
  const { items } = props
  const [first, last] = [items[0], items.at(-1)]
  const whole = shareOf(items, items.length - 1, 0)
  const summary =
    first === undefined || last === undefined
      ? ''
      : text.chart.funnelSummary(
          `${first.name} ${first.text}`,
          `${last.name} ${last.text}`,
          whole === undefined ? '—' : text.chart.ofFirst(format.percent(whole)),
        )
  const describe = (index: number): string => {
    const item = items[index]
    if (item === undefined) return ''
    const share = shareOf(items, index, index - 1)
    const ofFirst = shareOf(items, index, 0)
    return [
      `${item.name}: ${item.text}`,
      index > 0 && share !== undefined ? text.chart.ofPrevious(format.percent(share)) : '',
      index > 1 && ofFirst !== undefined ? text.chart.ofFirst(format.percent(ofFirst)) : '',
      item.change?.spoken ?? '',
    ]
      .filter((part) => part !== '')
      .join(', ')
  }
  return (
    <Walkable
      label={props.label}
      kind={text.chart.kind.funnel}
      summary={summary}
      extent={{ indexes: items.length, series: 1, isVertical: true }}
      describe={({ index }) => describe(index)}
      onOpen={props.onOpen}
    >
      {(walker) => (
        <div
          ref={element}
          className="chart chart-grown"
          style={{ minHeight: items.length * stepHeights.least - 4 }}
        >
          {width === 0 ? null : <Steps items={items} width={width} height={height} walker={walker} />}
        </div>
      )}
    </Walkable>
  )
}

function Steps(props: {
  readonly items: readonly FunnelItem[]
  readonly width: number
  readonly height: number
  readonly walker: Walker
}): ReactNode {
  const { text, format } = usePreferences()
  const { items, width, walker } = props
  const room = Math.floor((props.height + 4) / items.length)
  const stepHeight = Math.max(stepHeights.least, Math.min(stepHeights.most, room))
  const barHeight = Math.round(stepHeight * 0.26) - 5
  const widths = funnelWidths(items)
  return (
    <svg width={width} height={items.length * stepHeight - 4} aria-hidden="true">
      {items.map((item, index) => {
        const y = index * stepHeight
        const share = index === 0 ? undefined : shareOf(items, index, index - 1)
        const ofFirst = index < 2 ? undefined : shareOf(items, index, 0)
        const shares = [
          share === undefined ? '' : text.chart.ofPrevious(format.percent(share)),
          ofFirst === undefined ? '' : text.chart.ofFirst(format.percent(ofFirst)),
        ].filter((part) => part !== '')
        const valueRoom = measureText(item.text) + 12
        return (
          <g
            key={index}
            className="funnel-step"
            data-active={walker.active?.index === index}
            onPointerMove={() => walker.point({ index, series: 0 })}
            onClick={(event) => walker.press({ index, series: 0 }, event)}
          >
            <rect className="bar-back" x={-6} y={y - 2} width={width + 12} height={stepHeight - 2} rx={5} />
            <text className="bar-name" x={0} y={y + 13}>
              {fitText(item.name, width - valueRoom, measureText)}
            </text>
            <text className="bar-value" x={width} y={y + 13} textAnchor="end">
              {item.text}
            </text>
            <rect className="funnel-track" x={0} y={y + 20} width={width} height={barHeight} rx={3} />
            <rect
              className="bar slot-1"
              x={0}
              y={y + 20}
              width={Math.max(2, (widths[index] ?? 0) * width)}
              height={barHeight}
              rx={3}
            />
            <text className="funnel-share" x={0} y={y + barHeight + 35}>
              {shares.join(' · ')}
            </text>
            {item.change === undefined ? null : (
              <text
                className={`bar-change tone-${item.change.tone}`}
                x={width}
                y={y + barHeight + 35}
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
