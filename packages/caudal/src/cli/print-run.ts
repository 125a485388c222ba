import type { LoadCounts, RunRecord, StageRecord } from '@caudal/spec'
import type { Output } from './output.ts'

/** Failing rows that are printed below a check. */
const examplesShown = 3

/** Where records that did not fit are, and what brings them back. */
const deadLetterHint = `  → caudal query "select table_name, origin, line, reason, raw from _caudal.dead_letters where status = 'open'"
    shows the dead letters; after the mend, caudal replay loads them.`

/** A run as lines: the first error on top, then each stage with its counts and checks. */
export function printRun(output: Output, run: RunRecord): void {
  output.json(run)
  if (output.isJson) return
  for (const record of run.stages) {
    printStage(output, record)
    if (record.error !== undefined && record.error.message !== run.error?.message)
      output.line(`    ${output.red('✗')} ${record.error.message}`)
  }
  if (run.stages.some(({ counts }) => (counts?.deadLettered ?? 0) > 0))
    output.line(output.dim(deadLetterHint))
  const seconds = (Date.parse(run.endedAt ?? run.queuedAt) - Date.parse(run.startedAt ?? run.queuedAt)) / 1000
  const built = run.stages.filter((stage) => stage.state === 'succeeded').length
  output.line()
  if (run.state === 'succeeded') {
    const books = hasRead(run) ? ': the books agree' : ''
    output.line(
      `${output.green('✓')} ${stagesText(built, run.stages.length)} in ${seconds.toFixed(1)} s${books}`,
    )
    return
  }
  output.line(
    `${output.red('✗')} The run ${run.state === 'cancelled' ? 'was cancelled' : 'failed'} after ${seconds.toFixed(1)} s.`,
  )
  if (run.error !== undefined) output.error(run.error)
}

/** Whether sources were read: a run that read some succeeds only if both equations of the reconciliation hold. */
function hasRead({ stages }: RunRecord): boolean {
  return stages.some(({ stage, state }) => stage.kind === 'extract' && state === 'succeeded')
}

function stagesText(built: number, all: number): string {
  const stages = `${all} ${all === 1 ? 'stage' : 'stages'}`
  if (built === all) return stages
  return built === 0 ? `nothing new in ${stages}` : `${built} of ${stages}, nothing new in the others,`
}

/** The stage on a line, and below it each check that failed, with the first of its rows. */
function printStage(output: Output, record: StageRecord): void {
  output.line(stageLine(output, record))
  for (const { isPassed, severity, message, examples, failingRows } of record.checks) {
    if (isPassed) continue
    output.line(`    ${severity === 'error' ? output.red('✗') : output.yellow('!')} ${message}`)
    const shown = examples.slice(0, examplesShown)
    const headings = Object.keys(shown[0] ?? {})
    if (headings.length > 0) {
      output.table(
        headings,
        shown.map((row) => headings.map((name) => row[name] ?? null)),
        '      ',
      )
    }
    if (failingRows > shown.length && shown.length > 0)
      output.line(output.dim(`      … ${(failingRows - shown.length).toLocaleString('en')} more`))
  }
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
    checksText(record.checks),
  ].filter((fact) => fact !== '')
  return `${mark} ${stage.kind.padEnd(8)} ${name}  ${output.dim(facts.join(' · '))}`.trimEnd()
}

function checksText(checks: StageRecord['checks']): string {
  const held = checks.filter(({ isPassed }) => isPassed).length
  return held === 0 ? '' : `${held} ${held === 1 ? 'check holds' : 'checks hold'}`
}

/** The counts that are not zero. */
function countsText(counts: LoadCounts): string {
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
