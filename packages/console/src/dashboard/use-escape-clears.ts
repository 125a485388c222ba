import { useEffect, useEffectEvent, useState } from 'react'
import { usePreferences } from '../i18n/preferences.tsx'
import type { DashboardControls } from './controls.tsx'
import { choicesOf, withoutChoices } from './view-edit.ts'

/** Escape, where nothing else takes it, clears the filters. @returns what was done, to be read aloud. */
export function useEscapeClears(controls: DashboardControls): string {
  const { text } = usePreferences()
  const [announcement, setAnnouncement] = useState('')
  const clear = useEffectEvent((event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented || isTakenElsewhere(event.target)) return
    if (choicesOf(controls.view).length === 0) return
    controls.setView(withoutChoices(controls.view))
    setAnnouncement(text.view.cleared)
  })
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => clear(event)
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [])
  return announcement
}

function isTakenElsewhere(target: EventTarget | null): boolean {
  const isTyping =
    target instanceof HTMLElement &&
    target.closest('input, textarea, [role=dialog], [role=menu], [role=listbox]') !== null
  return isTyping || document.querySelector('[role=dialog]') !== null
}
