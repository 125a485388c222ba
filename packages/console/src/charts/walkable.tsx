import { useId, useRef, useState, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react'
import { usePreferences } from '../i18n/preferences.tsx'
import { inside, walk, type Extent, type Position } from './walk.ts'
import './chart.css'

/** What a chart inside a {@link Walkable} knows of pointer and keyboard. */
export interface Walker {
  /** The value that pointer or keyboard is on. */
  readonly active: Position | undefined
  point(position: Position | undefined): void
  /** A click opens the value; a finger opens it with the second tap, the first shows it. */
  press(position: Position, event: MouseEvent): void
}

/**
 * The frame of every chart: one tab stop with its summary for the ear; arrows move between values, each is read aloud; Enter opens one;
 * Escape leaves. The pointer shares the active value, silently.
 */
export function Walkable(props: {
  readonly label: string
  /** `line chart`, … */
  readonly kind: string
  readonly summary: string
  readonly extent: Extent
  readonly startAtEnd?: boolean
  readonly className?: string
  describe(position: Position): string
  readonly onOpen?: ((position: Position) => void) | undefined
  readonly children: (walker: Walker) => ReactNode
}): ReactNode {
  const { text } = usePreferences()
  const [active, setActive] = useState<Position>()
  const [spoken, setSpoken] = useState('')
  const tapped = useRef<Position>(undefined)
  const hint = useId()
  const { extent } = props
  const shown = active === undefined || extent.indexes === 0 ? undefined : inside(active, extent)
  const start: Position = { index: props.startAtEnd === true ? extent.indexes - 1 : 0, series: 0 }

  const move = (position: Position): void => {
    setActive(position)
    setSpoken(`${props.describe(position)}, ${text.chart.position(position.index + 1, extent.indexes)}`)
  }
  const press = (position: Position, event: MouseEvent): void => {
    const isTouch = 'pointerType' in event.nativeEvent && event.nativeEvent.pointerType === 'touch'
    const before = tapped.current
    tapped.current = position
    if (isTouch && (before?.index !== position.index || before.series !== position.series))
      setActive(position)
    else props.onOpen?.(position)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (extent.indexes === 0 || event.altKey || event.ctrlKey || event.metaKey) return
    if ((event.key === 'Enter' || event.key === ' ') && shown !== undefined) props.onOpen?.(shown)
    else if (event.key === 'Escape' && shown !== undefined) setActive(undefined)
    else {
      const next =
        shown === undefined ? (isMove(event.key, extent) ? start : undefined) : walk(shown, event.key, extent)
      if (next === undefined) return
      move(next)
    }
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <div
      className={`walkable ${props.className ?? ''}`}
      role="application"
      tabIndex={0}
      aria-roledescription={props.kind}
      aria-label={`${props.label}. ${props.summary}`}
      aria-describedby={hint}
      onKeyDown={onKeyDown}
      onBlur={() => setActive(undefined)}
      onPointerLeave={() => setActive(undefined)}
    >
      {props.children({ active: shown, point: setActive, press })}
      <span className="unseen" id={hint}>
        {text.chart.walk}
      </span>
      <span className="unseen" aria-live="polite">
        {spoken}
      </span>
    </div>
  )
}

function isMove(key: string, extent: Extent): boolean {
  return walk({ index: 0, series: 0 }, key, extent) !== undefined
}
