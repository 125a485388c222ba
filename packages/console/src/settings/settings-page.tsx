import type { ReactNode } from 'react'
import { Button as AriaButton } from 'react-aria-components/Button'
import { ComboBox } from 'react-aria-components/ComboBox'
import { Input } from 'react-aria-components/Input'
import { Label } from 'react-aria-components/Label'
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox'
import { Popover } from 'react-aria-components/Popover'
import { Text } from 'react-aria-components/Text'
import { usePreferences } from '../i18n/preferences.tsx'
import { languages, numberLocales, preferredLanguage, themes, type Language } from '../i18n/settings.ts'
import { usePush } from '../shell/use-push.ts'
import { useTitle } from '../shell/use-title.ts'
import { ProjectCard } from '../status/project-card.tsx'
import { SchedulesCard } from '../status/schedules-card.tsx'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { OptionPicker } from '../ui/option-picker.tsx'
import { useNow } from '../ui/use-now.ts'
import './settings.css'

/** How the console speaks and writes, for the person at this browser. */
export function SettingsPage(): ReactNode {
  const { text } = usePreferences()
  usePush()
  useTitle(text.settings.title)
  return (
    <>
      <div className="page-head">
        <h1>{text.settings.title}</h1>
      </div>
      <div className="settings">
        <Personal />
        <aside className="settings-side">
          <ProjectCard />
          <SchedulesCard />
        </aside>
      </div>
    </>
  )
}

/** What a person chooses for this browser. */
function Personal(): ReactNode {
  const { text, settings, update } = usePreferences()
  const browser = preferredLanguage(navigator.languages)
  return (
    <section aria-labelledby="settings-yours">
      <div className="card settings-card">
        <header>
          <h2 id="settings-yours">{text.settings.yours}</h2>
          <p className="faint small">{text.settings.intro}</p>
        </header>
        <OptionPicker<Language | 'auto'>
          label={text.settings.language}
          options={[
            { id: 'auto', label: text.settings.browserLanguage(text.settings.languages[browser]) },
            ...languages.map((id) => ({ id, label: text.settings.languages[id] })),
          ]}
          value={settings.language ?? 'auto'}
          onChange={(language) => update({ language: language === 'auto' ? undefined : language })}
        />
        <NumberLocale />
        <TimeZone />
        <OptionPicker
          label={text.settings.theme}
          options={themes.map((id) => ({ id, label: text.theme[id] }))}
          value={settings.theme}
          onChange={(theme) => update({ theme })}
        />
        <Sample />
      </div>
      <Button
        look="plain"
        onPress={() =>
          update({ language: undefined, numberLocale: undefined, timeZone: undefined, theme: 'system' })
        }
      >
        {text.settings.reset}
      </Button>
    </section>
  )
}

function NumberLocale(): ReactNode {
  const { text, settings, language, project, update } = usePreferences()
  const names = new Intl.DisplayNames(language, { type: 'language' })
  return (
    <div className="settings-field">
      <OptionPicker
        label={text.settings.numbers}
        options={[
          { id: 'auto', label: text.settings.projectDefault(names.of(project.locale) ?? project.locale) },
          ...numberLocales.map((id) => ({
            id,
            label: `${new Intl.NumberFormat(id).format(1234567.89)} · ${names.of(id) ?? id}`,
          })),
        ]}
        value={settings.numberLocale ?? 'auto'}
        onChange={(locale) => update({ numberLocale: locale === 'auto' ? undefined : locale })}
      />
      <p className="faint small">{text.settings.numbersHelp}</p>
    </div>
  )
}

function TimeZone(): ReactNode {
  const { text, settings, project, update } = usePreferences()
  const zones = ['', ...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])]
  const nameOf = (zone: string): string =>
    zone === '' ? text.settings.projectDefault(project.timeZone) : zone
  return (
    <ComboBox
      className="picker"
      menuTrigger="focus"
      defaultItems={zones.map((zone) => ({ id: zone, name: nameOf(zone) }))}
      selectedKey={settings.timeZone ?? ''}
      onSelectionChange={(key) => {
        if (key !== null) update({ timeZone: key === '' ? undefined : String(key) })
      }}
    >
      <Label className="picker-label">{text.settings.timeZone}</Label>
      <div className="combo">
        <Input />
        <AriaButton className="icon-button">
          <Icon name="down" size={14} />
        </AriaButton>
      </div>
      <Text slot="description" className="faint small">
        {text.settings.timeZoneHelp}
      </Text>
      <Popover className="popover combo-popover" offset={4}>
        <ListBox<{ id: string; name: string }> className="menu">
          {(zone) => (
            <ListBoxItem id={zone.id} className="menu-item option" textValue={zone.name}>
              <Icon name="check" size={14} />
              {zone.name}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  )
}

function Sample(): ReactNode {
  const { text, format } = usePreferences()
  const now = new Date(useNow(1000)).toISOString()
  return (
    <dl className="settings-sample">
      <dt>{text.settings.sample}</dt>
      <dd>{format.value('1234567.89', { kind: 'number' })}</dd>
      <dd>{format.value('-1234.5', { kind: 'currency', currency: 'EUR' })}</dd>
      <dd>{format.value('0.1234', { kind: 'percent' })}</dd>
      <dd>
        {format.day(now.slice(0, 10))}, {format.clock(now)}
      </dd>
    </dl>
  )
}
