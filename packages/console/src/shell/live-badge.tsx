import type { ReactNode } from 'react'
import { Button } from 'react-aria-components/Button'
import { Tooltip, TooltipTrigger } from 'react-aria-components/Tooltip'
import { useLiveState } from '../api/live.ts'
import { usePreferences } from '../i18n/preferences.tsx'

/** Says whether changes reach the page. */
export function LiveBadge(): ReactNode {
  const { text } = usePreferences()
  const state = useLiveState()
  return (
    <TooltipTrigger delay={300}>
      <Button className="live-badge" data-live={state}>
        <span className="live-dot" />
        <output className="live-text">{text.live[state]}</output>
      </Button>
      <Tooltip className="tooltip" offset={6}>
        {state === 'lost' ? text.live.explainLost : text.live.explain}
      </Tooltip>
    </TooltipTrigger>
  )
}
