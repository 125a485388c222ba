import {
  addCounts,
  formatTableName,
  invariant,
  noCounts,
  normaliseName,
  type CheckResult,
  type ErrorReport,
  type LoadCounts,
  type LoadOutcome,
  type StageRecord,
  type Warehouse,
} from '@caudal/spec'
import type { PositionEnvelope, StartPosition } from '../load/starts.ts'
import { enforceRetention } from '../load/retention.ts'
import type { StagedLoad } from '../load/staged-load.ts'
import type { StreamExtract } from '../worker/protocol.ts'
import type { RunContext } from './context.ts'
import { driftWarning } from '../verify/drift.ts'
import { imbalances, type AppliedLoad } from './balance.ts'
import { reconcile } from './reconcile.ts'

/** What an extract stage did. */
export interface ExtractResult {
  readonly counts: LoadCounts
  readonly reconciliation: NonNullable<StageRecord['reconciliation']>
  /** Warnings about columns that are gone. */
  readonly checks: readonly CheckResult[]
  readonly errors: readonly ErrorReport[]
}

/** Extracts streams of a source and applies what is staged as it comes. */
export async function runExtract(
  context: RunContext,
  stage: { readonly source: string; readonly streams: readonly string[]; readonly full: boolean },
  run: string,
  signal: AbortSignal,
): Promise<ExtractResult> {
  const applied: AppliedLoad[] = []
  const errors: ErrorReport[] = []
  const receive = async (load: StagedLoad): Promise<void> => {
    applied.push({ load, outcome: await applyLoad(context, load, signal) })
  }
  // What an earlier read staged and could not commit (a full disk, a cancelled run) comes first: staged twice, it would count twice.
  const recovered = await context.committer.recover(signal, stage.source)
  for (const { load, outcome } of recovered.committed) {
    applied.push({ load, outcome })
    context.committed(load, outcome)
  }
  if (recovered.failure !== undefined) throw recovered.failure
  const release = context.receiveLoads(run, stage.source, receive)
  if (context.readers.areAround) context.worker.giveWay()
  let extracts: readonly StreamExtract[]
  try {
    extracts = await context.worker.extract(
      {
        source: stage.source,
        streams: stage.streams,
        full: stage.full,
        run,
        lake: context.lakeReference,
        lastLoad: context.lastLoad(),
        starts: await startPositions(context.warehouse, stage.source),
      },
      signal,
    )
  } finally {
    release()
  }
  for (const extract of extracts) if (extract.error !== undefined) errors.push(extract.error)
  errors.push(...imbalances(stage.source, applied, extracts, run), ...withheldSweeps(applied))
  const counts = applied
    .flatMap(({ outcome }) => outcome.tables)
    .reduce((sum, table) => addCounts(sum, table.counts), noCounts)
  const reconciliation = await reconcile(context, stage.source, extracts, signal)
  for (const { table, verdict, source, warehouse } of reconciliation) {
    if (verdict === 'unreconciled') errors.push(unreconciled(table, source ?? 0, warehouse))
  }
  for (const { description } of extracts)
    if (description !== undefined) await enforceRetention(context, stage.source, description)
  return {
    counts,
    reconciliation,
    checks: driftWarnings(context, stage.source, extracts, applied),
    errors: errors.length > 1 ? [joinErrors(errors)] : errors,
  }
}

/** An error for each complete read that could not tell which rows are gone: what stays may be deleted in the source. */
function withheldSweeps(applied: readonly AppliedLoad[]): ErrorReport[] {
  return applied.flatMap(({ outcome }) =>
    outcome.tables.flatMap(({ table, sweepWithheld = 0 }) => {
      if (sweepWithheld === 0) return []
      const name = formatTableName(table)
      return {
        code: 'CAUDAL_LOAD_SWEEP_WITHHELD',
        message: `${name}: the complete read left dead letters whose keys cannot be told, and did not have ${sweepWithheld} of the table's rows: any of them may be such a record, so they all stay. The rows that came are loaded.`,
        hint: `Mend the records in the source (or the declared types) and read again: the next complete read removes what is gone. The letters: caudal query "select origin, line, reason, raw from _caudal.dead_letters where status = 'open'".`,
        retryable: false,
        context: { table: name, rows: sweepWithheld },
      }
    }),
  )
}

function driftWarnings(
  { manifest }: RunContext,
  source: string,
  extracts: readonly StreamExtract[],
  applied: readonly AppliedLoad[],
): readonly CheckResult[] {
  return extracts.flatMap(({ stream, description }) => {
    if (description === undefined) return []
    const files = applied.filter(({ load }) => load.stream === stream).flatMap(({ load }) => load.files)
    const isCounted = files.every((file) => file.fields !== undefined && file.rows !== undefined)
    const records = {
      fields: [...new Set(files.flatMap((file) => file.fields ?? []))],
      count: files.reduce((sum, file) => sum + (file.rows ?? 0), 0),
    }
    const live = { columns: description.columns, ...(isCounted ? { records } : {}) }
    return driftWarning(manifest, `${source}.${normaliseName(stream)}`, live) ?? []
  })
}

/** The first error with the messages of the others below it: a run shows one error. */
function joinErrors(errors: readonly ErrorReport[]): ErrorReport {
  const [first, ...others] = errors
  invariant(first !== undefined, 'there is something to join')
  const below = others.map(({ message, hint }) => `${message}${hint === undefined ? '' : ` → ${hint}`}`)
  return {
    ...first,
    message: [first.message, ...below].join('\n'),
    retryable: errors.every(({ retryable }) => retryable),
  }
}

/** Commits a staged load and tells that it took effect. */
export async function applyLoad(
  context: RunContext,
  load: StagedLoad,
  signal: AbortSignal,
): Promise<LoadOutcome> {
  const outcome = await context.committer.apply(load, signal)
  context.committed(load, outcome)
  return outcome
}

/** Where each partition stands, and the complete read of its table that is in progress. */
async function startPositions(
  warehouse: Warehouse,
  source: string,
): Promise<Record<string, Record<string, StartPosition>>> {
  const schema = normaliseName(source)
  const states = (await warehouse.state.tables()).filter(({ table }) => table.schema === schema)
  const snapshots = new Map(states.map(({ table, snapshot }) => [table.name, snapshot]))
  const starts: Record<string, Record<string, StartPosition>> = {}
  for (const { stream, partition, version, position } of await warehouse.state.positions(source)) {
    const envelope = (position ?? { adapter: null, snapshot: null }) as unknown as PositionEnvelope
    const inProgress = snapshots.get(normaliseName(stream))
    const start = { version, envelope, ...(inProgress === undefined ? {} : { inProgress }) }
    starts[stream] = { ...starts[stream], [partition]: start }
  }
  return starts
}

function unreconciled(table: string, source: number, warehouse: number): ErrorReport {
  return {
    code: 'CAUDAL_RECONCILIATION',
    message: `${table}: the source counts ${source} live records, the warehouse has ${warehouse}, also after counting again. The rows that came are loaded; some are missing or too many.`,
    hint: `Read everything again: caudal run --select ${table} --full.`,
    retryable: false,
    context: { table, source, warehouse },
  }
}
