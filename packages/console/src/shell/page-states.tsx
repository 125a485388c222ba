import { Link, type ErrorComponentProps } from '@tanstack/react-router'
import type { ComponentProps, ReactNode } from 'react'
import { usePreferences } from '../i18n/preferences.tsx'
import { Button } from '../ui/button.tsx'
import { EmptyState, ErrorState } from '../ui/state.tsx'
import { usePush } from './use-push.ts'

/** The page for an address that leads nowhere. */
export function PageNotFound(): ReactNode {
  const { text } = usePreferences()
  usePush()
  return (
    <EmptyState title={text.app.notFoundTitle} icon="search" isPage>
      <p>{text.app.notFoundBody}</p>
      <Link to="/">{text.app.backHome}</Link>
    </EmptyState>
  )
}

/** A page that has an error to show instead of itself: it hears what changes like any other. */
export function PageError(props: ComponentProps<typeof ErrorState>): ReactNode {
  usePush()
  return <ErrorState {...props} />
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
