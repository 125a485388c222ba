import type { CheckNode, ModelNode, ModelState, Stage } from '@caudal/spec'
import {
  builtFingerprint,
  combineFingerprints,
  parseBuiltState,
  shownSequence,
  type BuiltState,
} from './built-state.ts'
import { intervalsBetween, isCovered, overlaps, type Interval } from './intervals.ts'

/** A stage that builds, refreshes, drops or skips a model. */
export type ModelStage = Extract<Stage, { kind: 'model' }>

/** A stage that checks a table or a view. */
export type CheckStage = Extract<Stage, { kind: 'check' }>

/** What models are planned from. */
export interface PlanModelsInput {
  /** All models of the project, in an order in which each follows what it reads. */
  readonly models: readonly ModelNode[]
  readonly checks: readonly CheckNode[]
  /** What the warehouse remembers: `state.models()` and `state.versions()`. */
  readonly states: readonly ModelState[]
  readonly versions: Readonly<Record<string, number>>
  readonly now: Date
  /** Names of the models to plan. Absent: all, and those that left the project are dropped. */
  readonly selected?: ReadonlySet<string>
  /** Tables that this run may change → id of the stage that does: models behind them are refreshed when it did. */
  readonly extracts?: Readonly<Record<string, string>>
  /** Tables that others load at any time: models behind them are always refreshed. */
  readonly externalTables?: ReadonlySet<string>
  /** Build incremental models from their start, and tables whatever changed. Default: `false`. */
  readonly full?: boolean
  /** Build these half-open UTC intervals of incremental models again. */
  readonly interval?: Interval
}

type Decision = Pick<ModelStage, 'action' | 'reason' | 'intervals'>

interface PlanState extends PlanModelsInput {
  readonly byName: ReadonlyMap<string, ModelNode>
  readonly stateOf: ReadonlyMap<string, ModelState>
  /** Effective fingerprint of each model as this plan leaves it. */
  readonly effective: Map<string, string>
  /** Models planned so far that will have other rows, or may have → what to say of it. */
  readonly news: Map<string, string>
  readonly stages: Stage[]
}

/**
 * The stages of models and checks, in order: tables that the run loads are checked, then what reads them is built. Plain data; nothing runs.
 * A table is rebuilt when its SQL, or that of a model above it, changed, or when what it reads has new rows; a view only when its own SQL
 * changed. Incremental models build the intervals that are missing, and with new rows also the open one and the declared lookback.
 */
export function planModels(input: PlanModelsInput): readonly Stage[] {
  const plan: PlanState = {
    ...input,
    byName: new Map(input.models.map((model) => [model.name, model])),
    stateOf: new Map(input.states.map((state) => [state.model, state])),
    effective: new Map(),
    news: new Map(),
    stages: [],
  }
  for (const table of Object.keys(input.extracts ?? {}).toSorted())
    plan.news.set(table, `if ${table} changes`)
  for (const table of input.externalTables ?? []) plan.news.set(table, `${table} is loaded by others`)
  planTableChecks(plan)
  for (const model of input.models) planModel(model, plan)
  if (input.selected === undefined) planDrops(plan)
  return plan.stages
}

function planTableChecks(plan: PlanState): void {
  const tables = [...new Set(plan.checks.map((check) => check.table))].filter(
    (table) => !plan.byName.has(table),
  )
  for (const table of tables) {
    const extract = plan.extracts?.[table]
    const isDue =
      extract !== undefined || (plan.externalTables?.has(table) === true && plan.selected === undefined)
    if (isDue) plan.stages.push(checkStage(table, plan.checks, extract === undefined ? [] : [extract]))
  }
}

function planModel(model: ModelNode, plan: PlanState): void {
  const { name } = model
  if (plan.selected?.has(name) === false) {
    plan.effective.set(name, builtFingerprint(name, plan.byName, plan.stateOf))
    return
  }
  const upstream = model.references.map((reference) => plan.effective.get(reference) ?? '')
  plan.effective.set(name, combineFingerprints(model.fingerprint, upstream))
  const decision = decide(model, plan)
  const after = [...new Set(model.references.flatMap((reference) => stagesOf(reference, plan)))]
  plan.stages.push({ kind: 'model', id: `model ${name}`, model: name, ...decision, after })
  const upstreamNews = newsOf(model, plan)
  if (decision.action !== 'skip')
    plan.news.set(name, decision.action === 'refresh' ? `if ${name} changes` : `${name} is rebuilt`)
  else if (model.materialization === 'view' && upstreamNews !== undefined) {
    plan.news.set(name, upstreamNews)
    if (plan.checks.some((check) => check.table === name)) {
      plan.stages.push(checkStage(name, plan.checks, after))
    }
  }
}

