import type { ReactNode } from 'react'
import { usePreferences } from '../i18n/preferences.tsx'
import { drawn, shapeSeries, type Frame } from './series-shape.ts'
import { timeLines, timeTitle, type TimeData } from './time-words.ts'
import { ChartTooltip } from './tooltip.tsx'
import { WalkedTime, type TimeDrawing } from './walked-time.tsx'

/** The trend beside a number: a line without axes. */
export function Sparkline(props: {
  readonly label: string
  readonly data: TimeData
  readonly height: number
}): ReactNode {
  return (
    <WalkedTime
      kind="spark"
      label={props.label}
      data={props.data}
      heightMin={props.height}
      isHeightFixed
      series={1}
      className="sparkline"
    >
      {(drawing) => <Spark {...drawing} />}
    </WalkedTime>
  )
}

function Spark(props: TimeDrawing): ReactNode {
  const { text, format } = usePreferences()
  const { data, width, height, walker } = props
  const frame: Frame = { width, height, left: 3, right: 5, top: 5, bottom: 3 }
  const shape = shapeSeries(data.points, [], 1, frame, data.isLastOpen)
  const [path] = shape.paths
  const at = walker.active?.index ?? data.points.length - 1
  const value = drawn(data.points[at]?.values[0])
  const step = shape.x(1) - shape.x(0) || 1
  return (
    <>
      <svg
        className="slot-1"
        width={width}
        height={height}
        aria-hidden="true"
        onPointerMove={(event) => {
          const x = event.clientX - event.currentTarget.getBoundingClientRect().left
          const index = Math.max(0, Math.min(data.points.length - 1, Math.round((x - shape.x(0)) / step)))
          walker.point({ index, series: 0 })
        }}
      >
        <path className="area" d={path?.area} />
        <path className="line line-spark" d={path?.line} />
        <path className="line line-spark line-open" d={path?.rest} />
        {value === undefined ? null : (
          <circle className="line-end" r="3" cx={shape.x(at)} cy={shape.y(value)} />
        )}
      </svg>
      {walker.active === undefined ? null : (
        <ChartTooltip
          x={shape.x(walker.active.index)}
          y={-6}
          width={width}
          title={timeTitle(data, walker.active.index, text, format)}
          lines={timeLines(data, walker.active, text, format)}
        />
      )}
    </>
  )
}
