import type { Kysely, Transaction } from 'kysely'
import type { ControlTables } from './schema.ts'

/** One step of the schema. Its place in the list plus one is the version that it leads to; published steps are never edited. */
export type Migration = (transaction: Transaction<ControlTables>) => Promise<void>

/** Every step from an empty database to the schema of this release. */
export const migrations: readonly Migration[] = [createTables]

async function createTables(transaction: Transaction<ControlTables>): Promise<void> {
  await createRunTables(transaction)
  await transaction.schema
    .createTable('schedules')
    .addColumn('target', 'text', (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('schedule', 'text', (column) => column.notNull())
    .addColumn('last_tick_at', 'text')
    .addColumn('next_at', 'text')
    .addColumn('missed', 'integer', (column) => column.notNull())
    .addColumn('failures', 'integer', (column) => column.notNull())
    .addColumn('retry_at', 'text')
    .addColumn('alerted', 'text')
    .addPrimaryKeyConstraint('schedules_key', ['target', 'source'])
    .execute()
  await transaction.schema
    .createTable('settings')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('value', 'text', (column) => column.notNull())
    .addColumn('updated_at', 'text', (column) => column.notNull())
    .execute()
  await createSecretTables(transaction)
}

async function createRunTables(transaction: Kysely<ControlTables>): Promise<void> {
  await transaction.schema
    .createTable('runs')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('target', 'text', (column) => column.notNull())
    .addColumn('trigger', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('queued_at', 'text', (column) => column.notNull())
    .addColumn('started_at', 'text')
    .addColumn('ended_at', 'text')
    .addColumn('fingerprint', 'text', (column) => column.notNull())
    .addColumn('error', 'text')
    .addColumn('owner', 'text', (column) => column.notNull())
    .execute()
  await transaction.schema.createIndex('runs_queued_at').on('runs').columns(['queued_at', 'id']).execute()
  await transaction.schema
    .createIndex('runs_trigger')
    .on('runs')
    .columns(['target', 'trigger', 'queued_at'])
    .execute()
  await transaction.schema
    .createTable('stages')
    .addColumn('run', 'text', (column) => column.notNull().references('runs.id').onDelete('cascade'))
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('stage', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('started_at', 'text')
    .addColumn('ended_at', 'text')
    .addColumn('counts', 'text')
    .addColumn('rows', 'bigint')
    .addColumn('checks', 'text', (column) => column.notNull())
    .addColumn('error', 'text')
    .addColumn('reconciliation', 'text')
    .addPrimaryKeyConstraint('stages_key', ['run', 'id'])
    .execute()
}

async function createSecretTables(transaction: Kysely<ControlTables>): Promise<void> {
  await transaction.schema
    .createTable('secrets')
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('key_id', 'text', (column) => column.notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .addColumn('updated_at', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('secrets_key', ['source', 'name'])
    .execute()
  await transaction.schema
    .createTable('audit')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('viewer', 'text', (column) => column.notNull())
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('details', 'text', (column) => column.notNull())
    .execute()
  await transaction.schema.createIndex('audit_at').on('audit').columns(['at', 'id']).execute()
}
