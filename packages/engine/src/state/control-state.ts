import { randomUUID } from 'node:crypto'
import { createAuditReader, createAuditWriter, type AuditReader, type AuditWriter } from './audit-state.ts'
import { migrateControlDatabase, type ControlConnection, type MigrationOutcome } from './migrate.ts'
import { createRunReader, type RunReader } from './run-reader.ts'
import { createRunWriter, type RunWriter } from './run-writer.ts'
import {
  createScheduleReader,
  createScheduleWriter,
  type ScheduleReader,
  type ScheduleWriter,
} from './schedule-state.ts'
import type { ControlTables } from './schema.ts'
import { createSecretVault, type SecretVault } from './secret-vault.ts'
import {
  createSettingReader,
  createSettingWriter,
  type SettingReader,
  type SettingWriter,
} from './setting-state.ts'

/** How the control database is opened. */
export interface ControlStateOptions {
  /** This release of Caudal, recorded with the schema and named in errors. */
  readonly release: string
  /** Id of this owner process, for runs. Default: a new random one. */
  readonly owner?: string
  /** The key of the secrets. Default: the environment variable `CAUDAL_SECRET_KEY`. */
  readonly secretKey?: () => string | undefined
}

/** The control database: a reader and a writer per subject. */
export interface ControlState {
  readonly migration: MigrationOutcome
  readonly runs: RunReader & RunWriter
  readonly schedules: ScheduleReader & ScheduleWriter
  readonly settings: SettingReader & SettingWriter
  readonly secrets: SecretVault
  readonly audit: AuditReader & AuditWriter
  /** How much it takes on disk; `undefined`: not known here. */
  bytes(): number | undefined
  close(): Promise<void>
}

/**
 * Opens the control database, bringing its schema forward first.
 * @throws CaudalError `CAUDAL_CONTROL_NEWER`, `CAUDAL_CONTROL_MIGRATION`; the connection is closed then.
 */
export async function openControlState(
  connection: ControlConnection,
  options: ControlStateOptions,
): Promise<ControlState> {
  const { Kysely } = await import('kysely')
  const database = new Kysely<ControlTables>({ dialect: connection.dialect })
  try {
    const migration = await migrateControlDatabase(connection, database, options.release)
    return {
      migration,
      runs: {
        ...createRunReader(database),
        ...createRunWriter(database, options.owner ?? randomUUID()),
      },
      schedules: { ...createScheduleReader(database), ...createScheduleWriter(database) },
      settings: { ...createSettingReader(database), ...createSettingWriter(database) },
      secrets: createSecretVault(database, options.secretKey ?? (() => process.env['CAUDAL_SECRET_KEY'])),
      audit: { ...createAuditReader(database), ...createAuditWriter(database) },
      bytes: () => connection.bytes?.(),
      close: () => database.destroy(),
    }
  } catch (error) {
    await database.destroy()
    throw error
  }
}
