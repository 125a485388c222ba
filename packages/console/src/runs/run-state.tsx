import type { RunState as State } from '@caudal/spec'
import type { ReactNode } from 'react'
import { usePreferences } from '../i18n/preferences.tsx'
import { Icon, type IconName } from '../ui/icon.tsx'
import '../ui/mark.css'

const marks: Readonly<Record<State, { readonly icon: IconName; readonly tone: string }>> = {
  queued: { icon: 'clock', tone: 'none' },
  running: { icon: 'play', tone: 'busy' },
  succeeded: { icon: 'check', tone: 'good' },
  failed: { icon: 'cross', tone: 'bad' },
  skipped: { icon: 'skip', tone: 'none' },
  cancelled: { icon: 'stop', tone: 'warn' },
}

/** The state of a run or a stage: an icon, a colour and a text. */
export function RunState({ state }: { readonly state: State }): ReactNode {
  const { text } = usePreferences()
  const { icon, tone } = marks[state]
  return (
    <span className={`mark mark-${tone}`}>
      <Icon name={icon} size={14} />
      <span>{text.runs.states[state]}</span>
    </span>
  )
}
