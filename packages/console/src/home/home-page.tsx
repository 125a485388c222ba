import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useProject } from '../api/queries.ts'
import { usePreferences } from '../i18n/preferences.tsx'
import { usePush } from '../shell/use-push.ts'
import { useTitle } from '../shell/use-title.ts'
import { Icon } from '../ui/icon.tsx'
import { Marked } from '../ui/marked.tsx'
import { DataCard } from '../status/data-card.tsx'
import { SchedulesCard } from '../status/schedules-card.tsx'
import { EmptyState } from '../ui/state.tsx'
import './home.css'

/** The dashboards, and how the data behind them fares. */
export function HomePage(): ReactNode {
  const { text, label } = usePreferences()
  const project = useProject()
  usePush()
  useTitle(text.home.title)
  const dashboards = project.data?.dashboards ?? []
  return (
    <>
      <div className="page-head">
        <h1>{text.home.title}</h1>
      </div>
      <div className="home">
        {dashboards.length === 0 ? (
          <div className="card">
            <EmptyState title={text.home.emptyTitle} icon="dashboards">
              <p>
                <Marked text={text.home.emptyBody} />
              </p>
            </EmptyState>
          </div>
        ) : (
          <ul className="dashboard-list">
            {dashboards.map((dashboard) => (
              <li key={dashboard.name}>
                <Link
                  className="dashboard-card card"
                  to="/dashboards/$name"
                  params={{ name: dashboard.name }}
                >
                  <Icon name="dashboards" size={18} />
                  <span>
                    <strong>{label(dashboard.title)}</strong>
                    {dashboard.description === undefined ? null : <span>{label(dashboard.description)}</span>}
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        )}
        <aside className="home-side">
          <DataCard />
          <SchedulesCard />
        </aside>
      </div>
    </>
  )
}
