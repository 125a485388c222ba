import { useSyncExternalStore, type ReactNode } from 'react'
import { usePreferences } from '../i18n/preferences.tsx'
import { IconButton } from '../ui/button.tsx'

const darkSystem = matchMedia('(prefers-color-scheme: dark)')

function followSystem(listener: () => void): () => void {
  darkSystem.addEventListener('change', listener)
  return () => darkSystem.removeEventListener('change', listener)
}

/** Switches between light and dark; where the choice equals the system's, the system is followed again. */
export function ThemeButton(): ReactNode {
  const { settings, text, update } = usePreferences()
  const isSystemDark = useSyncExternalStore(followSystem, () => darkSystem.matches)
  const isDark = settings.theme === 'system' ? isSystemDark : settings.theme === 'dark'
  return (
    <IconButton
      icon={isDark ? 'sun' : 'moon'}
      label={isDark ? text.theme.toLight : text.theme.toDark}
      onPress={() => update({ theme: isDark === isSystemDark ? (isDark ? 'light' : 'dark') : 'system' })}
    />
  )
}
