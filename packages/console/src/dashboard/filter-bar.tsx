import { comparisons, grains, type Comparison, type Grain } from '@caudal/spec'
import { useState, type ReactNode } from 'react'
import { Dialog } from 'react-aria-components/Dialog'
import { Heading } from 'react-aria-components/Heading'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { usePreferences } from '../i18n/preferences.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { OptionPicker, type Option } from '../ui/option-picker.tsx'
import { phone, useMedia } from '../ui/use-media.ts'
import { ChoiceChips } from './choice-chips.tsx'
import { ChoicePicker } from './choice-picker.tsx'
import { useControls } from './controls.tsx'
import { RangePicker } from './range-picker.tsx'
import { choicesOf, withComparison, withGrain } from './view-edit.ts'
import './filter-bar.css'

/** What the dashboard shows: dates, comparison, step and chosen values; on a phone in a sheet. */
export function FilterBar(): ReactNode {
  const { text } = usePreferences()
  const isPhone = useMedia(phone)
  return (
    <section className="filter-bar" aria-label={text.view.filters}>
      {isPhone ? <FilterSheet /> : <Filters isInline />}
      <ChoiceChips />
    </section>
  )
}

function FilterSheet(): ReactNode {
  const { text } = usePreferences()
  const { view } = useControls()
  const [isOpen, setOpen] = useState(false)
  const count = choicesOf(view).length
  return (
    <div className="filter-row">
      <RangePicker isInline />
      <Button icon="filter" onPress={() => setOpen(true)}>
        {count === 0 ? text.view.filters : text.view.filtersActive(count)}
      </Button>
      <ModalOverlay className="scrim" isOpen={isOpen} onOpenChange={setOpen} isDismissable>
        <Modal className="sheet">
          <Dialog className="sheet-dialog">
            <header className="sheet-head">
              <Heading slot="title" level={2}>
                {text.view.filters}
              </Heading>
              <IconButton icon="close" label={text.app.close} onPress={() => setOpen(false)} />
            </header>
            <Filters isInline={false} />
            <Button look="main" className="sheet-done" onPress={() => setOpen(false)}>
              {text.view.done}
            </Button>
          </Dialog>
        </Modal>
      </ModalOverlay>
    </div>
  )
}

function Filters({ isInline }: { readonly isInline: boolean }): ReactNode {
  const { text } = usePreferences()
  const { answer, view, setView } = useControls()
  const byName = new Map(answer.dimensions.map((dimension) => [dimension.name, dimension]))
  const compared: readonly Option<Comparison>[] = comparisons.map((id) => ({
    id,
    label: text.view.comparisons[id],
  }))
  const stepped: readonly Option<Grain | 'auto'>[] = [
    { id: 'auto', label: text.view.auto },
    ...grains.map((id) => ({ id, label: text.view.grains[id] })),
  ]
  return (
    <div className={isInline ? 'filter-row' : 'filter-column'}>
      <RangePicker isInline={isInline} />
      <OptionPicker
        label={text.view.compare}
        options={compared}
        value={view.comparison}
        isInline={isInline}
        onChange={(comparison) => setView(withComparison(view, comparison))}
      />
      <OptionPicker
        label={text.view.grain}
        options={stepped}
        value={view.grain ?? 'auto'}
        isInline={isInline}
        onChange={(grain) => setView(withGrain(view, grain === 'auto' ? undefined : grain))}
      />
      {answer.dashboard.filters.map((name) => {
        const dimension = byName.get(name)
        return dimension === undefined ? null : (
          <ChoicePicker key={name} dimension={dimension} isInline={isInline} />
        )
      })}
    </div>
  )
}
