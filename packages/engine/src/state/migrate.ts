import { CaudalError } from '@caudal/spec'
import type { Dialect, Kysely } from 'kysely'
import { migrations as allMigrations, type Migration } from './migrations.ts'
import type { ControlTables } from './schema.ts'

/** A control database as its adapter opens it. */
export interface ControlConnection {
  /** Path or address without a password, for messages. */
  readonly name: string
  readonly dialect: Dialect
  /** Makes a copy that can be put back. @returns where it is. */
  backup(label: string): Promise<string>
}

/** What a migration did. */
export interface MigrationOutcome {
  readonly from: number
  readonly to: number
  /** Where the copy from before lies; absent when nothing changed or the database was empty. */
  readonly backup?: string
}

/**
 * Brings the schema forward to this release, each step in its own transaction, after a backup of what was there.
 * @throws CaudalError `CAUDAL_CONTROL_NEWER` when a newer release wrote it (nothing is changed), `CAUDAL_CONTROL_MIGRATION` when a step
 * fails (that step is rolled back, the backup is named).
 */
export async function migrateControlDatabase(
  connection: ControlConnection,
  database: Kysely<ControlTables>,
  release: string,
  migrations: readonly Migration[] = allMigrations,
): Promise<MigrationOutcome> {
  await database.schema
    .createTable('migrations')
    .ifNotExists()
    .addColumn('version', 'integer', (column) => column.primaryKey())
    .addColumn('release', 'text', (column) => column.notNull())
    .addColumn('applied_at', 'text', (column) => column.notNull())
    .execute()
  const last = await database
    .selectFrom('migrations')
    .select(['version', 'release'])
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  const from = last?.version ?? 0
  if (from > migrations.length) {
    throw newer(connection.name, from, last?.release ?? '', migrations.length, release)
  }
  if (from === migrations.length) return { from, to: from }
  const backup = from === 0 ? undefined : await connection.backup(`v${from}`)
  for (const [index, migration] of migrations.entries()) {
    if (index >= from) await apply(connection.name, database, index + 1, migration, release, backup)
  }
  return { from, to: migrations.length, ...(backup === undefined ? {} : { backup }) }
}

async function apply(
  name: string,
  database: Kysely<ControlTables>,
  version: number,
  migration: Migration,
  release: string,
  backup: string | undefined,
): Promise<void> {
  try {
    await database.transaction().execute(async (transaction) => {
      await transaction
        .insertInto('migrations')
        .values({ version, release, applied_at: new Date().toISOString() })
        .execute()
      await migration(transaction)
    })
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new CaudalError({
      code: 'CAUDAL_CONTROL_MIGRATION',
      message:
        `The control database ${name} could not be brought to schema ${version}: ${reason}. ` +
        `That step was rolled back; the database has schema ${version - 1}${backup === undefined ? '' : `, and a copy from before lies in ${backup}`}.`,
      hint: 'Start again; if it fails again, use the release of Caudal that you used before and report the message.',
      context: { database: name, version, ...(backup === undefined ? {} : { backup }) },
      cause,
    })
  }
}

function newer(name: string, found: number, writer: string, known: number, release: string): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_CONTROL_NEWER',
    message:
      `The control database ${name} has schema ${found}, written by Caudal ${writer}; ` +
      `this is Caudal ${release}, which knows schemas up to ${known}. Nothing was changed.`,
    hint: `Use Caudal ${writer} or newer (npm install caudal@${writer}), or put back the copy that was made before the upgrade (${name}.v${known}.backup).`,
    context: { database: name, found, known, writer, release },
  })
}
