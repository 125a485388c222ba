import type { RunRecord } from '@caudal/spec'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { api } from '../api/client.ts'
import { useRun } from '../api/queries.ts'
import { usePreferences } from '../i18n/preferences.tsx'
import { usePathPart } from '../shell/use-address.ts'
import { progressKey, usePush, type Progress } from '../shell/use-push.ts'
import { useTitle } from '../shell/use-title.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { EmptyState, ErrorState, LoadingState } from '../ui/state.tsx'
import { useNow } from '../ui/use-now.ts'
import { durationOf } from './duration.ts'
import { RunState } from './run-state.tsx'
import { StageCard } from './stage-card.tsx'
import { StartRun } from './start-run.tsx'
import './runs.css'

/** One run: its first error on top, then what each stage did. */
export function RunPage(): ReactNode {
  const { text } = usePreferences()
  const id = usePathPart('id')
  const run = useRun(id)
  usePush()
  useTitle(`${text.runs.run} ${id.slice(0, 8)}`)
  return (
    <>
      <Link to="/runs" className="back note">
        <Icon name="left" size={14} />
        {text.runs.title}
      </Link>
      {run.isPending ? (
        <LoadingState heights={[32, 80, 120, 120]} />
      ) : run.isError ? (
        <ErrorState error={run.error} onRetry={() => void run.refetch()} />
      ) : (
        <Run run={run.data} />
      )}
    </>
  )
}

function Run({ run }: { readonly run: RunRecord }): ReactNode {
  const { text } = usePreferences()
  const isOpen = run.state === 'queued' || run.state === 'running'
  const now = useNow(isOpen ? 1000 : 60_000)
  const progress = useQuery<Progress>({ queryKey: progressKey(run.id), enabled: false, initialData: {} }).data
  return (
    <>
      <div className="page-head run-head">
        <h1>
          {text.runs.run}{' '}
          <span className="run-id" title={run.id}>
            {run.id.slice(0, 8)}
          </span>
        </h1>
        <RunState state={run.state} />
        <div className="page-head-end">
          {isOpen ? <CancelRun id={run.id} /> : null}
          <StartRun select={[]} look="outline">
            {text.runs.again}
          </StartRun>
        </div>
      </div>
      <RunFacts run={run} now={now} />
      {run.error === undefined ? null : (
        <div className="run-first-error">
          <ErrorState error={run.error} title={text.runs.firstError} />
        </div>
      )}
      {run.stages.length === 0 ? (
        <div className="card">
          <EmptyState title={text.runs.noStages} />
        </div>
      ) : (
        <ol className="stages">
          {run.stages.map((stage) => (
            <StageCard
              key={stage.stage.id}
              record={stage}
              run={run}
              now={now}
              progress={progress[stage.stage.id]?.rows}
            />
          ))}
        </ol>
      )}
    </>
  )
}

function CancelRun({ id }: { readonly id: string }): ReactNode {
  const { text } = usePreferences()
  const cancel = useMutation({ mutationFn: () => api.cancelRun(id) })
  return (
    <>
      <Button
        look="danger"
        icon="stop"
        isDisabled={cancel.isPending || cancel.isSuccess}
        onPress={() => cancel.mutate()}
      >
        {cancel.isIdle || cancel.isError ? text.runs.cancel : text.runs.cancelled}
      </Button>
      {cancel.isError ? <ErrorState error={cancel.error} /> : null}
    </>
  )
}

function RunFacts({ run, now }: { readonly run: RunRecord; readonly now: number }): ReactNode {
  const { text, format } = usePreferences()
  const seconds = durationOf(run, now)
  const facts: readonly (readonly [string, string | undefined])[] = [
    [text.runs.trigger, run.trigger],
    [text.runs.began, run.startedAt === undefined ? undefined : format.instant(run.startedAt)],
    [text.runs.duration, seconds === undefined ? undefined : format.duration(seconds)],
    [text.runs.target, run.target],
    [text.runs.version, run.fingerprint.slice(0, 12)],
  ]
  return (
    <dl className="run-facts">
      {facts.map(([name, value]) =>
        value === undefined ? null : (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  )
}
