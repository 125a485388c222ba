import { useId, useState, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react'
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
 * The frame of every chart: one tab stop, a list for the ear, whose summary is its name. Arrows move between values, each is then the active
 * option and read aloud; Enter opens one; Escape leaves. The pointer shares the active value, silently.
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
  const [spoken, setSpoken] = useState<Position>()
  const [tapped, setTapped] = useState<Position>()
  const id = useId()
  const { extent } = props
  const shown = active === undefined || extent.indexes === 0 ? undefined : inside(active, extent)
  const start: Position = { index: props.startAtEnd === true ? extent.indexes - 1 : 0, series: 0 }
  const option = spoken === undefined ? start : inside(spoken, extent)
  const optionId = `${id}-${option.index}-${option.series}`

  const move = (position: Position | undefined): void => {
    setActive(position)
    setSpoken(position)
  }
  const press = (position: Position, event: MouseEvent): void => {
    const isTouch = 'pointerType' in event.nativeEvent && event.nativeEvent.pointerType === 'touch'
    const isSecond = tapped?.index === position.index && tapped.series === position.series
    setTapped(position)
    if (isTouch && !isSecond) setActive(position)
    else props.onOpen?.(position)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (extent.indexes === 0 || event.altKey || event.ctrlKey || event.metaKey) return
    if ((event.key === 'Enter' || event.key === ' ') && shown !== undefined) props.onOpen?.(shown)
    else if (event.key === 'Escape' && shown !== undefined) move(undefined)
    else {
      const next = shown === undefined ? entered(event.key, extent, start) : walk(shown, event.key, extent)
      if (next === undefined) return
      move(next)
    }
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <div
      className={`walkable ${props.className ?? ''}`}
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- A select cannot hold a drawing.
      role="listbox"
      tabIndex={0}
      aria-roledescription={props.kind}
      aria-label={`${props.label}. ${props.summary}`}
      aria-describedby={id}
      aria-activedescendant={spoken === undefined ? undefined : optionId}
      onKeyDown={onKeyDown}
      onBlur={() => move(undefined)}
      onPointerLeave={() => setActive(undefined)}
    >
      {props.children({ active: shown, point: setActive, press })}
      <span className="unseen" id={id}>
        {text.chart.walk}
      </span>
      {extent.indexes === 0 ? null : (
        <span
          className="unseen"
          // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- An option element lives in a select alone.
          role="option"
          id={optionId}
          aria-selected={spoken !== undefined}
          aria-posinset={option.index + 1}
          aria-setsize={extent.indexes}
        >
          {props.describe(option)}
        </span>
      )}
    </div>
  )
}

/** The first key that moves only enters the chart. */
function entered(key: string, extent: Extent, start: Position): Position | undefined {
  return walk({ index: 0, series: 0 }, key, extent) === undefined ? undefined : start
}
