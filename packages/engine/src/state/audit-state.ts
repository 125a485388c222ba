import { randomUUID } from 'node:crypto'
import type { JsonObject } from '@caudal/spec'
import type { Kysely } from 'kysely'
import type { AuditRow, ControlTables } from './schema.ts'

/** A manual action: who did what to what. */
export interface AuditEntry {
  readonly at: string
  /** Id of the viewer. */
  readonly viewer: string
  /** `run.start`, `run.cancel`, `position.reset`, … */
  readonly action: string
  /** The run, stream, model, … */
  readonly subject: string
  /** Facts worth keeping; never a secret. */
  readonly details: JsonObject
}

/** Reads the audit. */
export interface AuditReader {
  /** Newest first. */
  list(limit: number): Promise<readonly AuditEntry[]>
}

/** Writes the audit: entries are added, never changed. */
export interface AuditWriter {
  add(entry: Omit<AuditEntry, 'at'>): Promise<void>
}

/** An {@link AuditReader} on the control database. */
export function createAuditReader(database: Kysely<ControlTables>): AuditReader {
  return {
    list: async (limit) => {
      const rows = await database
        .selectFrom('audit')
        .selectAll()
        .orderBy('at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute()
      return rows.map(toEntry)
    },
  }
}

/** An {@link AuditWriter} on the control database. */
export function createAuditWriter(database: Kysely<ControlTables>): AuditWriter {
  let last = 0
  return {
    add: async ({ viewer, action, subject, details }) => {
      // Entries of one millisecond keep their order: the clock is made strictly increasing.
      last = Math.max(Date.now(), last + 1)
      const at = new Date(last).toISOString()
      await database
        .insertInto('audit')
        .values({ id: randomUUID(), at, viewer, action, subject, details: JSON.stringify(details) })
        .execute()
    },
  }
}

function toEntry(row: AuditRow): AuditEntry {
  const { at, viewer, action, subject } = row
  return { at, viewer, action, subject, details: JSON.parse(row.details) as JsonObject }
}
