import type { CheckResult, LoadCounts, RunRecord, Stage, StageRecord } from '@caudal/spec'
import type { ReactNode } from 'react'
import { usePreferences, type Preferences } from '../i18n/preferences.tsx'
import { ScrollArea } from '../ui/scroll-area.tsx'
import { ErrorState } from '../ui/state.tsx'
import { Failure } from './check-failure.tsx'
import { durationOf } from './duration.ts'
import { RunState } from './run-state.tsx'
import { spanOf } from './span.ts'

/** One stage of a run: when it ran, where every record went, what its checks found. */
export function StageCard(props: {
  readonly record: StageRecord
  readonly run: RunRecord
  readonly now: number
  readonly progress: number | undefined
}): ReactNode {
  const preferences = usePreferences()
  const { text, format } = preferences
  const { record, run, now } = props
  const seconds = durationOf(record, now)
  const span = spanOf(record, run, now)
  const failed = record.checks.filter((check) => !check.isPassed)
  const passed = record.checks.length - failed.length
  const isSame = record.error !== undefined && record.error.message === run.error?.message
  return (
    <li className="stage card" data-state={record.state}>
      <header className="stage-head">
        <h2>
          <span className="stage-kind">{text.runs.stageKinds[record.stage.kind]}</span> {nameOf(record.stage)}
        </h2>
        <span className="stage-note faint small">{noteOf(record.stage, preferences)}</span>
        <span className="stage-end small">
          <span className="faint">{seconds === undefined ? '' : format.duration(seconds)}</span>
          <RunState state={record.state} />
        </span>
      </header>
      {span === undefined ? null : (
        <div className="stage-span" aria-hidden="true">
          <span style={{ marginLeft: `${span.from * 100}%`, width: `${span.share * 100}%` }} />
        </div>
      )}
      {record.error === undefined || isSame ? null : <ErrorState error={record.error} />}
      {record.state === 'running' && props.progress !== undefined ? (
        <p className="note">{text.runs.progress(format.integer(props.progress))}</p>
      ) : null}
      {record.counts === undefined ? null : <Counts counts={record.counts} />}
      {record.rows === undefined ? null : (
        <p className="note">{text.runs.built(record.rows, format.integer(record.rows))}</p>
      )}
      <Reconciliation record={record} />
      {failed.map((check: CheckResult) => (
        <Failure key={check.check} check={check} />
      ))}
      {passed === 0 ? null : (
        <p className="faint small">{text.runs.checksPassed(passed, format.integer(passed))}</p>
      )}
    </li>
  )
}

function nameOf(stage: Stage): string {
  if (stage.kind === 'extract') return stage.source
  return stage.kind === 'model' ? stage.model : stage.table
}

function noteOf(stage: Stage, { text, format }: Preferences): string {
  if (stage.kind === 'extract') return stage.streams.join(', ')
  if (stage.kind === 'replay') return text.runs.letters(stage.letters, format.integer(stage.letters))
  return stage.kind === 'model' ? `${text.runs.actions[stage.action]} · ${stage.reason}` : ''
}

function Counts({ counts }: { readonly counts: LoadCounts }): ReactNode {
  const { text, format } = usePreferences()
  const shown = (Object.keys(text.runs.counts) as (keyof LoadCounts)[]).filter(
    (name) => name === 'extracted' || counts[name] > 0,
  )
  return (
    <dl className="counts" aria-label={text.runs.where}>
      {shown.map((name) => (
        <div key={name} data-count={name}>
          <dt>{text.runs.counts[name]}</dt>
          <dd>{format.integer(counts[name])}</dd>
        </div>
      ))}
    </dl>
  )
}

function Reconciliation({ record }: { readonly record: StageRecord }): ReactNode {
  const { text, format } = usePreferences()
  const { reconciliation } = record
  if (reconciliation === undefined || reconciliation.length === 0) return null
  return (
    <ScrollArea className="scroll-x" label={text.runs.reconciliation}>
      <table className="reconciliation">
        <caption>{text.runs.reconciliation}</caption>
        <thead>
          <tr>
            <th scope="col">{text.runs.table}</th>
            <th scope="col" className="number">
              {text.runs.inSource}
            </th>
            <th scope="col" className="number">
              {text.runs.inWarehouse}
            </th>
            <th scope="col">{text.runs.state}</th>
          </tr>
        </thead>
        <tbody>
          {reconciliation.map((row) => (
            <tr key={row.table}>
              <th scope="row">{row.table}</th>
              <td className="number">{row.source === undefined ? '—' : format.integer(row.source)}</td>
              <td className="number">{format.integer(row.warehouse)}</td>
              <td className={row.verdict === 'unreconciled' ? 'mark-bad' : ''}>
                {text.runs.verdicts[row.verdict]}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  )
}
