import {
  CaudalError,
  invariant,
  type CheckResult,
  type ModelState,
  type Publication,
  type TableName,
} from '@caudal/spec'
import { quoteIdentifier } from '@caudal/sql'
import { compileCheck, isRowRule } from '../check/compile-check.ts'
import { isBlocking, publishedRows, runChecks } from '../check/run-checks.ts'
import { formatBuiltState, parseBuiltState } from '../plan/built-state.ts'
import { floorToGrain, mergeIntervals, type Interval } from '../plan/intervals.ts'
import { checksFailed, privateRelation, type ModelBuild, type ModelOutcome } from './model-build.ts'

/** A span of intervals that was built privately and whose rows passed their checks. */
interface BuiltInterval {
  readonly interval: Interval
  readonly relation: TableName
  readonly rows: number
  readonly checks: readonly CheckResult[]
}

/** How many intervals that touch are built by one query. */
const spanIntervalsMax = 100

/**
 * Builds the intervals of a stage. New intervals that touch are built by one query and take effect together, each recorded; when a check
 * fails, they are built again one by one, so that the good ones take effect and the bad one is named. Those of a changed model take effect
 * all together, so that readers never see half of it.
 */
export async function buildIntervals(build: ModelBuild): Promise<ModelOutcome> {
  const queue = [...groupIntervals(build)]
  const isChange = build.stage.action === 'change'
  let isReplaced = isChange || build.stage.action === 'create'
  let state = build.before
  let outcome: ModelOutcome = { state: 'succeeded', isBuilt: false, rows: 0, checks: [] }
  for (let group = queue.shift(); group !== undefined; group = queue.shift()) {
    const before = isReplaced ? undefined : state
    const next = await buildGroup(build, group, before, isReplaced, queue.length === 0)
    if (next.state === undefined && group.length > 1 && !isChange) {
      queue.unshift(...group.map((interval) => [interval]))
      continue
    }
    outcome = {
      ...next.outcome,
      rows: (outcome.rows ?? 0) + (next.outcome.rows ?? 0),
      checks: joinResults(outcome.checks, next.outcome.checks),
      isBuilt: outcome.isBuilt || next.outcome.isBuilt,
    }
    if (next.state === undefined) return outcome
    state = next.state
    isReplaced = false
  }
  return outcome
}

/** Intervals that take effect together. A model without any is created empty, by an interval without an instant. */
function groupIntervals(build: ModelBuild): readonly (readonly Interval[])[] {
  const { stage, model } = build
  if (stage.intervals.length > 0) {
    return stage.action === 'change' ? [stage.intervals] : spansOf(stage.intervals)
  }
  invariant(model.incremental !== undefined, `${model.name} is incremental`)
  const start = floorToGrain(model.incremental.start, model.incremental.grain).toISOString()
  return stage.action === 'create' || stage.action === 'change' ? [[{ start, end: start }]] : []
}

/** Runs of intervals that touch, in order. */
function spansOf(intervals: readonly Interval[]): Interval[][] {
  const spans: Interval[][] = []
  for (const interval of intervals) {
    const last = spans.at(-1)
    if (last !== undefined && last.length < spanIntervalsMax && last.at(-1)?.end === interval.start)
      last.push(interval)
    else spans.push([interval])
  }
  return spans
}

async function buildGroup(
  build: ModelBuild,
  intervals: readonly Interval[],
  before: ModelState | undefined,
  isReplaced: boolean,
  isLast: boolean,
): Promise<{ readonly outcome: ModelOutcome; readonly state?: ModelState }> {
  const built: BuiltInterval[] = []
  for (const [part, span] of spansOf(intervals).entries()) {
    const [first, last] = [span[0], span.at(-1)]
    invariant(first !== undefined && last !== undefined, 'a span has an interval')
    const interval = { start: first.start, end: last.end }
    const one = await buildInterval(build, interval, privateRelation(build.model.name, part))
    built.push(one)
    if (one.checks.some(isBlocking)) return { outcome: failed(build, built) }
  }
  const state = nextState(build, intervals, before, isLast)
  return publishGroup(build, built, state, isReplaced)
}

async function buildInterval(
  build: ModelBuild,
  interval: Interval,
  relation: TableName,
): Promise<BuiltInterval> {
  const { context, sql } = build
  context.report?.(0, `${interval.start} to ${interval.end}`)
  const parameters = { interval_start: interval.start, interval_end: interval.end }
  const rows = await context.warehouse.build(relation, sql, parameters, context.signal)
  await refuseForeignRows(build, interval, relation)
  const checks = await runChecks(
    build.checks.filter((check) => isRowRule(check.rule)),
    { ...context, relation: quoted(relation) },
  )
  return { interval, relation, rows, checks }
}

/** Rows outside their interval would stay for ever when the interval is replaced. */
async function refuseForeignRows(build: ModelBuild, interval: Interval, relation: TableName): Promise<void> {
  const { context, model } = build
  const { time = '', key = [] } = model.incremental ?? {}
  if (key.length > 0 || interval.start === interval.end) return
  const column = quoteIdentifier(time)
  const [result] = await runChecks(
    [
      {
        name: `${model.name}: ${time} lies in the interval`,
        table: model.name,
        rule: {
          kind: 'expression',
          sql: `${column} is not null and ${column} >= '${interval.start}' and ${column} < '${interval.end}'`,
        },
        severity: 'error',
        place: model.file,
      },
    ],
    { ...context, relation: quoted(relation) },
  )
  if (result === undefined || result.isPassed) return
  throw new CaudalError({
    code: 'CAUDAL_MODEL_INTERVAL',
    message: `${model.name}: ${result.failingRows} rows built for ${interval.start} to ${interval.end} have a \`${time}\` outside of it. Nothing of the interval was published.`,
    hint: `Filter by it: where ${time} >= $interval_start and ${time} < $interval_end; or declare a key.`,
    context: { model: model.name, failingRows: result.failingRows, examples: result.examples.slice(0, 3) },
  })
}

