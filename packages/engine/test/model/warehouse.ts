import { openWarehouse } from '@caudal/duckdb'
import type { CheckResult, JsonValue, Warehouse } from '@caudal/spec'
import {
  planModels,
  runModelStage,
  type CompiledModels,
  type ModelOutcome,
  type PlanModelsInput,
} from '@caudal/engine'

const signal = new AbortController().signal

/** An embedded warehouse in memory. */
export function memoryWarehouse(): Promise<Warehouse> {
  return openWarehouse({ path: ':memory:' }, { projectPath: '/' })
}

/** Puts the rows of a query into a table, as a load would. */
export async function putTable(warehouse: Warehouse, table: string, sql: string): Promise<number> {
  const [schema = '', name = ''] = table.split('.')
  const built = { schema: '_caudal_build', name: 'test_input' }
  await warehouse.build(built, sql, {}, signal)
  return warehouse.publish({
    run: 'test',
    publications: [{ kind: 'table', table: { schema, name }, built }],
    checks: [],
    models: [],
  })
}

/** Rows of a query as arrays. */
export async function rowsOf(warehouse: Warehouse, sql: string): Promise<readonly (readonly JsonValue[])[]> {
  const rows: JsonValue[][] = []
  for await (const chunk of warehouse.query(sql, {}, signal)) {
    for (let row = 0; row < chunk.rows; row++) rows.push(chunk.values.map((column) => column[row] ?? null))
  }
  return rows
}

/** One run: plans the models on what the warehouse remembers, and runs each stage whose forerunners did not fail. */
export async function run(
  warehouse: Warehouse,
  { models, checks }: Pick<CompiledModels, 'models' | 'checks'>,
  now: Date,
  more: Partial<PlanModelsInput> = {},
): Promise<Readonly<Record<string, ModelOutcome & { readonly action: string }>>> {
  const [states, versions] = await Promise.all([warehouse.state.models(), warehouse.state.versions()])
  const stages = planModels({ models, checks, states, versions, now, ...more })
  const outcomes: Record<string, ModelOutcome & { action: string }> = {}
  const failed = new Set<string>()
  for (const stage of stages) {
    if (stage.kind !== 'model') continue
    if (stage.after.some((id) => failed.has(id))) {
      failed.add(stage.id)
      continue
    }
    const outcome = await runModelStage(stage, { run: 'run', warehouse, models, checks, now, signal })
    if (outcome.state === 'failed') failed.add(stage.id)
    outcomes[stage.model] = { ...outcome, action: stage.action }
  }
  return outcomes
}

/** What a run did: `marts.won: create 3 rows`. */
export function summary(outcomes: Awaited<ReturnType<typeof run>>): readonly string[] {
  return Object.entries(outcomes).map(([model, outcome]) => {
    const done = outcome.state === 'failed' ? 'failed' : outcome.isBuilt ? outcome.action : 'nothing'
    return `${model}: ${done}${outcome.rows === undefined || !outcome.isBuilt ? '' : ` ${outcome.rows}`}`
  })
}

/** Messages of the checks that failed. */
export function failures(results: readonly CheckResult[]): readonly string[] {
  return results.filter((result) => !result.isPassed).map((result) => result.message)
}
