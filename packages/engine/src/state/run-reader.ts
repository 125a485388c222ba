import {
  addCounts,
  CaudalError,
  noCounts,
  type ErrorReport,
  type LoadCounts,
  type RunRecord,
  type RunState,
  type RunSummary,
  type StageRecord,
} from '@caudal/spec'
import type { Kysely } from 'kysely'
import { fromJsonColumn, withoutNulls } from './rows.ts'
import type { ControlTables, RunRow, StageRow } from './schema.ts'

/** Reads the history of runs. */
export interface RunReader {
  /** Newest first; with `before`, those queued before that run. */
  list(limit: number, before?: string): Promise<readonly RunSummary[]>
  /** @throws CaudalError `CAUDAL_RUN_UNKNOWN`. */
  get(id: string): Promise<RunRecord>
  /** The newest run of a trigger (`schedule crm`). */
  last(target: string, trigger: string): Promise<RunSummary | undefined>
  /** How each stage of the target ended when it last did something, and those that run now; by stage id. */
  latestStages(target: string): Promise<ReadonlyMap<string, StageRecord>>
}

/** A {@link RunReader} on the control database. */
export function createRunReader(database: Kysely<ControlTables>): RunReader {
  return {
    list: async (limit, before) => {
      const from = before === undefined ? undefined : await runRow(database, before)
      let query = database.selectFrom('runs').selectAll()
      if (from !== undefined) {
        query = query.where((where) =>
          where.or([
            where('queued_at', '<', from.queued_at),
            where.and([where('queued_at', '=', from.queued_at), where('id', '<', from.id)]),
          ]),
        )
      }
      const rows = await query.orderBy('queued_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
      return summaries(database, rows)
    },
    get: async (id) => {
      const run = await runRow(database, id)
      const stages = await database
        .selectFrom('stages')
        .selectAll()
        .where('run', '=', id)
        .orderBy('position')
        .execute()
      return { ...toRun(run), stages: stages.map(toStage) }
    },
    last: async (target, trigger) => {
      const rows = await database
        .selectFrom('runs')
        .selectAll()
        .where('target', '=', target)
        .where('trigger', '=', trigger)
        .orderBy('queued_at', 'desc')
        .orderBy('id', 'desc')
        .limit(1)
        .execute()
      return (await summaries(database, rows))[0]
    },
    latestStages: async (target) => {
      const ranked = database
        .selectFrom('stages')
        .innerJoin('runs', 'runs.id', 'stages.run')
        .where('runs.target', '=', target)
        .where('stages.state', 'in', ['running', 'succeeded', 'failed'])
        .selectAll('stages')
        .select(({ fn }) =>
          fn
            .agg<number>('row_number')
            .over((over) =>
              over.partitionBy('stages.id').orderBy('runs.queued_at', 'desc').orderBy('runs.id', 'desc'),
            )
            .as('age'),
        )
      const stages = await database.selectFrom(ranked.as('ranked')).selectAll().where('age', '=', 1).execute()
      return new Map(stages.map((stage) => [stage.id, toStage(stage)]))
    },
  }
}

async function runRow(database: Kysely<ControlTables>, id: string): Promise<RunRow> {
  const found = await database.selectFrom('runs').selectAll().where('id', '=', id).executeTakeFirst()
  if (found !== undefined) return found
  throw new CaudalError({
    code: 'CAUDAL_RUN_UNKNOWN',
    message: `There is no run \`${id}\` in the run history.`,
    hint: 'List the runs: caudal status, or the runs page of the console.',
    context: { run: id },
  })
}

async function summaries(
  database: Kysely<ControlTables>,
  rows: readonly RunRow[],
): Promise<readonly RunSummary[]> {
  if (rows.length === 0) return []
  const ids = rows.map((run) => run.id)
  const totals = await database
    .selectFrom('stages')
    .select(({ fn, eb }) => [
      'run',
      fn.countAll<number>().as('stages'),
      fn.sum<number>(eb.case().when('state', '=', 'failed').then(1).else(0).end()).as('failed'),
    ])
    .where('run', 'in', ids)
    .groupBy('run')
    .execute()
  const counted = await database
    .selectFrom('stages')
    .select(['run', 'counts'])
    .where('run', 'in', ids)
    .where('counts', 'is not', null)
    .execute()
  const totalsOf = new Map(totals.map((total) => [total.run, total]))
  const countsOf = new Map<string, LoadCounts>()
  for (const { run, counts } of counted) {
    countsOf.set(
      run,
      addCounts(
        countsOf.get(run) ?? noCounts,
        (fromJsonColumn(counts) as LoadCounts | undefined) ?? noCounts,
      ),
    )
  }
  return rows.map((run) => ({
    ...toRun(run),
    stageCount: totalsOf.get(run.id)?.stages ?? 0,
    failedStages: totalsOf.get(run.id)?.failed ?? 0,
    counts: countsOf.get(run.id) ?? noCounts,
  }))
}

function toRun(run: RunRow): Omit<RunRecord, 'stages'> {
  return {
    id: run.id,
    target: run.target,
    trigger: run.trigger,
    state: run.state as RunState,
    queuedAt: run.queued_at,
    fingerprint: run.fingerprint,
    ...withoutNulls({
      startedAt: run.started_at,
      endedAt: run.ended_at,
      error: fromJsonColumn(run.error) as ErrorReport | undefined,
    }),
  }
}

function toStage(row: StageRow): StageRecord {
  return {
    stage: JSON.parse(row.stage) as StageRecord['stage'],
    state: row.state as RunState,
    checks: JSON.parse(row.checks) as StageRecord['checks'],
    ...withoutNulls({
      startedAt: row.started_at,
      endedAt: row.ended_at,
      counts: fromJsonColumn(row.counts) as LoadCounts | undefined,
      rows: row.rows,
      error: fromJsonColumn(row.error) as ErrorReport | undefined,
      reconciliation: fromJsonColumn(row.reconciliation) as
        | NonNullable<StageRecord['reconciliation']>
        | undefined,
    }),
  }
}
