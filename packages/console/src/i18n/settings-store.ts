import { useSyncExternalStore } from 'react'
import { defaultSettings, parseSettings, type Settings, type SettingsChange } from './settings.ts'

const storageKey = 'caudal.settings'
const listeners = new Set<() => void>()
let current = read()

function read(): Settings {
  try {
    return parseSettings(localStorage.getItem(storageKey))
  } catch {
    return defaultSettings
  }
}

function publish(settings: Settings): void {
  current = settings
  applyTheme()
  for (const listener of listeners) listener()
}

/** Changes settings in this browser, in all its tabs. */
export function updateSettings(change: SettingsChange): void {
  publish(parseSettings(JSON.stringify({ ...current, ...change })))
  try {
    localStorage.setItem(storageKey, JSON.stringify(current))
  } catch {
    // A browser that refuses storage keeps the settings until the page closes.
  }
}

/** Puts the chosen theme on the document; without a choice the system's holds. */
export function applyTheme(): void {
  if (current.theme === 'system') document.documentElement.removeAttribute('data-theme')
  else document.documentElement.setAttribute('data-theme', current.theme)
}

/** The settings, followed across tabs. */
export function useSettings(): Settings {
  return useSyncExternalStore(subscribe, () => current)
}

function subscribe(listener: () => void): () => void {
  const onStorage = (event: StorageEvent): void => {
    if (event.key === storageKey) publish(read())
  }
  listeners.add(listener)
  addEventListener('storage', onStorage)
  return () => {
    listeners.delete(listener)
    removeEventListener('storage', onStorage)
  }
}
