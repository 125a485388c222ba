import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useProject, useSchedules, useStatus } from '../api/queries.ts'
import { usePreferences } from '../i18n/preferences.tsx'
import { RunState } from '../runs/run-state.tsx'
import { usePush } from '../shell/use-push.ts'
import { useTitle } from '../shell/use-title.ts'
import { HealthMark } from '../ui/health-mark.tsx'
import { Icon } from '../ui/icon.tsx'
import { Marked } from '../ui/marked.tsx'
import { useNow } from '../ui/use-now.ts'
import { EmptyState, ErrorState, Skeleton } from '../ui/state.tsx'
import { countHealth } from './count-health.ts'
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
          <DataStatus />
          <Schedules />
        </aside>
      </div>
    </>
  )
}

function DataStatus(): ReactNode {
  const { text, format } = usePreferences()
  const status = useStatus()
  if (status.isPending) return <Skeleton height={150} />
  if (status.isError) return <ErrorState error={status.error} onRetry={() => void status.refetch()} />
  const { tables, disk } = status.data
  const counts = countHealth(tables)
  const isFresh = counts.failing === 0 && counts.late === 0
  return (
    <section className="card home-card" aria-labelledby="home-status">
      <h2 id="home-status">{text.home.status}</h2>
      {tables.length === 0 ? (
        <p className="faint note">{text.home.neverRan}</p>
      ) : (
        <ul className="home-facts">
          {isFresh ? (
            <li>
              <HealthMark health="ok" label={text.home.allFresh} />
            </li>
          ) : null}
          {counts.failing === 0 ? null : (
            <li>
              <HealthMark
                health="failing"
                label={text.home.failing(counts.failing, format.integer(counts.failing))}
              />
            </li>
          )}
          {counts.late === 0 ? null : (
            <li>
              <HealthMark health="late" label={text.home.late(counts.late, format.integer(counts.late))} />
            </li>
          )}
          {counts.deadLetters === 0 ? null : (
            <li>
              <HealthMark
                health="late"
                label={text.home.deadLetters(counts.deadLetters, format.integer(counts.deadLetters))}
              />
            </li>
          )}
          <li className="faint">
            {text.home.tables(tables.length, format.integer(tables.length))} ·{' '}
            {text.home.disk(format.bytes(disk.warehouseBytes), format.bytes(disk.lakeBytes))}
          </li>
        </ul>
      )}
      <Link to="/graph" className="home-more">
        {text.nav.graph}
        <Icon name="arrowRight" size={14} />
      </Link>
    </section>
  )
}

function Schedules(): ReactNode {
  const { text, format } = usePreferences()
  const schedules = useSchedules()
  const now = useNow()
  if (schedules.isPending) return <Skeleton height={150} />
  if (schedules.isError)
    return <ErrorState error={schedules.error} onRetry={() => void schedules.refetch()} />
  if (schedules.data.length === 0) return null
  return (
    <section className="card home-card" aria-labelledby="home-schedules">
      <h2 id="home-schedules">{text.runs.schedules}</h2>
      <ul className="home-schedules">
        {schedules.data.map(({ source, schedule, nextAt, lastRun }) => (
          <li key={`${source} ${schedule}`}>
            <span className="home-schedule">
              <strong>{source}</strong>
              <span className="faint small">{schedule}</span>
            </span>
            <span className="home-schedule-end small">
              {lastRun === undefined ? null : (
                <Link to="/runs/$id" params={{ id: lastRun.id }}>
                  <RunState state={lastRun.state} />
                </Link>
              )}
              {nextAt === undefined ? null : (
                <span className="faint">{text.runs.next(format.ago(nextAt, now))}</span>
              )}
            </span>
          </li>
        ))}
      </ul>
      <Link to="/runs" className="home-more">
        {text.nav.runs}
        <Icon name="arrowRight" size={14} />
      </Link>
    </section>
  )
}
