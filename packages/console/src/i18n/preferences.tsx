import type { Label } from '@caudal/spec'
import { createContext, useContext, useEffect, useMemo, type ReactNode } from 'react'
import { I18nProvider } from 'react-aria-components/I18nProvider'
import { createFormat, type Format } from './format.ts'
import { messagesEn, type Messages } from './messages-en.ts'
import { messagesEs } from './messages-es.ts'
import { preferredLanguage, type Language, type Settings, type SettingsChange } from './settings.ts'
import { updateSettings, useSettings } from './settings-store.ts'

/** What the project says where a person chose nothing. */
export interface ProjectDefaults {
  readonly locale: string
  readonly timeZone: string
}

/** Settings as they hold now, and what follows from them. */
export interface Preferences {
  readonly settings: Settings
  readonly language: Language
  /** BCP 47, for numbers. */
  readonly locale: string
  /** IANA zone in which days begin. */
  readonly timeZone: string
  readonly project: ProjectDefaults
  readonly text: Messages
  readonly format: Format
  /** A label of the project in the language. */
  label(label: Label): string
  update(change: SettingsChange): void
}

const messages: Readonly<Record<Language, Messages>> = { en: messagesEn, es: messagesEs }
const PreferencesContext = createContext<Preferences | undefined>(undefined)

/** Gives the pages below it their language, formats and time zone. */
export function PreferencesProvider(props: {
  readonly project?: ProjectDefaults | undefined
  readonly children: ReactNode
}): ReactNode {
  const settings = useSettings()
  const projectLocale = props.project?.locale ?? navigator.language
  const projectZone = props.project?.timeZone ?? 'UTC'
  const preferences = useMemo((): Preferences => {
    const language = settings.language ?? preferredLanguage(navigator.languages)
    const locale = settings.numberLocale ?? projectLocale
    const timeZone = settings.timeZone ?? projectZone
    return {
      settings,
      language,
      locale,
      timeZone,
      project: { locale: projectLocale, timeZone: projectZone },
      text: messages[language],
      format: createFormat({ language, locale, timeZone }),
      label: (label) => label[language],
      update: updateSettings,
    }
  }, [settings, projectLocale, projectZone])
  useEffect(() => {
    document.documentElement.lang = preferences.language
  }, [preferences.language])
  const dateLocale = preferences.locale.startsWith(preferences.language)
    ? preferences.locale
    : preferences.language
  return (
    <PreferencesContext value={preferences}>
      <I18nProvider locale={dateLocale}>{props.children}</I18nProvider>
    </PreferencesContext>
  )
}

/** The preferences of the page. */
export function usePreferences(): Preferences {
  const preferences = useContext(PreferencesContext)
  if (preferences === undefined) throw new Error('Invariant broken: a page is outside PreferencesProvider')
  return preferences
}
