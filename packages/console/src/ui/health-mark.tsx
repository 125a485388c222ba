import type { NodeHealth } from '@caudal/spec'
import type { ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'
import './mark.css'

const marks: Readonly<Record<NodeHealth, { readonly icon: IconName; readonly tone: string }>> = {
  ok: { icon: 'check', tone: 'good' },
  late: { icon: 'clock', tone: 'warn' },
  failing: { icon: 'alert', tone: 'bad' },
  running: { icon: 'play', tone: 'busy' },
  'never ran': { icon: 'skip', tone: 'none' },
}

/** The health of something: an icon, a colour and a text. */
export function HealthMark(props: { readonly health: NodeHealth; readonly label: string }): ReactNode {
  const { icon, tone } = marks[props.health]
  return (
    <span className={`mark mark-${tone}`}>
      <Icon name={icon} size={14} />
      <span>{props.label}</span>
    </span>
  )
}
