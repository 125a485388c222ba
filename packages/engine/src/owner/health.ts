import type { CheckResult, GraphNode, Manifest, NodeHealth, StageRecord } from '@caudal/spec'

/** What is wrong with a table or model, as its last stages say: `isThere` tells whether the warehouse has it: an empty stream was read and has none. */
export function healthOf(
  manifest: Manifest,
  stages: ReadonlyMap<string, StageRecord>,
  table: string,
  isThere: boolean,
): Pick<GraphNode, 'health' | 'failingChecks' | 'error'> {
  const own = ownStages(manifest, stages, table)
  const failingChecks = own.flatMap(({ checks }) => checks.filter((check) => !check.isPassed))
  const isUnreconciled = own.some(({ reconciliation }) =>
    reconciliation?.some((one) => one.table === table && one.verdict === 'unreconciled'),
  )
  const failed = own.find((record) => record.state === 'failed' && concerns(record, table))
  const error = failed?.error
  return {
    health: healthFrom({
      isRunning: own.some(({ state }) => state === 'running'),
      isFailing: failed !== undefined || isUnreconciled,
      isLate: failingChecks.some((check) => isFreshness(manifest, check)),
      isThere: isThere || own.some((record) => wasRead(record, table)),
    }),
    failingChecks,
    ...(error === undefined ? {} : { error }),
  }
}

function ownStages(
  manifest: Manifest,
  stages: ReadonlyMap<string, StageRecord>,
  table: string,
): StageRecord[] {
  const source = manifest.sources.find(({ streams }) => streams.some((stream) => stream.table === table))
  const ids = [
    `model ${table}`,
    `check ${table}`,
    ...(source === undefined ? [] : [`extract ${source.name}`]),
  ]
  return ids.flatMap((id) => stages.get(id) ?? [])
}

/** An extract that failed for one stream says which; the others are well. */
function concerns({ stage, error }: StageRecord, table: string): boolean {
  if (stage.kind !== 'extract') return true
  const { stream, table: named } = error?.context ?? {}
  if (typeof named === 'string') return named === table
  return typeof stream !== 'string' || table.endsWith(`.${stream}`)
}

function wasRead({ stage, state }: StageRecord, table: string): boolean {
  return stage.kind === 'extract' && state === 'succeeded' && stage.tables.includes(table)
}

function isFreshness(manifest: Manifest, { check }: CheckResult): boolean {
  return manifest.checks.some(({ name, rule }) => name === check && rule.kind === 'freshness')
}

function healthFrom(facts: {
  readonly isRunning: boolean
  readonly isFailing: boolean
  readonly isLate: boolean
  readonly isThere: boolean
}): NodeHealth {
  if (facts.isRunning) return 'running'
  if (facts.isFailing) return 'failing'
  if (!facts.isThere) return 'never ran'
  return facts.isLate ? 'late' : 'ok'
}
