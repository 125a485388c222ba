import type { Kysely } from 'kysely'
import { withoutNulls } from './rows.ts'
import type { ControlTables, ScheduleRow } from './schema.ts'

/** What the scheduler remembers of a source's schedule over restarts. */
export interface ScheduleState {
  readonly source: string
  /** The schedule's text when this was written: another text starts afresh. */
  readonly schedule: string
  /** The last tick that was answered with a run. */
  readonly lastTickAt?: string
  readonly nextAt?: string
  /** Ticks that passed without a run of their own, since the schedule was first seen. */
  readonly missed: number
  /** Consecutive failed runs. */
  readonly failures: number
  /** When a failed run is tried again. */
  readonly retryAt?: string
  /** Code of the error that was last alerted and has not been followed by a success. */
  readonly alerted?: string
}

/** Reads schedules. */
export interface ScheduleReader {
  list(target: string): Promise<readonly ScheduleState[]>
}

/** Writes schedules. */
export interface ScheduleWriter {
  save(target: string, state: ScheduleState): Promise<void>
}

/** A {@link ScheduleReader} on the control database. */
export function createScheduleReader(database: Kysely<ControlTables>): ScheduleReader {
  return {
    list: async (target) => {
      const rows = await database
        .selectFrom('schedules')
        .selectAll()
        .where('target', '=', target)
        .orderBy('source')
        .execute()
      return rows.map(toState)
    },
  }
}

/** A {@link ScheduleWriter} on the control database. */
export function createScheduleWriter(database: Kysely<ControlTables>): ScheduleWriter {
  return {
    save: async (target, state) => {
      const values = {
        schedule: state.schedule,
        last_tick_at: state.lastTickAt ?? null,
        next_at: state.nextAt ?? null,
        missed: state.missed,
        failures: state.failures,
        retry_at: state.retryAt ?? null,
        alerted: state.alerted ?? null,
      }
      await database
        .insertInto('schedules')
        .values({ target, source: state.source, ...values })
        .onConflict((conflict) => conflict.columns(['target', 'source']).doUpdateSet(values))
        .execute()
    },
  }
}

function toState(row: ScheduleRow): ScheduleState {
  return {
    source: row.source,
    schedule: row.schedule,
    missed: row.missed,
    failures: row.failures,
    ...withoutNulls({
      lastTickAt: row.last_tick_at,
      nextAt: row.next_at,
      retryAt: row.retry_at,
      alerted: row.alerted,
    }),
  }
}
