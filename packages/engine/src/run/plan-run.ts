import type { Manifest, Plan, SourceNode, Stage, Warehouse } from '@caudal/spec'
import type { RunRequest } from '../owner/service.ts'
import { guaranteeOf } from '../plan/guarantee.ts'
import { planModels } from '../plan/plan-models.ts'
import { assertTablesKnown, planOperation } from './operations.ts'
import { changedModels, selectNodes } from '../plan/select.ts'

/** Makes the plan of a run: extracts first, then models and checks in the order of the graph. Reads state, changes nothing. */
export async function planRun(
  manifest: Manifest,
  target: string,
  warehouse: Warehouse,
  request: RunRequest,
  now: Date,
): Promise<Plan> {
  if (request.operation !== undefined) return planOperation(manifest, target, warehouse, request.operation)
  const [states, versions] = await Promise.all([warehouse.state.models(), warehouse.state.versions()])
  const selection = selectNodes(manifest, request.select, changedModels(manifest.models, states))
  const sources =
    request.skipSources === true
      ? []
      : manifest.sources.filter((source) => selection.sources.has(source.name))
  const extracts = sources.map((source) => extractStage(source, request, warehouse))
  const byTable = extracts.flatMap((stage) => stage.tables.map((table) => [table, stage.id] as const))
  const models = planModels({
    models: manifest.models,
    checks: manifest.checks,
    states,
    versions,
    now,
    ...(request.select.length === 0 ? {} : { selected: selection.models }),
    extracts: Object.fromEntries(byTable),
    externalTables: new Set(manifest.tables.map((table) => table.name)),
    ...(request.full === true ? { full: true } : {}),
    ...(request.interval === undefined ? {} : { interval: request.interval }),
  })
  return { target, stages: [...extracts, ...models] }
}

/**
 * What a run is asked for must be there: a refusal before anything ran is no run.
 * @throws CaudalError `CAUDAL_TABLE_UNKNOWN`, `CAUDAL_SELECT_UNKNOWN`.
 */
export function assertKnown(manifest: Manifest, { operation, select }: RunRequest): void {
  if (operation === undefined) selectNodes(manifest, select, new Set())
  else assertTablesKnown(manifest, operation)
}

function extractStage(
  source: SourceNode,
  request: RunRequest,
  warehouse: Warehouse,
): Extract<Stage, { kind: 'extract' }> {
  const streams = selectedStreams(source, request.select)
  const tables = source.streams.filter((stream) => streams.length === 0 || streams.includes(stream.name))
  return {
    kind: 'extract',
    id: `extract ${source.name}`,
    source: source.name,
    streams,
    tables: tables.map((stream) => stream.table),
    full: request.full === true,
    ...guaranteeOf(source, warehouse),
    after: [],
  }
}

/** Streams that the selection names one by one; empty: all. */
function selectedStreams(source: SourceNode, select: readonly string[]): string[] {
  const wanted = select.map((expression) => expression.replaceAll(/^\+|\+$/g, ''))
  const named = source.streams.filter((stream) => wanted.includes(stream.table)).map((stream) => stream.name)
  return wanted.some((name) => name === `source:${source.name}`) ? [] : named
}
