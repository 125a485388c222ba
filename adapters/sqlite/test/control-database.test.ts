import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync, writeFileSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'
import { Kysely, sql } from 'kysely'
import { openControlDatabase } from '@caudal/sqlite'

interface Tables {
  notes: { id: number; text: string; done: number | boolean }
  tags: { note: number; tag: string }
}

const folder = mkdtempSync(join(tmpdir(), 'caudal-sqlite-'))
after(() => rmSync(folder, { recursive: true, force: true }))

async function withNotes(name: string): Promise<Kysely<Tables>> {
  const database = new Kysely<Tables>({ dialect: openControlDatabase({ path: join(folder, name) }).dialect })
  await sql`create table notes (id integer primary key, text text not null, done integer not null)`.execute(
    database,
  )
  await sql`create table tags (note integer not null references notes (id), tag text not null)`.execute(
    database,
  )
  return database
}

test('Kysely reads and writes through it: values, returning, counts of changed rows', async () => {
  const database = await withNotes('values.sqlite')
  const inserted = await database
    .insertInto('notes')
    .values([
      { id: 1, text: 'ñandú', done: true },
      { id: 2, text: 'b', done: false },
    ])
    .returning('id')
    .execute()
  assert.deepEqual(
    inserted.map((row) => row.id),
    [1, 2],
  )
  const updated = await database
    .updateTable('notes')
    .set({ text: 'c' })
    .where('id', '>', 0)
    .executeTakeFirst()
  assert.equal(updated.numUpdatedRows, 2n)
  const streamed: number[] = []
  for await (const row of database.selectFrom('notes').select('done').orderBy('id').stream()) {
    streamed.push(Number(row.done))
  }
  assert.deepEqual(streamed, [1, 0])
  await database.destroy()
})

test('a transaction that throws leaves nothing, and transactions started together do not mix', async () => {
  const database = await withNotes('transactions.sqlite')
  await assert.rejects(
    database.transaction().execute(async (transaction) => {
      await transaction.insertInto('notes').values({ id: 1, text: 'lost', done: 0 }).execute()
      throw new Error('stop')
    }),
    /stop/,
  )
  await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      database.transaction().execute(async (transaction) => {
        await transaction.insertInto('notes').values({ id: index, text: 'kept', done: 0 }).execute()
        await transaction.updateTable('notes').set({ done: 1 }).where('id', '=', index).execute()
      }),
    ),
  )
  const rows = await database.selectFrom('notes').selectAll().execute()
  assert.equal(rows.length, 20)
  assert.ok(rows.every((row) => row.done === 1 && row.text === 'kept'))
  await database.destroy()
})

test('write-ahead log, foreign keys and private files', async () => {
  const database = await withNotes('pragmas.sqlite')
  await database.insertInto('notes').values({ id: 1, text: 'x', done: 0 }).execute()
  const mode = await sql<{ journal_mode: string }>`pragma journal_mode`.execute(database)
  assert.equal(mode.rows[0]?.journal_mode, 'wal')
  await assert.rejects(
    database.insertInto('tags').values({ note: 7, tag: 'orphan' }).execute(),
    /FOREIGN KEY constraint failed/,
  )
  for (const suffix of ['', '-wal']) {
    assert.equal(statSync(join(folder, `pragmas.sqlite${suffix}`)).mode & 0o777, 0o600, `mode of "${suffix}"`)
  }
  await database.destroy()
})

test('a second connection waits for the lock and then writes', async () => {
  const database = await withNotes('busy.sqlite')
  const other = new Kysely<Tables>({
    dialect: openControlDatabase({ path: join(folder, 'busy.sqlite'), busyTimeoutMs: 50 }).dialect,
  })
  await database.transaction().execute(async (transaction) => {
    await transaction.insertInto('notes').values({ id: 1, text: 'first', done: 0 }).execute()
    await assert.rejects(
      other
        .transaction()
        .execute((blocked) =>
          blocked.insertInto('notes').values({ id: 2, text: 'second', done: 0 }).execute(),
        ),
      /locked/,
    )
  })
  await other.insertInto('notes').values({ id: 2, text: 'second', done: 0 }).execute()
  assert.equal((await database.selectFrom('notes').selectAll().execute()).length, 2)
  await database.destroy()
  await other.destroy()
})

test('a backup holds what was committed, is private, and never overwrites an earlier one', async () => {
  const path = join(folder, 'backup.sqlite')
  const control = openControlDatabase({ path })
  const database = new Kysely<Tables>({ dialect: control.dialect })
  await sql`create table notes (id integer primary key, text text, done integer)`.execute(database)
  await database.insertInto('notes').values({ id: 1, text: 'kept', done: 0 }).execute()
  const first = await control.backup('v1')
  const second = await control.backup('v1')
  assert.notEqual(first, second)
  assert.equal(statSync(first).mode & 0o777, 0o600)
  const copy = new DatabaseSync(first, { readOnly: true })
  assert.equal(copy.prepare('select text from notes').get()?.['text'], 'kept')
  copy.close()
  await database.destroy()
  control.close()
})

test('a file that is no database is refused and left as it was', () => {
  const path = join(folder, 'text.sqlite')
  writeFileSync(path, 'this is no database, but long enough to be looked at as one'.repeat(20))
  const before = readFileSync(path)
  assert.throws(() => openControlDatabase({ path }), {
    code: 'CAUDAL_CONTROL_UNREADABLE',
    message: /not a database.*was not changed/s,
  })
  assert.deepEqual(readFileSync(path), before)
})
