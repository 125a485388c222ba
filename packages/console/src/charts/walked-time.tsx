import type { ReactNode } from 'react'
import type { Messages } from '../i18n/messages-en.ts'
import { usePreferences } from '../i18n/preferences.tsx'
import { describeTime, summariseTime, type TimeData } from './time-words.ts'
import { useSize } from './use-size.ts'
import { Walkable, type Walker } from './walkable.tsx'
import type { Position } from './walk.ts'

/** What a chart over time is drawn from, once it is known how large it may be. */
export interface TimeDrawing {
  readonly data: TimeData
  readonly width: number
  readonly height: number
  readonly walker: Walker
}

/** The frame of every chart over time: measured, walked from its newest point by keyboard, and told in words. */
export function WalkedTime(props: {
  readonly label: string
  readonly kind: keyof Messages['chart']['kind']
  readonly data: TimeData
  /** In pixels; it grows with the room that the tile has, unless it is fixed. */
  readonly heightMin: number
  readonly isHeightFixed?: boolean
  /** Series that are walked. */
  readonly series: number
  readonly className?: string
  readonly onOpen?: (position: Position) => void
  readonly children: (drawing: TimeDrawing) => ReactNode
}): ReactNode {
  const { text, format } = usePreferences()
  const [element, { width, height }] = useSize<HTMLDivElement>()
  const { data, heightMin, isHeightFixed = false, className, onOpen } = props
  return (
    <Walkable
      label={props.label}
      kind={text.chart.kind[props.kind]}
      summary={summariseTime(data, text, format)}
      extent={{ indexes: data.points.length, series: props.series, isVertical: false }}
      startAtEnd
      {...(className === undefined ? {} : { className })}
      describe={(position) => describeTime(data, position, text, format)}
      {...(onOpen === undefined ? {} : { onOpen })}
    >
      {(walker) => (
        <div
          ref={element}
          className={isHeightFixed ? 'chart' : 'chart chart-grown'}
          style={isHeightFixed ? { height: heightMin } : { minHeight: heightMin }}
        >
          {width === 0
            ? null
            : props.children({ data, width, height: isHeightFixed ? heightMin : height, walker })}
        </div>
      )}
    </Walkable>
  )
}
