import type { ReactNode } from 'react'
import type { Frame } from './series-shape.ts'

/** Hairlines at the values with their labels, and labels below the places along the axis. */
export function Axes(props: {
  readonly frame: Frame
  readonly values: readonly { readonly at: number; readonly label: string; readonly isZero: boolean }[]
  readonly places: readonly { readonly at: number; readonly label: string }[]
}): ReactNode {
  const { frame } = props
  return (
    <g aria-hidden="true">
      {props.values.map((value) => (
        <g key={value.label + value.at} className="axis-value" data-zero={value.isZero}>
          <line x1={frame.left} x2={frame.width - frame.right} y1={value.at} y2={value.at} />
          <text x={frame.left - 8} y={value.at} dy="0.32em" textAnchor="end">
            {value.label}
          </text>
        </g>
      ))}
      {props.places.map((place) => (
        <text
          key={place.at}
          className="axis-place"
          x={place.at}
          y={frame.height - 6}
          textAnchor={anchorAt(place.at, frame)}
        >
          {place.label}
        </text>
      ))}
    </g>
  )
}

/** Labels at the ends stay inside the chart. */
function anchorAt(at: number, frame: Frame): 'start' | 'middle' | 'end' {
  if (at < 18) return 'start'
  return at > frame.width - 18 ? 'end' : 'middle'
}
