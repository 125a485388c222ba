import {
  CaudalError,
  addCounts,
  noCounts,
  suggestion,
  type LoadCounts,
  type Manifest,
  type Plan,
  type SourceNode,
  type Stage,
  type StreamNode,
  type Warehouse,
} from '@caudal/spec'
import { stageReplay } from '../load/replay.ts'
import { sealStagedLoad, type StagedLoad } from '../load/staged-load.ts'
import type { RunOperation } from '../owner/service.ts'
import type { RunContext } from './context.ts'
import { applyLoad } from './sources.ts'

/** The stages of a run that replays, resets or checks instead of running the graph. */
export async function planOperation(
  manifest: Manifest,
  target: string,
  warehouse: Warehouse,
  operation: RunOperation,
): Promise<Plan> {
  if (operation.kind === 'check') return { target, stages: planChecks(manifest, operation.tables) }
  if (operation.kind === 'reset') {
    const stages = operation.tables.map((table): Stage => {
      findStream(manifest, table)
      return { kind: 'reset', id: `reset ${table}`, table, after: [] }
    })
    return { target, stages }
  }
  const letters = await warehouse.state.deadLetters({ status: 'open', limit: 1_000_000 })
  const open = new Map<string, number>()
  for (const letter of letters) {
    const table = `${letter.table.schema}.${letter.table.name}`
    open.set(table, (open.get(table) ?? 0) + 1)
  }
  const tables = operation.tables.length === 0 ? [...open.keys()] : operation.tables
  const stages = tables.map((table): Stage => {
    findStream(manifest, table)
    return { kind: 'replay', id: `replay ${table}`, table, letters: open.get(table) ?? 0, after: [] }
  })
  return { target, stages }
}

/** @throws CaudalError `CAUDAL_TABLE_UNKNOWN` when the operation names a table for which it cannot be done. */
export function assertTablesKnown(manifest: Manifest, operation: RunOperation): void {
  if (operation.kind === 'check') planChecks(manifest, operation.tables)
  else for (const table of operation.tables) findStream(manifest, table)
}

function planChecks(manifest: Manifest, tables: readonly string[]): Stage[] {
  const checked = [...new Set(manifest.checks.map((check) => check.table))]
  const chosen = tables.length === 0 ? checked : tables
  return chosen.map((table): Stage => {
    const checks = manifest.checks.filter((check) => check.table === table).map((check) => check.name)
    if (checks.length === 0) throw unknownTable(table, checked, 'has no checks')
    return { kind: 'check', id: `check ${table}`, table, checks, after: [] }
  })
}

/** Loads the open dead letters of a table again. */
export async function runReplay(
  context: RunContext,
  table: string,
  run: string,
  signal: AbortSignal,
): Promise<LoadCounts> {
  const { source, stream } = findStream(context.manifest, table)
  const staged = await stageReplay(
    { warehouse: context.warehouse, lake: context.lake, nextLoad: () => context.nextLoad(), run },
    source,
    stream,
  )
  let counts = noCounts
  for (const load of staged) {
    const outcome = await applyLoad(context, load, signal)
    for (const one of outcome.tables) counts = addCounts(counts, one.counts)
  }
  return counts
}

/**
 * Forgets the positions of a stream by a load without rows, which the lake keeps, so that a rebuild forgets them too. Loads that wait are given
 * up: their records are read again.
 */
export async function runReset(
  context: RunContext,
  table: string,
  run: string,
  signal: AbortSignal,
): Promise<void> {
  const { source, stream } = findStream(context.manifest, table)
  await context.committer.giveUp(source.name, stream.name, 'the stream was reset')
  const stored = (await context.warehouse.state.positions(source.name)).filter(
    (one) => one.stream === stream.name,
  )
  for (const [index, { partition, version }] of stored.entries()) {
    const empties = index === 0 && stream.disposition !== 'merge'
    const id = context.nextLoad()
    const load: StagedLoad = {
      format: 1,
      id,
      run,
      source: source.name,
      stream: stream.name,
      table: tableOf(stream),
      columns: (await columnsOf(context.warehouse, stream)) ?? stream.columns,
      isTyped: true,
      disposition: stream.disposition,
      primaryKey: stream.primaryKey,
      ...(stream.order === undefined ? {} : { order: stream.order }),
      deletes: empties ? 'full re-sync' : 'none',
      contract: stream.contract,
      files: [],
      filtered: 0,
      ...(empties ? { snapshot: { id, complete: true } } : {}),
      partition,
      expectedVersion: version,
      position: { adapter: null, snapshot: null },
      stagedAt: new Date().toISOString(),
    }
    await sealStagedLoad(context.lake, load)
    await applyLoad(context, load, signal)
  }
}

async function columnsOf(
  warehouse: Warehouse,
  stream: StreamNode,
): Promise<StreamNode['columns'] | undefined> {
  const states = await warehouse.state.tables()
  return states.find((state) => `${state.table.schema}.${state.table.name}` === stream.table)?.columns
}

function tableOf(stream: StreamNode): { schema: string; name: string } {
  const [schema = '', name = ''] = stream.table.split('.')
  return { schema, name }
}

function findStream(manifest: Manifest, table: string): { source: SourceNode; stream: StreamNode } {
  for (const source of manifest.sources) {
    const stream = source.streams.find((candidate) => candidate.table === table)
    if (stream !== undefined) return { source, stream }
  }
  const known = manifest.sources.flatMap((source) => source.streams.map((stream) => stream.table))
  throw unknownTable(table, known, 'is not the table of a stream')
}

function unknownTable(table: string, known: readonly string[], what: string): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_TABLE_UNKNOWN',
    message: `\`${table}\` ${what}; there ${known.length === 1 ? 'is' : 'are'} ${known.join(', ') || 'none'}. Nothing was changed.${suggestion(table, known)}`,
    hint: 'Name one of them.',
    context: { table },
  })
}
