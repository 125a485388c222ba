import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useStatus } from '../api/queries.ts'
import { usePreferences } from '../i18n/preferences.tsx'
import { HealthMark } from '../ui/health-mark.tsx'
import { Icon } from '../ui/icon.tsx'
import { ErrorState, Skeleton } from '../ui/state.tsx'
import { countHealth } from './count-health.ts'
import './status.css'

/** How the data fares: what is late or failing, and how much there is. */
export function DataCard(): ReactNode {
  const { text, format } = usePreferences()
  const status = useStatus()
  if (status.isPending) return <Skeleton height={150} />
  if (status.isError) return <ErrorState error={status.error} onRetry={() => void status.refetch()} />
  const { tables, disk } = status.data
  const counts = countHealth(tables)
  const isFresh = counts.failing === 0 && counts.late === 0
  return (
    <section className="card status-card" aria-labelledby="status-data">
      <h2 id="status-data">{text.home.status}</h2>
      {tables.length === 0 ? (
        <p className="faint note">{text.home.neverRan}</p>
      ) : (
        <ul className="status-facts">
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
              <span className="mark mark-warn">
                <Icon name="alert" size={14} />
                {text.home.deadLetters(counts.deadLetters, format.integer(counts.deadLetters))}
              </span>
            </li>
          )}
          <li className="faint">{text.home.tables(tables.length, format.integer(tables.length))}</li>
          <li className="faint">
            {text.home.disk(format.bytes(disk.warehouseBytes), format.bytes(disk.lakeBytes))}
          </li>
        </ul>
      )}
      <Link to="/graph" className="status-more">
        {text.nav.graph}
        <Icon name="arrowRight" size={14} />
      </Link>
    </section>
  )
}
