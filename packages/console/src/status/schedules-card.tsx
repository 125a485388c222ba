import type { ScheduleAnswer } from '@caudal/spec'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useSchedules } from '../api/queries.ts'
import { usePreferences } from '../i18n/preferences.tsx'
import { RunState } from '../runs/run-state.tsx'
import { Icon } from '../ui/icon.tsx'
import { ErrorState, Skeleton } from '../ui/state.tsx'
import { useNow } from '../ui/use-now.ts'
import './status.css'

/** When each source is read, and how it went the last time. */
export function SchedulesCard(): ReactNode {
  const { text } = usePreferences()
  const schedules = useSchedules()
  const now = useNow()
  if (schedules.isPending) return <Skeleton height={150} />
  if (schedules.isError)
    return <ErrorState error={schedules.error} onRetry={() => void schedules.refetch()} />
  if (schedules.data.length === 0) return null
  return (
    <section className="card status-card" aria-labelledby="status-schedules">
      <h2 id="status-schedules">{text.runs.schedules}</h2>
      <ul className="schedules">
        {schedules.data.map((schedule) => (
          <Schedule key={`${schedule.source} ${schedule.schedule}`} schedule={schedule} now={now} />
        ))}
      </ul>
      <Link to="/runs" className="status-more">
        {text.nav.runs}
        <Icon name="arrowRight" size={14} />
      </Link>
    </section>
  )
}

function Schedule(props: { readonly schedule: ScheduleAnswer; readonly now: number }): ReactNode {
  const { text, format } = usePreferences()
  const { source, schedule, timeZone, nextAt, retryAt, missed = 0, lastRun } = props.schedule
  return (
    <li>
      <span className="schedule">
        <strong>{source}</strong>
        <span className="faint small">{[schedule, timeZone].filter(Boolean).join(' · ')}</span>
        {missed === 0 ? null : (
          <span className="faint small">{text.runs.missed(missed, format.integer(missed))}</span>
        )}
      </span>
      <span className="schedule-end small">
        {lastRun === undefined ? null : (
          <Link to="/runs/$id" params={{ id: lastRun.id }}>
            <RunState state={lastRun.state} />
          </Link>
        )}
        {retryAt !== undefined ? (
          <span className="faint">{text.runs.retry(format.until(retryAt, props.now))}</span>
        ) : nextAt === undefined ? null : (
          <span className="faint">{text.runs.next(format.until(nextAt, props.now))}</span>
        )}
      </span>
    </li>
  )
}
