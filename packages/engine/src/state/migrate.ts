import { CaudalError } from '@caudal/spec'
import type { Dialect, Kysely, Transaction } from 'kysely'
import { migrations as allMigrations, type Migration } from './migrations.ts'
import type { ControlTables } from './schema.ts'

/** A control database as its adapter opens it. */
export interface ControlConnection {
  /** Path or address without a password, for messages. */
  readonly name: string
  readonly dialect: Dialect
  /** Makes a copy that can be put back. @returns where it is. */
  backup(label: string): Promise<string>
  /** How much it takes on disk; absent: not known here. */
  bytes?(): number
}

/** What a migration did. */
export interface MigrationOutcome {
  readonly from: number
  readonly to: number
  /** Where the copy from before lies; absent when nothing changed or the database was empty. */
  readonly backup?: string
}

/**
 * Brings the schema forward to this release: every step in one transaction, after a backup of what was there.
 * @throws CaudalError `CAUDAL_CONTROL_NEWER` when a newer release wrote it (nothing is changed), `CAUDAL_CONTROL_MIGRATION` when a step
 * fails (all is rolled back, the backup is named).
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
  const { version: from, release: writer } = await storedVersion(database)
  const to = migrations.length
  if (from > to) throw newer(connection.name, from, writer, to, release)
  if (from === to) return { from, to }
  const backup = from === 0 ? undefined : await connection.backup(`v${from}`)
  try {
    await database.transaction().execute((transaction) => apply(transaction, migrations, release))
  } catch (cause) {
    throw failed(connection.name, from, to, backup, cause)
  }
  return { from, to, ...(backup === undefined ? {} : { backup }) }
}

/** Applies what is missing: another process may have been first. */
async function apply(
  transaction: Transaction<ControlTables>,
  migrations: readonly Migration[],
  release: string,
): Promise<void> {
  const { version: from } = await storedVersion(transaction)
  for (const [index, migration] of migrations.entries()) {
    if (index < from) continue
    await migration(transaction)
    await transaction
      .insertInto('migrations')
      .values({ version: index + 1, release, applied_at: new Date().toISOString() })
      .execute()
  }
}

async function storedVersion(
  database: Kysely<ControlTables>,
): Promise<{ readonly version: number; readonly release: string }> {
  const last = await database
    .selectFrom('migrations')
    .select(['version', 'release'])
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  return last ?? { version: 0, release: '' }
}

function failed(
  name: string,
  from: number,
  to: number,
  backup: string | undefined,
  cause: unknown,
): CaudalError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new CaudalError({
    code: 'CAUDAL_CONTROL_MIGRATION',
    message:
      `The control database ${name} could not be brought from schema ${from} to ${to}: ${reason}. ` +
      `Everything was rolled back${backup === undefined ? '' : `; a copy from before lies in ${backup}`}.`,
    hint: 'Start again; if it fails again, use the release of Caudal that you used before and report the message.',
    context: { database: name, from, to, ...(backup === undefined ? {} : { backup }) },
    cause,
  })
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
