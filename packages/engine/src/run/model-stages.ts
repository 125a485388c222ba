import { formatTableName, type CheckResult, type ErrorReport, type Warehouse } from '@caudal/spec'
import { runCheckStage } from '../check/run-check-stage.ts'
import { runModelStage } from '../model/run-model.ts'
import type { CheckStage, ModelStage } from '../plan/plan-models.ts'
import { driftWarning } from '../verify/drift.ts'
import type { RunContext } from './context.ts'

/** What a stage did. */
export interface StageOutcome {
  readonly rows?: number
  readonly checks: readonly CheckResult[]
  readonly errors: readonly ErrorReport[]
  /** Nothing was to be done. */
  readonly isSkipped?: boolean
}

/** Builds, checks and publishes a model; publications pass the writer lane. */
export async function performModel(
  context: RunContext,
  stage: ModelStage,
  run: string,
  signal: AbortSignal,
): Promise<StageOutcome> {
  const outcome = await runModelStage(stage, {
    run,
    warehouse: withLane(context),
    models: context.manifest.models,
    checks: context.manifest.checks,
    externalTables: new Set(context.manifest.tables.map((table) => table.name)),
    now: new Date(),
    signal,
  })
  return {
    checks: outcome.checks,
    errors: outcome.error === undefined ? [] : [outcome.error],
    ...(outcome.rows === undefined ? {} : { rows: outcome.rows }),
    ...(outcome.isBuilt || outcome.state === 'failed' ? {} : { isSkipped: true }),
  }
}

/** Runs the checks of a table. */
export async function performChecks(
  context: RunContext,
  stage: CheckStage,
  signal: AbortSignal,
): Promise<StageOutcome> {
  const outcome = await runCheckStage(stage, {
    warehouse: context.warehouse,
    checks: context.manifest.checks,
    now: new Date(),
    signal,
  })
  const drift = await externalDrift(context, stage.table)
  return { checks: [...drift, ...outcome.checks], errors: outcome.error === undefined ? [] : [outcome.error] }
}

/** A table that others load and that has lost columns. */
async function externalDrift(
  { manifest, warehouse }: RunContext,
  table: string,
): Promise<readonly CheckResult[]> {
  if (!manifest.tables.some(({ name }) => name === table)) return []
  const relation = (await warehouse.introspect()).find((one) => formatTableName(one.table) === table)
  const warning =
    relation === undefined ? undefined : driftWarning(manifest, table, { columns: relation.columns })
  return warning === undefined ? [] : [warning]
}

/** The warehouse as model stages use it: every publication goes through the lane and is announced. */
function withLane(
  context: RunContext,
): Pick<Warehouse, 'capabilities' | 'state' | 'build' | 'publish' | 'query'> {
  const { warehouse, lane } = context
  return {
    capabilities: warehouse.capabilities,
    state: warehouse.state,
    build: (relation, sql, parameters, signal) => warehouse.build(relation, sql, parameters, signal),
    query: (sql, parameters, signal) => warehouse.query(sql, parameters, signal),
    publish: async (request) => {
      const sequence = await lane.run('publish', () => warehouse.publish(request))
      context.published(
        sequence,
        request.publications.map((publication) => formatTableName(publication.table)),
      )
      return sequence
    },
  }
}
