/** Languages of the console. */
export const languages = ['en', 'es'] as const

/** One of {@link languages}. */
export type Language = (typeof languages)[number]

/** Themes. */
export const themes = ['system', 'light', 'dark'] as const

type Theme = (typeof themes)[number]

/** Number locales that the settings offer beside the project's. */
export const numberLocales = [
  'en-US',
  'en-GB',
  'es-ES',
  'es-MX',
  'es-CO',
  'es-AR',
  'es-CL',
  'es-PE',
  'de-DE',
  'fr-FR',
  'pt-BR',
] as const

/** What a person chose in this browser. Absent: the browser's language, the project's number locale and time zone. */
export interface Settings {
  readonly language?: Language
  /** BCP 47. */
  readonly numberLocale?: string
  /** IANA zone. */
  readonly timeZone?: string
  readonly theme: Theme
}

/** A change of settings; `undefined` takes a choice back. */
export type SettingsChange = { readonly [Name in keyof Settings]?: Settings[Name] | undefined }

/** What holds before anything was chosen. */
export const defaultSettings: Settings = { theme: 'system' }

/** Reads stored settings; whatever is not understood is left out. */
export function parseSettings(text: string | null): Settings {
  const stored = parseObject(text)
  const language = languages.find((known) => known === stored['language'])
  const theme = themes.find((known) => known === stored['theme'])
  const numberLocale = accepted(stored['numberLocale'], (locale) => new Intl.NumberFormat(locale))
  const timeZone = accepted(stored['timeZone'], (zone) => new Intl.DateTimeFormat('en', { timeZone: zone }))
  return {
    ...(language === undefined ? {} : { language }),
    ...(numberLocale === undefined ? {} : { numberLocale }),
    ...(timeZone === undefined ? {} : { timeZone }),
    theme: theme ?? 'system',
  }
}

/** The first of the browser's languages that the console speaks. */
export function preferredLanguage(browser: readonly string[]): Language {
  for (const tag of browser) {
    const found = languages.find((known) => tag.toLowerCase().split('-')[0] === known)
    if (found !== undefined) return found
  }
  return 'en'
}

function parseObject(text: string | null): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

function accepted(value: unknown, make: (text: string) => unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  try {
    make(value)
    return value
  } catch {
    return undefined
  }
}
