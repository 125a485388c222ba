import { mergeIntervals, type Interval } from '@caudal/engine'
import type { Plan, Stage } from '@caudal/spec'
import type { Output } from './output.ts'

type ExtractStage = Extract<Stage, { kind: 'extract' }>
type ModelStage = Extract<Stage, { kind: 'model' }>

/** A plan as lines: what is read and how safely, what is created, changed, backfilled, refreshed and dropped; what stays is only counted. */
export function printPlan(output: Output, plan: Plan): void {
  if (output.isJson) return
  output.line(`Plan for target ${plan.target}: ${summary(plan)}`)
  for (const stage of plan.stages) {
    if (stage.kind === 'extract') printExtract(output, stage)
    else if (stage.kind === 'model') printModel(output, stage)
    else output.line(`  ${stage.kind.padEnd(9)} ${stage.table}  ${output.dim(otherFacts(stage))}`.trimEnd())
  }
  const unchanged = plan.stages.filter((stage) => stage.kind === 'model' && stage.action === 'skip').length
  if (unchanged > 0) output.line(output.dim(`  unchanged ${counted(unchanged, 'model')}`))
}

/** Half-open intervals as the ranges that they cover: `2026-01-01 … 2026-11-25 (329 days)`. */
function describeRanges(intervals: readonly Interval[]): readonly string[] {
  const [first] = intervals
  if (first === undefined) return []
  const hours = (Date.parse(first.end) - Date.parse(first.start)) / 3_600_000
  const unit = hours < 24 ? 'hour' : hours === 24 ? 'day' : 'month'
  return mergeIntervals(intervals).map(({ start, end }) => {
    const inside = intervals.filter(
      (one) => Date.parse(one.start) >= Date.parse(start) && Date.parse(one.end) <= Date.parse(end),
    )
    const last =
      inside
        .map((one) => one.start)
        .toSorted((a, b) => Date.parse(a) - Date.parse(b))
        .at(-1) ?? start
    const [from, to] = [shownTime(start, unit), shownTime(last, unit)]
    return `${from === to ? from : `${from} … ${to}`} (${counted(inside.length, unit)})`
  })
}

function printExtract(output: Output, stage: ExtractStage): void {
  const tables = stage.tables.join(', ') || 'streams found at the first run'
  output.line(
    `  ${output.green('read     ')} ${stage.source} → ${tables}${stage.full ? ', from the start' : ''}`,
  )
  const proof = stage.crashTest === undefined ? 'no crash test' : `crash test: ${stage.crashTest}`
  const facts = [stage.guarantee, `${stage.adapter} × ${stage.warehouse}, by ${stage.protocol}`, proof]
  output.line(`            ${output.dim(facts.join(' · '))}`)
}

function printModel(output: Output, { action, model, reason, intervals }: ModelStage): void {
  if (action === 'skip') return
  const colours = {
    create: output.green,
    change: output.yellow,
    backfill: output.yellow,
    drop: output.red,
    refresh: undefined,
  }
  const word = action.padEnd(9)
  const ranges = describeRanges(intervals)
  const shown = ranges.length > 3 ? [...ranges.slice(0, 3), `and ${ranges.length - 3} more ranges`] : ranges
  output.line(
    `  ${colours[action]?.call(output, word) ?? word} ${model}  ${output.dim([reason, ...shown].join(' · '))}`,
  )
}

function otherFacts(stage: Exclude<Stage, ExtractStage | ModelStage>): string {
  if (stage.kind === 'check') return counted(stage.checks.length, 'check')
  return stage.kind === 'replay'
    ? counted(stage.letters, 'dead letter')
    : 'it is read from the start next time'
}

function summary({ stages }: Plan): string {
  const words = {
    create: 'created',
    change: 'changed',
    backfill: 'backfilled',
    refresh: 'refreshed',
    drop: 'dropped',
  }
  const reads = stages.filter((stage) => stage.kind === 'extract').length
  const parts = Object.entries(words).flatMap(([action, word]) => {
    const count = stages.filter((stage) => stage.kind === 'model' && stage.action === action).length
    return count === 0 ? [] : [`${counted(count, 'model')} ${word}`]
  })
  const all = [...(reads === 0 ? [] : [`${counted(reads, 'source')} read`]), ...parts]
  return all.length === 0 ? 'nothing to do' : all.join(', ')
}

function shownTime(text: string, unit: 'hour' | 'day' | 'month'): string {
  const iso = new Date(text).toISOString()
  if (unit === 'month') return iso.slice(0, 7)
  return unit === 'day' ? iso.slice(0, 10) : iso.slice(0, 16).replace('T', ' ')
}

function counted(count: number, what: string): string {
  return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`
}