function decide(model: ModelNode, plan: PlanState): Decision {
  const state = plan.stateOf.get(model.name)
  const incremental = model.incremental
  const all = (action: 'create' | 'change', reason: string): Decision => ({
    action,
    reason,
    intervals:
      incremental === undefined ? [] : intervalsBetween(incremental.start, plan.now, incremental.grain),
  })
  if (state === undefined) return all('create', 'new')
  const built = parseBuiltState(state.fingerprint)
  if (state.materialization !== model.materialization) {
    return all('change', `${state.materialization} becomes ${model.materialization}`)
  }
  if (built.own !== model.fingerprint) return all('change', 'SQL changed')
  if (model.materialization === 'view') return { action: 'skip', reason: 'unchanged', intervals: [] }
  if (built.effective !== plan.effective.get(model.name)) {
    return all('change', `upstream ${changedUpstream(model, plan)} changed`)
  }
  if (plan.full === true) return all('change', 'full rebuild asked for')
  const news = newsOf(model, plan) ?? newRows(model, built, plan)
  if (incremental !== undefined) return decideIntervals(incremental, state, news, plan)
  return news === undefined
    ? { action: 'skip', reason: 'unchanged', intervals: [] }
    : { action: 'refresh', reason: news, intervals: [] }
}

function decideIntervals(
  settings: NonNullable<ModelNode['incremental']>,
  state: ModelState,
  news: string | undefined,
  plan: PlanState,
): Decision {
  const all = intervalsBetween(settings.start, plan.now, settings.grain)
  const asked = plan.interval
  const isAsked = (interval: Interval): boolean => asked !== undefined && overlaps(interval, asked)
  const isOpen = (interval: Interval): boolean => new Date(interval.end) > plan.now
  const isMissing = (interval: Interval): boolean =>
    !isOpen(interval) && !isCovered(interval, state.intervals)
  const recent = new Set(all.slice(-1 - settings.lookback))
  const missing = all.filter(isMissing).length
  const intervals = all.filter(
    (interval) => isAsked(interval) || isMissing(interval) || (news !== undefined && recent.has(interval)),
  )
  if (asked !== undefined && all.some(isAsked)) {
    return { action: 'backfill', reason: `asked for ${asked.start} to ${asked.end}`, intervals }
  }
  if (missing > 0)
    return {
      action: 'backfill',
      reason: `${missing} missing ${missing === 1 ? 'interval' : 'intervals'}`,
      intervals,
    }
  if (news !== undefined) return { action: 'refresh', reason: news, intervals }
  return { action: 'skip', reason: 'unchanged', intervals: [] }
}

function planDrops(plan: PlanState): void {
  for (const state of plan.states) {
    if (plan.byName.has(state.model) || state.isDropped === true) continue
    plan.stages.push({
      kind: 'model',
      id: `model ${state.model}`,
      model: state.model,
      action: 'drop',
      reason: 'removed from the project',
      intervals: [],
      after: plan.stages.flatMap((stage) =>
        stage.kind === 'model' && stage.action !== 'drop' ? [stage.id] : [],
      ),
    })
  }
}

/** What this plan changes, or may change, of what a model reads. */
function newsOf(model: ModelNode, plan: PlanState): string | undefined {
  return model.references.map((reference) => plan.news.get(reference)).find((news) => news !== undefined)
}

/** What changed before this plan, since the model was built. */
function newRows(model: ModelNode, built: BuiltState, plan: PlanState): string | undefined {
  const changed = model.references.find(
    (reference) => shownSequence(reference, plan.byName, plan.versions) > built.sequence,
  )
  return changed === undefined ? undefined : `new rows in ${changed}`
}

function changedUpstream(model: ModelNode, plan: PlanState): string {
  const changed = model.references.find(
    (reference) =>
      (plan.effective.get(reference) ?? '') !== builtFingerprint(reference, plan.byName, plan.stateOf),
  )
  return changed ?? model.references.join(', ')
}

/** The stages of this plan that must succeed before a table or model is read; those behind a view that stays as it is. */
function stagesOf(name: string, plan: PlanState): readonly string[] {
  const ids = plan.stages
    .filter((stage) => stage.id === `check ${name}` || (stage.id === `model ${name}` && !isSkipped(stage)))
    .map((stage) => stage.id)
  if (ids.length > 0) return ids
  const extract = plan.extracts?.[name]
  if (extract !== undefined) return [extract]
  return (plan.byName.get(name)?.references ?? []).flatMap((reference) => stagesOf(reference, plan))
}

function isSkipped(stage: Stage): boolean {
  return stage.kind === 'model' && stage.action === 'skip'
}

function checkStage(table: string, checks: readonly CheckNode[], after: readonly string[]): CheckStage {
  const names = checks.filter((check) => check.table === table).map((check) => check.name)
  return { kind: 'check', id: `check ${table}`, checks: names, table, after }
}
