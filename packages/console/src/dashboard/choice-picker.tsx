import type { DimensionNode, DimensionValues } from '@caudal/spec'
import { useState, type ReactNode } from 'react'
import { Autocomplete } from 'react-aria-components/Autocomplete'
import { Button as AriaButton } from 'react-aria-components/Button'
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog'
import { Input } from 'react-aria-components/Input'
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox'
import { Popover } from 'react-aria-components/Popover'
import { SearchField } from 'react-aria-components/SearchField'
import { useValues } from '../api/queries.ts'
import { usePreferences } from '../i18n/preferences.tsx'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { ErrorState, Skeleton } from '../ui/state.tsx'
import { listChoices, type ListedChoice } from './choice-list.ts'
import { useControls } from './controls.tsx'
import { withChoices } from './view-edit.ts'

/** The filter of one dimension: any number of its values, found by typing. */
export function ChoicePicker(props: {
  readonly dimension: DimensionNode
  readonly isInline: boolean
}): ReactNode {
  const { text, format, label } = usePreferences()
  const { answer, view } = useControls()
  const [isOpen, setOpen] = useState(false)
  const { dimension } = props
  const name = label(dimension.label)
  const chosen = view.filters[dimension.name] ?? []
  const values = useValues(answer.dashboard.name, dimension.name, isOpen)
  const [first] = chosen
  const shown =
    first === undefined
      ? text.view.all
      : chosen.length === 1
        ? (first ?? text.app.noValue)
        : text.view.chosen(chosen.length, format.integer(chosen.length))
  return (
    <div className={props.isInline ? 'picker picker-inline' : 'picker'}>
      {props.isInline ? null : <span className="picker-label">{name}</span>}
      <DialogTrigger isOpen={isOpen} onOpenChange={setOpen}>
        <AriaButton
          className="button button-outline picker-button"
          data-filled={chosen.length > 0}
          aria-label={`${name} ${shown}`}
        >
          {props.isInline ? <span className="picker-prefix">{name}</span> : null}{' '}
          <span className="button-text">{shown}</span>
          <Icon name="down" size={14} />
        </AriaButton>
        <Popover className="popover" placement="bottom start" offset={4}>
          <Dialog className="choice-dialog" aria-label={name}>
            {values.isPending ? (
              <Skeleton height={200} />
            ) : values.isError ? (
              <ErrorState error={values.error} onRetry={() => void values.refetch()} />
            ) : (
              <ChoiceList dimension={dimension} values={values.data} />
            )}
          </Dialog>
        </Popover>
      </DialogTrigger>
    </div>
  )
}

function ChoiceList(props: {
  readonly dimension: DimensionNode
  readonly values: DimensionValues
}): ReactNode {
  const { text, label } = usePreferences()
  const { view, setView } = useControls()
  const [search, setSearch] = useState('')
  const [first] = useState(view.filters[props.dimension.name] ?? [])
  const { dimension, values } = props
  const chosen = view.filters[dimension.name] ?? []
  const listed = listChoices(values, first, search)
  const nameOf = (choice: ListedChoice): string => {
    if (choice.value === null) return text.app.noValue
    return choice.isTyped ? text.view.exactly(choice.value) : choice.value
  }
  const choose = (keys: ReadonlySet<unknown>): void => {
    const kept = chosen.filter((value) => !listed.some((choice) => choice.value === value))
    const added = listed.filter((choice) => keys.has(choice.id)).map((choice) => choice.value)
    setView(withChoices(view, dimension.name, [...kept, ...added]))
  }
  return (
    <>
      <Autocomplete inputValue={search} onInputChange={setSearch}>
        <SearchField className="search" aria-label={text.view.searchIn(label(dimension.label))} autoFocus>
          <Icon name="search" />
          <Input placeholder={text.view.search} />
        </SearchField>
        <ListBox
          className="choice-list"
          aria-label={label(dimension.label)}
          selectionMode="multiple"
          escapeKeyBehavior="none"
          selectedKeys={listed.filter(({ value }) => chosen.includes(value)).map(({ id }) => id)}
          onSelectionChange={(keys) => choose(keys === 'all' ? new Set(listed.map(({ id }) => id)) : keys)}
          renderEmptyState={() => <p className="choice-note">{text.view.noMatch}</p>}
        >
          {listed.map((choice) => (
            <ListBoxItem
              key={choice.id}
              id={choice.id}
              textValue={nameOf(choice)}
              className={`menu-item choice ${choice.value === null ? 'choice-none' : ''}`}
            >
              <span className="choice-box">
                <Icon name="check" size={12} />
              </span>
              <span className="cut">{nameOf(choice)}</span>
            </ListBoxItem>
          ))}
        </ListBox>
      </Autocomplete>
      {values.isCut ? <p className="choice-note">{text.view.cut}</p> : null}
      <div className="choice-foot">
        <Button
          look="plain"
          isDisabled={chosen.length === 0}
          onPress={() => setView(withChoices(view, dimension.name, []))}
        >
          {text.app.clear}
        </Button>
      </div>
    </>
  )
}
