import type { LoadCounts, RunRecord, StageRecord } from '@caudal/spec'
import type { Output } from './output.ts'

/** A run as lines: the first error on top, then each stage with its counts and checks. */
export function printRun(output: Output, run: RunRecord): void {
  output.json(run)
  if (output.isJson) return
  for (const stage of run.stages) output.line(stageLine(output, stage))
  const seconds = (Date.parse(run.endedAt ?? run.queuedAt) - Date.parse(run.startedAt ?? run.queuedAt)) / 1000
  const built = run.stages.filter((stage) => stage.state === 'succeeded').length
  output.line()
  if (run.state === 'succeeded') {
    output.line(
      `${output.green('✓')} ${built} of ${run.stages.length} stages ran, the rest had nothing new, in ${seconds.toFixed(1)} s`,
    )
    return
  }
  output.line(
    `${output.red('✗')} The run ${run.state === 'cancelled' ? 'was cancelled' : 'failed'} after ${seconds.toFixed(1)} s.`,
  )
  if (run.error !== undefined) output.error(run.error)
}

function stageLine(output: Output, record: StageRecord): string {
  const mark =
    { succeeded: output.green('✓'), failed: output.red('✗'), skipped: output.dim('·') }[
      record.state as string
    ] ?? output.yellow('…')
  const { stage } = record
  const name = stage.kind === 'model' ? stage.model : stage.kind === 'extract' ? stage.source : stage.table
  const facts = [
    stage.kind === 'model' ? (record.state === 'skipped' ? 'nothing new' : stage.reason) : '',
    record.counts === undefined ? '' : countsText(record.counts),
    record.rows === undefined ? '' : `${record.rows.toLocaleString('en')} rows`,
    ...(record.reconciliation ?? [])
      .filter(({ verdict }) => verdict !== 'no count')
      .map(({ table, verdict }) => `${table} ${verdict}`),
    ...record.checks.filter((check) => !check.isPassed).map((check) => output.yellow(check.message)),
  ].filter((fact) => fact !== '')
  return `${mark} ${stage.kind.padEnd(8)} ${name}  ${output.dim(facts.join(' · '))}`.trimEnd()
}

/** The counts that are not zero. */
export function countsText(counts: LoadCounts): string {
  const words: [keyof LoadCounts, string][] = [
    ['inserted', 'inserted'],
    ['updated', 'updated'],
    ['unchanged', 'unchanged'],
    ['superseded', 'superseded'],
    ['deleted', 'deleted'],
    ['deadLettered', 'dead letters'],
    ['filtered', 'filtered'],
    ['late', 'late'],
  ]
  const shown = words
    .filter(([key]) => counts[key] > 0)
    .map(([key, word]) => `${counts[key].toLocaleString('en')} ${word}`)
  return shown.length === 0 ? 'nothing new' : shown.join(', ')
}
