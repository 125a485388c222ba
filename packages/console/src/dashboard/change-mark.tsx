import type { ReactNode } from 'react'
import type { Change } from '../charts/change.ts'
import { Icon } from '../ui/icon.tsx'

/** A move against the comparison: arrow and amount for the eye, direction and verdict for the ear. */
export function ChangeMark({ change }: { readonly change: Change }): ReactNode {
  if (change.arrow === 'none') return <span className="faint">{change.spoken}</span>
  const icon = change.arrow === 'up' ? 'arrowUp' : change.arrow === 'down' ? 'arrowDown' : 'flat'
  return (
    <span className={`change change-${change.tone}`}>
      <span aria-hidden="true" className="change-shown">
        <Icon name={icon} size={12} />
        {change.short}
      </span>
      <span className="unseen">{change.spoken}</span>
    </span>
  )
}
