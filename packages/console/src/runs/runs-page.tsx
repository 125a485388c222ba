import { noCounts, runStates, type ErrorReport, type RunState as State, type RunSummary } from '@caudal/spec'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useRuns } from '../api/queries.ts'
import { errorText } from '../i18n/error-text.ts'
import { usePreferences } from '../i18n/preferences.tsx'
import { useParameter } from '../shell/use-address.ts'
import { usePush } from '../shell/use-push.ts'
import { useTitle } from '../shell/use-title.ts'
import { Button } from '../ui/button.tsx'
import { Marked } from '../ui/marked.tsx'
import { OptionPicker, type Option } from '../ui/option-picker.tsx'
import { EmptyState, ErrorState, LoadingState } from '../ui/state.tsx'
import { useNow } from '../ui/use-now.ts'
import { durationOf } from './duration.ts'
import { RunState } from './run-state.tsx'
import { StartRun } from './start-run.tsx'
import './runs.css'

/** The runs, newest first. */
export function RunsPage(): ReactNode {
  const { text } = usePreferences()
  const [state, setState] = useParameter('state')
  usePush()
  useTitle(text.runs.title)
  const options: readonly Option<State | 'all'>[] = [
    { id: 'all', label: text.runs.all },
    ...runStates.map((id) => ({ id, label: text.runs.states[id] })),
  ]
  const chosen = runStates.find((known) => known === state)
  return (
    <>
      <div className="page-head">
        <h1>{text.runs.title}</h1>
        <div className="page-head-end">
          <OptionPicker
            label={text.runs.state}
            options={options}
            value={chosen ?? 'all'}
            isInline
            onChange={(next) => setState(next === 'all' ? '' : next)}
          />
          <StartRun select={[]} look="main">
            {text.runs.start}
          </StartRun>
        </div>
      </div>
      <RunList state={chosen} />
    </>
  )
}

function RunList({ state }: { readonly state: State | undefined }): ReactNode {
  const { text } = usePreferences()
  const runs = useRuns()
  if (runs.isPending) return <LoadingState heights={[38, 44, 44, 44, 44, 44]} />
  if (runs.isError) return <ErrorState error={runs.error} onRetry={() => void runs.refetch()} />
  if (runs.data.length === 0) {
    return (
      <div className="card">
        <EmptyState title={text.runs.emptyTitle} icon="runs">
          <p>
            <Marked text={text.runs.emptyBody} />
          </p>
        </EmptyState>
      </div>
    )
  }
  const shown = state === undefined ? runs.data : runs.data.filter((run) => run.state === state)
  return (
    <>
      <div className="card run-list">
        {shown.length === 0 ? <EmptyState title={text.runs.noneOfState} /> : <RunTable runs={shown} />}
      </div>
      {runs.hasNextPage ? (
        <Button
          className="run-older"
          isDisabled={runs.isFetchingNextPage}
          onPress={() => void runs.fetchNextPage()}
        >
          {text.runs.older}
        </Button>
      ) : null}
    </>
  )
}

function RunTable({ runs }: { readonly runs: readonly RunSummary[] }): ReactNode {
  const { text } = usePreferences()
  return (
    <table className="run-table">
      <thead>
        <tr>
          <th scope="col">{text.runs.state}</th>
          <th scope="col">{text.runs.trigger}</th>
          <th scope="col">{text.runs.when}</th>
          <th scope="col" className="number">
            {text.runs.duration}
          </th>
          <th scope="col" className="number">
            {text.runs.rows}
          </th>
          <th scope="col" className="number">
            {text.runs.stages}
          </th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <RunRow key={run.id} run={run} />
        ))}
      </tbody>
    </table>
  )
}

function RunError({ error }: { readonly error: ErrorReport }): ReactNode {
  const said = errorText(error, usePreferences().language)
  return (
    <span className="run-error small" lang={said.language} title={said.message}>
      <Marked text={said.message} />
    </span>
  )
}

function RunRow({ run }: { readonly run: RunSummary }): ReactNode {
  const { text, format } = usePreferences()
  const now = useNow(run.state === 'running' ? 1000 : 15_000)
  const counts = run.counts ?? noCounts
  const seconds = durationOf(run, now)
  return (
    <tr className="run-row">
      <td data-cell="state">
        <Link to="/runs/$id" params={{ id: run.id }} className="run-link">
          <RunState state={run.state} />
        </Link>
      </td>
      <td data-cell="trigger">
        <span className="run-trigger">{run.trigger}</span>
        {run.error === undefined ? null : <RunError error={run.error} />}
      </td>
      <td data-cell="when">
        <time dateTime={run.queuedAt} title={format.instant(run.queuedAt)}>
          {format.ago(run.startedAt ?? run.queuedAt, now)}
        </time>
      </td>
      <td data-cell="duration" className="number">
        {seconds === undefined ? '' : format.duration(seconds)}
      </td>
      <td data-cell="rows" className="number" data-label={text.runs.rows}>
        {format.integer(counts.extracted)}
      </td>
      <td data-cell="stages" className="number" data-label={text.runs.stages}>
        {format.integer(run.stageCount)}
        {run.failedStages === 0 ? null : (
          <span className="run-failed small">
            {text.runs.failedStages(run.failedStages, format.integer(run.failedStages))}
          </span>
        )}
      </td>
    </tr>
  )
}
