import { useId, type ReactNode } from 'react'
import { Button } from 'react-aria-components/Button'
import { Label } from 'react-aria-components/Label'
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox'
import { Popover } from 'react-aria-components/Popover'
import { Select, SelectValue } from 'react-aria-components/Select'
import { Icon } from './icon.tsx'
import './picker.css'

/** An option of a picker. */
export interface Option<Id extends string> {
  readonly id: Id
  readonly label: string
}

/** One choice out of few. `isInline`: the label stands inside the button, before the choice. */
export function OptionPicker<Id extends string>(props: {
  readonly label: string
  readonly options: readonly Option<Id>[]
  readonly value: Id
  readonly isInline?: boolean
  readonly onChange: (value: Id) => void
}): ReactNode {
  const isInline = props.isInline === true
  const id = useId()
  return (
    <Select
      className={`picker ${isInline ? 'picker-inline' : ''}`}
      selectedKey={props.value}
      onSelectionChange={(key) => {
        const chosen = props.options.find((option) => option.id === key)
        if (chosen !== undefined) props.onChange(chosen.id)
      }}
    >
      <Label id={`${id}-label`} className={isInline ? 'unseen' : 'picker-label'}>
        {props.label}
      </Label>
      <Button className="button button-outline picker-button" aria-labelledby={`${id}-label ${id}-value`}>
        {isInline ? <span className="picker-prefix">{props.label}</span> : null}{' '}
        <span id={`${id}-value`} className="button-text">
          <SelectValue>{({ selectedText }) => selectedText}</SelectValue>
        </span>
        <Icon name="down" size={14} />
      </Button>
      <Popover className="popover" offset={4}>
        <ListBox className="menu">
          {props.options.map((option) => (
            <ListBoxItem key={option.id} id={option.id} textValue={option.label} className="menu-item option">
              <Icon name="check" size={14} />
              {option.label}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </Select>
  )
}
