import type {
  CheckNode,
  CheckResult,
  ErrorReport,
  ModelNode,
  ModelState,
  Publication,
  TableName,
  Warehouse,
} from '@caudal/spec'
import { checkError } from '../check/run-checks.ts'
import type { BuiltState } from '../plan/built-state.ts'
import type { ModelStage } from '../plan/plan-models.ts'

/** What model stages run in. */
export interface ModelRunContext {
  /** Id of the run. */
  readonly run: string
  /** Its `publish` is serialised by the caller. */
  readonly warehouse: Pick<Warehouse, 'capabilities' | 'state' | 'build' | 'publish' | 'query'>
  /** All models and checks of the project, models in order. */
  readonly models: readonly ModelNode[]
  readonly checks: readonly CheckNode[]
  /** Tables that others load: what reads them is always rebuilt. */
  readonly externalTables?: ReadonlySet<string>
  readonly now: Date
  readonly signal: AbortSignal
  /** Rows built so far, and what is being built. */
  report?(rows: number, note: string): void
}

/** How a model stage ended. */
export interface ModelOutcome {
  readonly state: 'succeeded' | 'failed'
  /** `false`: nothing had to be built, or nothing was. */
  readonly isBuilt: boolean
  /** Rows written; absent for views. */
  readonly rows?: number
  readonly checks: readonly CheckResult[]
  /** Ledger sequence number of its last publication. */
  readonly sequence?: number
  readonly error?: ErrorReport
}

/** A model in the course of its stage. */
export interface ModelBuild {
  readonly stage: ModelStage
  readonly model: ModelNode
  /** In the dialect of the warehouse. */
  readonly sql: string
  readonly table: TableName
  readonly checks: readonly CheckNode[]
  readonly context: ModelRunContext
  /** What was built before. */
  readonly before: ModelState | undefined
  /** What is to be remembered. */
  readonly built: BuiltState
  /** Views above this model that must be put in place again with it. */
  readonly views: readonly Publication[]
}

/** Name of the private relation in which a model is built; cut to the length that every warehouse allows. */
export function privateRelation(model: string, part = 0): TableName {
  return { schema: '_caudal_build', name: `${model.replace('.', '__').slice(0, 56)}__${part}` }
}

/** The outcome of checks that failed: nothing was published. */
export function checksFailed(build: ModelBuild, checks: readonly CheckResult[], rows?: number): ModelOutcome {
  const state =
    build.before === undefined
      ? 'It was not published.'
      : 'It was not published: readers see the version before.'
  const error = checkError(build.model.name, checks, state)
  return {
    state: 'failed',
    isBuilt: false,
    checks,
    ...(rows === undefined ? {} : { rows }),
    ...(error === undefined ? {} : { error: error.toJSON() }),
  }
}
