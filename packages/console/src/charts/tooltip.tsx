import type { ReactNode } from 'react'
import { SeriesMark, type Slot } from './series-mark.tsx'

/** One line of a tooltip. */
export interface TooltipLine {
  readonly label: string
  readonly value: string
  readonly slot?: Slot
  /** Set back: the comparison, a hint. */
  readonly isFaint?: boolean
  readonly isActive?: boolean
}

/** The values at a place of a chart; beside the place, on the side with more room. Not read aloud: the walk says the same. */
export function ChartTooltip(props: {
  readonly x: number
  readonly y: number
  /** Of the chart. */
  readonly width: number
  readonly title: string
  readonly lines: readonly TooltipLine[]
}): ReactNode {
  const isRight = props.x < props.width / 2
  return (
    <div
      className="chart-tooltip"
      data-side={isRight ? 'right' : 'left'}
      style={{ top: props.y, ...(isRight ? { left: props.x + 12 } : { right: props.width - props.x + 12 }) }}
      aria-hidden="true"
    >
      <p className="chart-tooltip-title">{props.title}</p>
      <dl>
        {props.lines.map((line, index) => (
          <div key={index} className={line.isFaint === true ? 'faint' : ''} data-active={line.isActive}>
            <dt>
              {line.slot === undefined ? null : <SeriesMark slot={line.slot} />}
              {line.label}
            </dt>
            <dd>{line.value}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
