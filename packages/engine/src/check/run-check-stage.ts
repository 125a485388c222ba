import type { CheckNode, CheckResult, ErrorReport, Warehouse } from '@caudal/spec'
import type { CheckStage } from '../plan/plan-models.ts'
import { checkError, runChecks } from './run-checks.ts'

/** What check stages run in. */
export interface CheckRunContext {
  readonly warehouse: Pick<Warehouse, 'query' | 'capabilities'>
  /** All checks of the project. */
  readonly checks: readonly CheckNode[]
  /** Rows of tables before this run, `schema.name`: for checks of row count change. */
  readonly previousRows?: Readonly<Record<string, number>>
  readonly now: Date
  readonly signal: AbortSignal
}

/** How a check stage ended: failed when a check of level `error` did. */
export interface CheckOutcome {
  readonly state: 'succeeded' | 'failed'
  readonly checks: readonly CheckResult[]
  readonly error?: ErrorReport
}

/** Checks a table that was loaded, or a view whose tables were. What was loaded stays; what reads it is not built when an error-level check fails. */
export async function runCheckStage(stage: CheckStage, context: CheckRunContext): Promise<CheckOutcome> {
  const { previousRows, ...run } = context
  const before = previousRows?.[stage.table]
  const checks = await runChecks(
    context.checks.filter((check) => stage.checks.includes(check.name)),
    { ...run, ...(before === undefined ? {} : { previousRows: before }) },
  )
  const error = checkError(stage.table, checks, 'Its rows stay; what reads it was not built.')
  return error === undefined
    ? { state: 'succeeded', checks }
    : { state: 'failed', checks, error: error.toJSON() }
}
