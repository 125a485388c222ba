import { protocolVersion } from '@caudal/spec'
import { Link, Outlet, useLocation } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useProject } from '../api/queries.ts'
import { PreferencesProvider, usePreferences } from '../i18n/preferences.tsx'
import { Icon, type IconName } from '../ui/icon.tsx'
import { ErrorState, LoadingState } from '../ui/state.tsx'
import { LiveBadge } from './live-badge.tsx'
import { ThemeButton } from './theme-button.tsx'
import './shell.css'

/** The frame of every page: who and where, the ways, and whether the data is live. */
export function Shell(): ReactNode {
  const project = useProject()
  return (
    <PreferencesProvider project={project.data}>
      <Frame project={project} />
    </PreferencesProvider>
  )
}

function Frame({ project }: { readonly project: ReturnType<typeof useProject> }): ReactNode {
  const { text } = usePreferences()
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {text.app.skip}
      </a>
      <header className="top">
        <Link to="/" className="brand">
          <svg width="22" height="22" viewBox="0 0 32 32" aria-hidden="true">
            <rect width="32" height="32" rx="8" />
            <path d="M6 12c3.300-3 6.700-3 10 0s6.700 3 10 0M6 20c3.300-3 6.700-3 10 0s6.700 3 10 0" />
          </svg>
          <span className="brand-name cut">{project.data?.project ?? 'Caudal'}</span>
          <span className="unseen">: {text.nav.dashboards}</span>
        </Link>
        {project.data === undefined ? null : (
          <span className="target" title={text.app.target(project.data.target)}>
            {project.data.target}
          </span>
        )}
        <Ways />
        <div className="top-end">
          <LiveBadge />
          <ThemeButton />
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        <Content project={project} />
      </main>
    </div>
  )
}

const ways = [
  { to: '/', key: 'dashboards', icon: 'dashboards' },
  { to: '/graph', key: 'graph', icon: 'graph' },
  { to: '/runs', key: 'runs', icon: 'runs' },
  { to: '/settings', key: 'settings', icon: 'settings' },
] as const satisfies readonly { readonly to: string; readonly key: string; readonly icon: IconName }[]

function Ways(): ReactNode {
  const { text } = usePreferences()
  const path = useLocation({ select: ({ pathname }) => pathname })
  return (
    <nav className="ways" aria-label={text.app.menu}>
      {ways.map((way) => (
        <Link
          key={way.to}
          to={way.to}
          className={way.to === '/' && path.startsWith('/dashboards/') ? 'way way-here' : 'way'}
          activeOptions={{ exact: way.to === '/', includeSearch: false }}
          activeProps={{ className: 'way-here' }}
        >
          <Icon name={way.icon} />
          <span>{text.nav[way.key]}</span>
        </Link>
      ))}
    </nav>
  )
}

function Content({ project }: { readonly project: ReturnType<typeof useProject> }): ReactNode {
  const { text } = usePreferences()
  if (project.isPending) return <LoadingState heights={[28, 120, 240]} />
  if (project.isError) return <ErrorState error={project.error} onRetry={() => void project.refetch()} />
  const { problems, protocol } = project.data
  return (
    <>
      {protocol === protocolVersion ? null : (
        <div className="notice" role="alert">
          <strong>{text.app.protocolTitle}</strong> {text.app.protocolHint}
        </div>
      )}
      {problems.length === 0 ? null : (
        <section className="problems" aria-label={text.app.problemsTitle}>
          <h2>{text.app.problemsTitle}</h2>
          {problems.map((problem, index) => (
            <ErrorState key={index} error={problem} />
          ))}
        </section>
      )}
      <Outlet />
    </>
  )
}
