import {
  CaudalError,
  toErrorReport,
  type CheckResult,
  type ModelState,
  type Publication,
  type TableName,
} from '@caudal/spec'
import { renderPortable } from '@caudal/sql'
import { isBlocking, publishedRows, runChecks } from '../check/run-checks.ts'
import {
  builtFingerprint,
  combineFingerprints,
  formatBuiltState,
  parseBuiltState,
  readSequence,
} from '../plan/built-state.ts'
import type { ModelStage } from '../plan/plan-models.ts'
import {
  checksFailed,
  privateRelation,
  type ModelBuild,
  type ModelOutcome,
  type ModelRunContext,
} from './model-build.ts'
import { buildIntervals } from './run-incremental.ts'

const nothing: ModelOutcome = { state: 'succeeded', isBuilt: false, checks: [] }

/**
 * Runs a model stage: builds privately, checks, and publishes in one transaction with what is remembered of it. A check that fails at level
 * `error` leaves what readers saw. Failures are outcomes; only an abort is thrown.
 */
export async function runModelStage(stage: ModelStage, context: ModelRunContext): Promise<ModelOutcome> {
  if (stage.action === 'skip') return nothing
  try {
    if (stage.action === 'drop') return await dropModel(stage, context)
    const build = await prepareBuild(stage, context)
    if (stage.action === 'refresh' && !hasNews(build)) return nothing
    if (build.model.materialization === 'incremental') return await buildIntervals(build)
    return build.model.materialization === 'view' ? await putView(build) : await buildTable(build)
  } catch (error) {
    context.signal.throwIfAborted()
    return { ...nothing, state: 'failed', error: toErrorReport(error) }
  }
}

async function prepareBuild(stage: ModelStage, context: ModelRunContext): Promise<ModelBuild> {
  const model = context.models.find((candidate) => candidate.name === stage.model)
  if (model === undefined) throw unknownModel(stage.model)
  const byName = new Map(context.models.map((node) => [node.name, node]))
  const { state, capabilities } = context.warehouse
  const [states, versions] = await Promise.all([state.models(), state.versions()])
  const stateOf = new Map(states.map((found) => [found.model, found]))
  const upstream = model.references.map((reference) => builtFingerprint(reference, byName, stateOf))
  return {
    stage,
    model,
    sql: renderPortable(model.sql, capabilities.dialect),
    table: tableName(model.name),
    checks: context.checks.filter((check) => check.table === model.name),
    context,
    before: stateOf.get(model.name),
    built: {
      own: model.fingerprint,
      effective: combineFingerprints(model.fingerprint, upstream),
      sequence: readSequence(model, byName, versions),
    },
    views: model.materialization === 'view' ? [] : viewsAbove(model.name, context, stateOf),
  }
}

/** Whether what the model reads changed since it was built. */
function hasNews(build: ModelBuild): boolean {
  const { before, built, context, model } = build
  if (before === undefined || model.references.some((name) => context.externalTables?.has(name))) return true
  const last = parseBuiltState(before.fingerprint)
  return built.sequence > last.sequence || built.effective !== last.effective
}

async function buildTable(build: ModelBuild): Promise<ModelOutcome> {
  const { context, table, model } = build
  const { warehouse, signal } = context
  const built = privateRelation(model.name)
  context.report?.(0, 'building')
  const rows = await warehouse.build(built, build.sql, {}, signal)
  context.report?.(rows, 'checking')
  const checks = await checkRelation(build, `"${built.schema}"."${built.name}"`)
  if (checks.some(isBlocking)) return checksFailed(build, checks, rows)
  const sequence = await warehouse.publish({
    run: context.run,
    publications: [{ kind: 'table', table, built }, ...build.views],
    checks: [],
    models: [builtModelState(build)],
  })
  return { state: 'succeeded', isBuilt: true, rows, checks, sequence }
}

async function putView(build: ModelBuild): Promise<ModelOutcome> {
  const { context, table, sql } = build
  const checks = await checkRelation(build, `(${sql})`)
  if (checks.some(isBlocking)) return checksFailed(build, checks)
  const sequence = await context.warehouse.publish({
    run: context.run,
    publications: [{ kind: 'view', table, sql }, ...build.views],
    checks: [],
    models: [builtModelState(build)],
  })
  return { state: 'succeeded', isBuilt: true, checks, sequence }
}

async function dropModel(stage: ModelStage, context: ModelRunContext): Promise<ModelOutcome> {
  const states = await context.warehouse.state.models()
  const state = states.find((candidate) => candidate.model === stage.model)
  if (state === undefined) return nothing
  const sequence = await context.warehouse.publish({
    run: context.run,
    publications: [{ kind: 'drop', table: tableName(stage.model) }],
    checks: [],
    models: [{ ...state, isDropped: true }],
  })
  return { state: 'succeeded', isBuilt: true, checks: [], sequence }
}

async function checkRelation(build: ModelBuild, relation: string): Promise<readonly CheckResult[]> {
  const { checks, context, model, before } = build
  const needsCount = before !== undefined && checks.some((check) => check.rule.kind === 'row count change')
  const previousRows = needsCount
    ? await publishedRows(model.name, context.warehouse, context.signal)
    : undefined
  return runChecks(checks, {
    ...context,
    relation,
    ...(previousRows === undefined ? {} : { previousRows }),
  })
}

function builtModelState(build: ModelBuild): ModelState {
  const { model, built } = build
  return {
    model: model.name,
    fingerprint: formatBuiltState(built),
    materialization: model.materialization,
    intervals: [],
  }
}

/** The views that show a model, in order, as far as they stand in the warehouse with the SQL of the project. */
function viewsAbove(
  name: string,
  context: ModelRunContext,
  stateOfModel: ReadonlyMap<string, ModelState>,
): readonly Publication[] {
  const shown = new Set([name])
  const views: Publication[] = []
  for (const model of context.models) {
    const state = stateOfModel.get(model.name)
    if (model.materialization !== 'view' || !model.references.some((reference) => shown.has(reference)))
      continue
    shown.add(model.name)
    if (state === undefined || parseBuiltState(state.fingerprint).own !== model.fingerprint) continue
    const sql = renderPortable(model.sql, context.warehouse.capabilities.dialect)
    views.push({ kind: 'view', table: tableName(model.name), sql })
  }
  return views
}

function tableName(model: string): TableName {
  const dot = model.indexOf('.')
  return { schema: model.slice(0, dot), name: model.slice(dot + 1) }
}

function unknownModel(name: string): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_MODEL_UNKNOWN',
    message: `The plan names the model \`${name}\`, which the project does not have. Nothing was built.`,
    hint: 'The project changed after the plan was made: run again.',
  })
}
