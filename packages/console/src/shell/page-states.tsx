import { Link, type ErrorComponentProps } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { usePreferences } from '../i18n/preferences.tsx'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/state.tsx'

/** The page for an address that leads nowhere. */
export function PageNotFound(): ReactNode {
  const { text } = usePreferences()
  return (
    <EmptyState title={text.app.notFoundTitle} icon="search" isPage>
      <p>{text.app.notFoundBody}</p>
      <Link to="/">{text.app.backHome}</Link>
    </EmptyState>
  )
}

/** The page when its own code failed. */
export function PageCrash(props: ErrorComponentProps): ReactNode {
  const { text } = usePreferences()
  return (
    <div role="alert">
      <EmptyState title={text.app.crashedTitle} icon="alert" isPage>
        <p>{text.app.crashedBody}</p>
        <Button onPress={() => location.reload()} icon="retry">
          {text.app.reload}
        </Button>
        <pre className="small">
          {props.error instanceof Error ? props.error.message : String(props.error)}
        </pre>
      </EmptyState>
    </div>
  )
}
