import { sql, type Kysely } from 'kysely'
import type { ControlTables } from './schema.ts'

/** What of the history of runs is kept. */
export interface RunLimits {
  readonly target: string
  /** Runs queued before this time may go, ISO 8601. */
  readonly before: string
  /** How many of the newest stay whatever their age. */
  readonly keep: number
}

/** Forgets ended runs with their stages; those stay that tell how a stage ended last, or when a trigger last ran. @returns how many. */
export async function pruneRuns(
  database: Kysely<ControlTables>,
  { target, before, keep }: RunLimits,
): Promise<number> {
  const old = database.selectFrom('runs').where('target', '=', target).where('queued_at', '<', before)
  if ((await old.select('id').limit(1).executeTakeFirst()) === undefined) return 0
  const newest = sql`SELECT id FROM runs WHERE target = ${target} ORDER BY queued_at DESC, id DESC LIMIT ${keep}`
  const ofTrigger = sql`SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY trigger ORDER BY queued_at DESC, id DESC) AS age
    FROM runs WHERE target = ${target}) AS ranked WHERE age = 1`
  const ofStage = sql`SELECT run FROM (SELECT s.run, row_number() OVER (PARTITION BY s.id ORDER BY r.queued_at DESC, r.id DESC) AS age
    FROM stages s JOIN runs r ON r.id = s.run WHERE r.target = ${target} AND s.state IN ('running', 'succeeded', 'failed')) AS ranked WHERE age = 1`
  const result =
    await sql`DELETE FROM runs WHERE target = ${target} AND queued_at < ${before} AND state NOT IN ('queued', 'running')
    AND id NOT IN (${newest}) AND id NOT IN (${ofTrigger}) AND id NOT IN (${ofStage})`.execute(database)
  return Number(result.numAffectedRows ?? 0)
}
