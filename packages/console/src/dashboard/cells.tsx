import type { Cell } from '@caudal/spec'
import type { ReactNode } from 'react'
import { Button } from 'react-aria-components/Button'
import { usePreferences } from '../i18n/preferences.tsx'
import { useControls } from './controls.tsx'
import { isChosen, type Choice } from './view-edit.ts'

/** A name in a table: it filters by a click where its dimension can be filtered by. */
export function CellName(props: { readonly text: string; readonly choice: Choice | undefined }): ReactNode {
  const { text } = usePreferences()
  const { view, canFilter, toggle } = useControls()
  const { choice } = props
  if (choice === undefined || !canFilter(choice.dimension))
    return <span className="cell-text">{props.text}</span>
  const isOn = isChosen(view, choice)
  return (
    <Button
      className="cell-button cell-text"
      aria-label={isOn ? text.tile.unfilter(props.text) : text.tile.filterBy(props.text)}
      data-chosen={isOn}
      onPress={() => toggle(choice)}
    >
      {props.text}
    </Button>
  )
}

/** A number in a table: a click opens the rows behind it. */
export function CellNumber(props: {
  readonly tile: string
  readonly text: string
  readonly cell: Cell | undefined
}): ReactNode {
  const { text } = usePreferences()
  const { drill } = useControls()
  const { cell } = props
  if (cell === undefined) return <span>{props.text}</span>
  return (
    <Button
      className="cell-button"
      aria-label={text.tile.rowsOf(props.text)}
      onPress={() => drill(props.tile, cell)}
    >
      {props.text}
    </Button>
  )
}