async function publishGroup(
  build: ModelBuild,
  built: readonly BuiltInterval[],
  state: ModelState,
  isReplaced: boolean,
): Promise<{ readonly outcome: ModelOutcome; readonly state?: ModelState }> {
  const { context, model } = build
  const tableChecks = build.checks.filter((check) => !isRowRule(check.rule))
  const needsCount =
    build.before !== undefined && tableChecks.some((check) => check.rule.kind === 'row count change')
  const previousRows = needsCount
    ? await publishedRows(model.name, context.warehouse, context.signal)
    : undefined
  const target = { ...context, ...(previousRows === undefined ? {} : { previousRows }) }
  const publications = built.map(({ relation, interval }, index): Publication => {
    if (isReplaced && index === 0) return { kind: 'table', table: build.table, built: relation }
    const { key = [], time = '' } = model.incremental ?? {}
    return {
      kind: 'merge',
      table: build.table,
      built: relation,
      key,
      ...(key.length > 0 ? {} : { interval: { column: time, ...interval } }),
    }
  })
  const rowChecks = joinResults(
    [],
    built.flatMap((one) => one.checks),
  )
  const rows = built.reduce((sum, one) => sum + one.rows, 0)
  try {
    const sequence = await context.warehouse.publish({
      run: context.run,
      publications: [...publications, ...build.views],
      checks: tableChecks
        .filter((check) => check.severity === 'error')
        .map((check) => ({
          name: check.name,
          sql: compileCheck(check, { ...target, dialect: context.warehouse.capabilities.dialect }),
        })),
      models: [state],
    })
    const checks = [...rowChecks, ...(await runChecks(tableChecks, target))]
    return { outcome: { state: 'succeeded', isBuilt: true, rows, checks, sequence }, state }
  } catch (error) {
    if (!CaudalError.isInstance(error) || error.code !== 'CAUDAL_CHECK_FAILED') throw error
    const relation = isReplaced ? unionOf(built) : mergedRelation(build, built)
    const checks = await runChecks(tableChecks, { ...target, relation })
    const outcome = checksFailed(build, [...rowChecks, ...checks], rows)
    return { outcome: outcome.error === undefined ? { ...outcome, error: error.toJSON() } : outcome }
  }
}

/** The table as it would be after the merge: to show the failing rows of what was rolled back. */
function mergedRelation(build: ModelBuild, built: readonly BuiltInterval[]): string {
  const { key = [], time = '' } = build.model.incremental ?? {}
  const fresh = unionOf(built)
  const column = quoteIdentifier(time)
  const replaced =
    key.length > 0
      ? `exists (select 1 from ${fresh} as fresh where ${key.map((name) => `fresh.${quoteIdentifier(name)} = kept.${quoteIdentifier(name)}`).join(' and ')})`
      : built
          .map(
            ({ interval }) =>
              `(kept.${column} >= '${interval.start}' and kept.${column} < '${interval.end}')`,
          )
          .join(' or ')
  return `(select * from ${quoted(build.table)} as kept where not (${replaced}) union all select * from ${fresh} as fresh)`
}

function unionOf(built: readonly BuiltInterval[]): string {
  return `(${built.map(({ relation }) => `select * from ${quoted(relation)}`).join(' union all ')})`
}

function failed(build: ModelBuild, built: readonly BuiltInterval[]): ModelOutcome {
  return checksFailed(
    build,
    joinResults(
      [],
      built.flatMap((one) => one.checks),
    ),
    0,
  )
}

/**
 * What is remembered after a publication. Only intervals that are over are recorded: the open one gets more rows. The newest sequence number
 * counts as seen once the newest interval was built.
 */
function nextState(
  build: ModelBuild,
  intervals: readonly Interval[],
  before: ModelState | undefined,
  isLast: boolean,
): ModelState {
  const { model, built, context } = build
  const closed = intervals.filter((interval) => new Date(interval.end) <= context.now)
  const reachesNow =
    isLast && build.stage.action !== 'backfill'
      ? true
      : intervals.some((interval) => new Date(interval.end) > context.now)
  const seen = before === undefined ? 0 : parseBuiltState(before.fingerprint).sequence
  return {
    model: model.name,
    fingerprint: formatBuiltState({ ...built, sequence: reachesNow ? built.sequence : seen }),
    materialization: model.materialization,
    intervals: mergeIntervals([...(before?.intervals ?? []), ...closed]),
  }
}

/** One result per check: the failing rows of all intervals. */
function joinResults(a: readonly CheckResult[], b: readonly CheckResult[]): readonly CheckResult[] {
  const joined = new Map(a.map((result) => [result.check, result]))
  for (const result of b) {
    const other = joined.get(result.check)
    if (other === undefined || (other.isPassed && !result.isPassed)) joined.set(result.check, result)
    else if (!result.isPassed) {
      joined.set(result.check, {
        ...other,
        failingRows: other.failingRows + result.failingRows,
        examples: [...other.examples, ...result.examples].slice(0, 20),
      })
    }
  }
  return [...joined.values()]
}

function quoted(table: TableName): string {
  return `${quoteIdentifier(table.schema)}.${quoteIdentifier(table.name)}`
}
