import { CaudalError, type ErrorReport, type RunRecord, type RunState, type StageRecord } from '@caudal/spec'
import type { Insertable, Kysely, Transaction } from 'kysely'
import { pruneRuns, type RunLimits } from './prune-runs.ts'
import { toJsonColumn } from './rows.ts'
import type { ControlTables, StageRow } from './schema.ts'

/** What changes of a run while it goes. */
export interface RunChanges {
  readonly state: RunState
  readonly startedAt?: string
  readonly endedAt?: string
  readonly error?: ErrorReport
}

/** Writes the history of runs. Each call is one transaction. */
export interface RunWriter {
  /** Records a new run with the stages known so far. */
  create(run: RunRecord): Promise<void>
  /** Replaces the stages: the plan is known. */
  plan(run: string, stages: readonly StageRecord[]): Promise<void>
  update(run: string, changes: RunChanges): Promise<void>
  saveStages(run: string, stages: readonly StageRecord[]): Promise<void>
  /**
   * Ends what another owner process of the target left unfinished when it died: its runs and their running stages become `failed`
   * with a plain error, stages that had not begun become `skipped`. Call it once this process is the owner.
   * @returns the ids of the runs.
   */
  recover(target: string): Promise<readonly string[]>
  /**
   * Forgets ended runs of a target that were queued before a time, with their stages: but never the newest `keep`, the newest of a trigger,
   * nor one that is the last to tell of a stage. @returns how many.
   */
  prune(limits: RunLimits): Promise<number>
}

/** A {@link RunWriter} on the control database for the owner process `owner`. */
export function createRunWriter(database: Kysely<ControlTables>, owner: string): RunWriter {
  return {
    create: (run) =>
      database.transaction().execute(async (transaction) => {
        await transaction
          .insertInto('runs')
          .values({
            id: run.id,
            target: run.target,
            trigger: run.trigger,
            state: run.state,
            queued_at: run.queuedAt,
            started_at: run.startedAt ?? null,
            ended_at: run.endedAt ?? null,
            fingerprint: run.fingerprint,
            error: toJsonColumn(run.error),
            owner,
          })
          .execute()
        await insertStages(transaction, run.id, run.stages)
      }),
    plan: (run, stages) =>
      database.transaction().execute(async (transaction) => {
        await transaction.deleteFrom('stages').where('run', '=', run).execute()
        await insertStages(transaction, run, stages)
      }),
    update: async (run, changes) => {
      await database
        .updateTable('runs')
        .set({
          state: changes.state,
          ...(changes.startedAt === undefined ? {} : { started_at: changes.startedAt }),
          ...(changes.endedAt === undefined ? {} : { ended_at: changes.endedAt }),
          ...(changes.error === undefined ? {} : { error: toJsonColumn(changes.error) }),
        })
        .where('id', '=', run)
        .execute()
    },
    saveStages: (run, stages) =>
      database.transaction().execute(async (transaction) => {
        for (const stage of stages) {
          await transaction
            .updateTable('stages')
            .set(stageValues(stage))
            .where('run', '=', run)
            .where('id', '=', stage.stage.id)
            .execute()
        }
      }),
    recover: (target) => database.transaction().execute((transaction) => recover(transaction, target, owner)),
    prune: (limits) => pruneRuns(database, limits),
  }
}

async function insertStages(
  transaction: Transaction<ControlTables>,
  run: string,
  stages: readonly StageRecord[],
): Promise<void> {
  const rows: Insertable<StageRow>[] = stages.map((stage, position) => ({
    run,
    id: stage.stage.id,
    position,
    ...stageValues(stage),
  }))
  const rowsPerStatement = 100
  for (let start = 0; start < rows.length; start += rowsPerStatement) {
    await transaction
      .insertInto('stages')
      .values(rows.slice(start, start + rowsPerStatement))
      .execute()
  }
}

function stageValues(record: StageRecord): Omit<StageRow, 'run' | 'id' | 'position'> {
  return {
    stage: JSON.stringify(record.stage),
    state: record.state,
    started_at: record.startedAt ?? null,
    ended_at: record.endedAt ?? null,
    counts: toJsonColumn(record.counts),
    rows: record.rows ?? null,
    checks: JSON.stringify(record.checks),
    error: toJsonColumn(record.error),
    reconciliation: toJsonColumn(record.reconciliation),
  }
}

async function recover(
  transaction: Transaction<ControlTables>,
  target: string,
  owner: string,
): Promise<readonly string[]> {
  const left = await transaction
    .selectFrom('runs')
    .select(['id', 'state', 'queued_at', 'started_at'])
    .where('target', '=', target)
    .where('owner', '!=', owner)
    .where('state', 'in', ['queued', 'running'])
    .execute()
  const endedAt = new Date().toISOString()
  for (const run of left) {
    const error = toJsonColumn(ownerDied(run.id, run.state, run.started_at ?? run.queued_at))
    await transaction
      .updateTable('runs')
      .set({ state: 'failed', ended_at: endedAt, error })
      .where('id', '=', run.id)
      .execute()
    await transaction
      .updateTable('stages')
      .set({ state: 'failed', ended_at: endedAt, error })
      .where('run', '=', run.id)
      .where('state', '=', 'running')
      .execute()
    await transaction
      .updateTable('stages')
      .set({ state: 'skipped' })
      .where('run', '=', run.id)
      .where('state', '=', 'queued')
      .execute()
  }
  return left.map((run) => run.id)
}

function ownerDied(run: string, state: string, since: string): ErrorReport {
  const what = state === 'queued' ? `queued since ${since}` : `running since ${since}`
  return new CaudalError({
    code: 'CAUDAL_RUN_OWNER_DIED',
    message:
      `The process that owned the warehouse ended while run ${run} was ${what}. ` +
      'What had been committed before is in the warehouse, nothing else is: there is no half-applied load.',
    hint: 'Run it again: caudal run. It continues from the last committed positions.',
    retryable: true,
    context: { run },
  }).toJSON()
}
