import type {
  DashboardAnswer,
  DimensionValues,
  GraphAnswer,
  PlanAnswer,
  ProjectAnswer,
  RowsAnswer,
  RunRecord,
  RunSummary,
  ScheduleAnswer,
  StatusAnswer,
  TileAnswer,
} from '@caudal/spec'
import type { RunOperation } from '@caudal/engine'
import type { Hono } from 'hono'
import type { BlankEnv } from 'hono/types'

/** A JSON answer. Any other status carries an `ErrorReport`. */
type Route<Output, Input = object> = {
  readonly input: Input
  readonly output: Output
  readonly outputFormat: 'json'
  readonly status: 200
}

/** Parameters of a query string; a list is the parameter repeated. */
type Query = Readonly<Record<string, string | string[]>>

interface DashboardParameters {
  readonly param: { readonly name: string }
}

interface TileParameters {
  readonly param: { readonly name: string; readonly tile: string }
  /** A view (`formatView` of `@caudal/spec`); absent parameters take the dashboard's defaults. */
  readonly query: Query
}

/** What a run is asked to do, as `POST /runs` takes it. */
export interface RunBody {
  readonly select?: readonly string[]
  readonly full?: boolean
  readonly interval?: { readonly start: string; readonly end: string }
  readonly skipSources?: boolean
  /** Replay dead letters, reset streams or run checks instead of running the graph. */
  readonly operation?: RunOperation
  /** Over the unix socket only; from a browser it is `console`. */
  readonly trigger?: string
}

interface PlanQuery {
  readonly query: {
    readonly select?: string | string[]
    readonly full?: 'true' | 'false'
    readonly skipSources?: 'true' | 'false'
    readonly start?: string
    readonly end?: string
  }
}

/**
 * Every JSON route of the API, typed. Beside them: tiles and rows as CSV (`Accept: text/csv`, or the path with `.csv`),
 * `GET /api/v1/live` (server-sent events), and over the unix socket `POST /api/v1/query` (NDJSON) and `GET /api/v1/attach`.
 */
export type ApiSchema = {
  readonly '/api/v1/project': { readonly $get: Route<ProjectAnswer> }
  readonly '/api/v1/dashboards/:name': { readonly $get: Route<DashboardAnswer, DashboardParameters> }
  readonly '/api/v1/dashboards/:name/tiles/:tile': { readonly $get: Route<TileAnswer, TileParameters> }
  /** The query holds the view, a cell (`formatCell`) and `limit` (default 200, at most 10,000). */
  readonly '/api/v1/dashboards/:name/tiles/:tile/rows': { readonly $get: Route<RowsAnswer, TileParameters> }
  readonly '/api/v1/dashboards/:name/values/:dimension': {
    readonly $get: Route<
      DimensionValues,
      { readonly param: { readonly name: string; readonly dimension: string } }
    >
  }
  readonly '/api/v1/graph': { readonly $get: Route<GraphAnswer> }
  readonly '/api/v1/runs': {
    /** Newest first; `limit` 1 to 500, default 50; `before`: id of a run. */
    readonly $get: Route<
      readonly RunSummary[],
      { readonly query: { readonly limit?: string; readonly before?: string } }
    >
    readonly $post: Route<RunSummary, { readonly json: RunBody }>
  }
  readonly '/api/v1/runs/:id': {
    readonly $get: Route<RunRecord, { readonly param: { readonly id: string } }>
  }
  readonly '/api/v1/runs/:id/cancel': {
    readonly $post: Route<
      { readonly isCancelled: boolean },
      { readonly param: { readonly id: string }; readonly json: Readonly<Record<string, never>> }
    >
  }
  readonly '/api/v1/plan': { readonly $get: Route<PlanAnswer, PlanQuery> }
  readonly '/api/v1/schedules': { readonly $get: Route<readonly ScheduleAnswer[]> }
  readonly '/api/v1/status': { readonly $get: Route<StatusAnswer> }
}

/** The type of the API for Hono's typed client: `hc<ApiType>(origin)`. Meant for `import type`. */
export type ApiType = Hono<BlankEnv, ApiSchema>
