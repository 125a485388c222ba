import { parseDate, type CalendarDate } from '@internationalized/date'
import { rangePresets, type DateRange } from '@caudal/spec'
import { useState, type ReactNode } from 'react'
import { Button as AriaButton } from 'react-aria-components/Button'
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog'
import { Heading } from 'react-aria-components/Heading'
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox'
import { Popover } from 'react-aria-components/Popover'
import {
  CalendarCell,
  CalendarGrid,
  CalendarGridBody,
  CalendarGridHeader,
  CalendarHeaderCell,
  RangeCalendar,
} from 'react-aria-components/RangeCalendar'
import { usePreferences, type Preferences } from '../i18n/preferences.tsx'
import { Icon } from '../ui/icon.tsx'
import { useControls } from './controls.tsx'
import { withRange } from './view-edit.ts'

type Preset = (typeof rangePresets)[number]

/** A range as people say it. */
function rangeName(range: DateRange, { text, format }: Preferences): string {
  if (typeof range === 'string') return text.view.presets[range]
  return range.from === range.to
    ? format.day(range.from)
    : `${format.day(range.from)} – ${format.day(range.to)}`
}

/** The dates: a preset, or first and last day in a calendar. */
export function RangePicker({ isInline }: { readonly isInline: boolean }): ReactNode {
  const preferences = usePreferences()
  const { text } = preferences
  const { view, setView } = useControls()
  const [isOpen, setOpen] = useState(false)
  const name = rangeName(view.range, preferences)
  const choose = (range: DateRange): void => {
    setView(withRange(view, range))
    setOpen(false)
  }
  return (
    <div className={isInline ? 'picker picker-inline' : 'picker'}>
      {isInline ? null : <span className="picker-label">{text.view.range}</span>}
      <DialogTrigger isOpen={isOpen} onOpenChange={setOpen}>
        <AriaButton className="button button-outline picker-button" aria-label={`${text.view.range} ${name}`}>
          <Icon name="calendar" />
          <span className="button-text">{name}</span>
          <Icon name="down" size={14} />
        </AriaButton>
        <Popover className="popover" placement="bottom start" offset={4}>
          <Dialog className="range-dialog" aria-label={text.view.range}>
            <ListBox
              className="range-presets"
              aria-label={text.view.range}
              autoFocus
              selectionMode="single"
              disallowEmptySelection={typeof view.range === 'string'}
              selectedKeys={typeof view.range === 'string' ? [view.range] : []}
              onSelectionChange={(keys) => {
                const preset = rangePresets.find((known) => keys !== 'all' && keys.has(known))
                if (preset !== undefined) choose(preset)
                else setOpen(false)
              }}
            >
              {rangePresets.map((preset: Preset) => (
                <ListBoxItem
                  key={preset}
                  id={preset}
                  className="menu-item option"
                  textValue={text.view.presets[preset]}
                >
                  <Icon name="check" size={14} />
                  {text.view.presets[preset]}
                </ListBoxItem>
              ))}
            </ListBox>
            <Days range={view.range} onChoose={choose} />
          </Dialog>
        </Popover>
      </DialogTrigger>
    </div>
  )
}

function Days(props: {
  readonly range: DateRange
  readonly onChoose: (range: DateRange) => void
}): ReactNode {
  const { text } = usePreferences()
  const { range } = props
  const chosen = typeof range === 'string' ? null : { start: parseDate(range.from), end: parseDate(range.to) }
  return (
    <RangeCalendar<CalendarDate>
      className="calendar"
      aria-label={text.view.custom}
      value={chosen}
      firstDayOfWeek="mon"
      onChange={({ start, end }) => props.onChoose({ from: start.toString(), to: end.toString() })}
    >
      <header className="calendar-head">
        <AriaButton slot="previous" className="icon-button">
          <Icon name="left" />
        </AriaButton>
        <Heading className="calendar-month" level={3} />
        <AriaButton slot="next" className="icon-button">
          <Icon name="right" />
        </AriaButton>
      </header>
      <CalendarGrid className="calendar-grid" weekdayStyle="short">
        <CalendarGridHeader>{(day) => <CalendarHeaderCell>{day}</CalendarHeaderCell>}</CalendarGridHeader>
        <CalendarGridBody>{(date) => <CalendarCell date={date} className="calendar-day" />}</CalendarGridBody>
      </CalendarGrid>
    </RangeCalendar>
  )
}
