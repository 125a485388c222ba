import { check, type CheckFunction } from './check.ts'
import { dashboard } from './dashboard.ts'
import { metric, type MetricFunction } from './metric.ts'
import { modelTest, type ModelTestFunction } from './model.ts'
import type { AnyTables } from './row-types.ts'
import { tile, type Tiles } from './tile.ts'

/** The functions that name tables and columns. */
export interface Authoring<Tables> {
  readonly metric: MetricFunction<Tables>
  readonly check: CheckFunction<Tables>
  readonly modelTest: ModelTestFunction<Tables>
  readonly dashboard: typeof dashboard
  readonly tile: Tiles
}

/**
 * The functions narrowed to the tables of a project: an unknown table, column, dimension or metric is a type error.
 * `caudal typegen` writes `caudal-types.ts`, which ends with `export const { metric, dashboard, … } = authoring<Tables>()`.
 */
export function authoring<Tables extends object = AnyTables>(): Authoring<Tables> {
  const functions: Authoring<AnyTables> = { metric, check, modelTest, dashboard, tile }
  return functions as unknown as Authoring<Tables>
}
