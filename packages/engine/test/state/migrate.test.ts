import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { Kysely, sql } from 'kysely'
import { openControlDatabase } from '@caudal/sqlite'
import { openControlState } from '@caudal/engine'
import { migrateControlDatabase } from '../../src/state/migrate.ts'
import { migrations, type Migration } from '../../src/state/migrations.ts'
import type { ControlTables } from '../../src/state/schema.ts'
import { freshPath, openState } from './open-state.ts'

const addNote: Migration = async (transaction) => {
  await sql`alter table settings add column note text`.execute(transaction)
}
const breakHalfWay: Migration = async (transaction) => {
  await sql`create table half (id integer)`.execute(transaction)
  throw new Error('the step is wrong')
}

async function migrate(path: string, release: string, steps: readonly Migration[]) {
  const connection = openControlDatabase({ path })
  const database = new Kysely<ControlTables>({ dialect: connection.dialect })
  try {
    return await migrateControlDatabase(connection, database, release, steps)
  } finally {
    await database.destroy()
  }
}

test('an empty database gets the schema without a backup; opening again changes nothing', async (context) => {
  const path = freshPath(context)
  const first = await openState(context, path)
  assert.deepEqual(first.migration, { from: 0, to: migrations.length })
  await first.settings.set('a', 1)
  await first.close()
  const second = await openState(context, path)
  assert.deepEqual(second.migration, { from: migrations.length, to: migrations.length })
  assert.equal(await second.settings.get('a'), 1)
})

test('a step forward keeps the data and leaves a backup from before', async (context) => {
  const path = freshPath(context)
  const state = await openState(context, path)
  await state.settings.set('language', 'es')
  await state.close()
  const outcome = await migrate(path, '0.2.0', [...migrations, addNote])
  assert.equal(outcome.to, migrations.length + 1)
  assert.ok(outcome.backup !== undefined && existsSync(outcome.backup))
  const backup = new DatabaseSync(outcome.backup, { readOnly: true })
  const columns = backup.prepare('select name from pragma_table_info(?)').all('settings')
  assert.ok(!columns.some((column) => column['name'] === 'note'), 'the backup has the old schema')
  assert.equal(backup.prepare('select value from settings').get()?.['value'], '"es"')
  backup.close()
})

test('older code refuses a newer schema, names both versions and the mend, and changes nothing', async (context) => {
  const path = freshPath(context)
  await migrate(path, '0.9.0', [...migrations, addNote])
  await assert.rejects(openControlState(openControlDatabase({ path }), { release: '0.1.0' }), {
    code: 'CAUDAL_CONTROL_NEWER',
    message: new RegExp(
      `schema ${migrations.length + 1}, written by Caudal 0\\.9\\.0.*Caudal 0\\.1\\.0.*up to ${migrations.length}\\. Nothing was changed`,
    ),
    hint: /npm install caudal@0\.9\.0/,
  })
})

test('a step that fails rolls back those before it too, and all can be tried again', async (context) => {
  const path = freshPath(context)
  await migrate(path, '0.1.0', migrations)
  await assert.rejects(migrate(path, '0.2.0', [...migrations, addNote, breakHalfWay]), {
    code: 'CAUDAL_CONTROL_MIGRATION',
    message: /the step is wrong.*rolled back.*copy from before lies in .*\.backup/,
  })
  const database = new DatabaseSync(path, { readOnly: true })
  assert.equal(
    database.prepare("select count(*) as n from sqlite_master where name = 'half'").get()?.['n'],
    0,
  )
  const settings = database.prepare("select name from pragma_table_info('settings')").all()
  assert.ok(!settings.some((column) => column['name'] === 'note'), 'the step before is rolled back too')
  database.close()
  assert.equal((await migrate(path, '0.2.0', [...migrations, addNote])).from, migrations.length)
})

test('a database that another process brought forward meanwhile is not brought forward twice', async (context) => {
  const path = freshPath(context)
  const steps = [...migrations, addNote]
  await migrate(path, '0.1.0', migrations)
  const connection = openControlDatabase({ path })
  const database = new Kysely<ControlTables>({ dialect: connection.dialect })
  const backup = async (label: string): Promise<string> => {
    await migrate(path, '0.2.0', steps)
    return connection.backup(label)
  }
  const outcome = await migrateControlDatabase({ ...connection, backup }, database, '0.2.0', steps)
  assert.equal(outcome.to, steps.length)
  assert.equal((await database.selectFrom('migrations').selectAll().execute()).length, steps.length)
  await database.destroy()
})
