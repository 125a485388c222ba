import assert from 'node:assert/strict'
import { opening, withNotes, type ControlFactory } from './world.ts'

/** A named behaviour that every control database must show. */
export interface ControlBehaviour {
  readonly name: string
  /** Rejects when the database does not show it. @param place a place that no other behaviour uses */
  run(factory: ControlFactory, place: string): Promise<void>
}

const hardTexts = [
  '',
  'ñandú 你好 🦜',
  'it\'s "quoted" \\ %_',
  'a\nb\tc',
  JSON.stringify({ a: ['x'.repeat(1_000_000)] }),
]

/** The contract of a control database, beyond what SQL itself says. */
export const controlBehaviours: readonly ControlBehaviour[] = [
  {
    name: 'texts, whole numbers to 2^53 - 1 and NULL come back as they went in',
    run: async (factory, place) => {
      await using notes = await withNotes(factory, place)
      const written = [
        ...hardTexts.map((text, index) => ({ id: `t${index}`, text, number: index })),
        { id: 'most', text: null, number: Number.MAX_SAFE_INTEGER },
        { id: 'least', text: null, number: Number.MIN_SAFE_INTEGER },
        { id: 'none', text: null, number: null },
      ]
      for (const row of written) await notes.database.insertInto('notes').values(row).execute()
      for (const row of written) {
        const read = notes.database.selectFrom('notes').selectAll().where('id', '=', row.id)
        assert.deepEqual({ ...(await read.executeTakeFirst()) }, row)
      }
    },
  },
  {
    name: 'texts are ordered by their bytes, so that the order of ISO times is that of time',
    run: async (factory, place) => {
      await using notes = await withNotes(factory, place)
      const ids = ['b', 'B', 'a', 'A', '2026-03-01T10:00:00.000Z', '2026-03-01T09:59:59.999Z', 'á']
      for (const id of ids) await notes.database.insertInto('notes').values({ id }).execute()
      const read = await notes.database.selectFrom('notes').select('id').orderBy('id').execute()
      const expected = ids.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      assert.deepEqual(
        read.map(({ id }) => id),
        expected,
      )
    },
  },
  {
    name: 'a transaction that throws leaves nothing, tables that it made included',
    run: async (factory, place) => {
      await using notes = await withNotes(factory, place)
      const { database } = notes
      await assert.rejects(
        database.transaction().execute(async (transaction) => {
          await transaction.insertInto('notes').values({ id: 'lost' }).execute()
          await transaction.schema.createTable('half').addColumn('id', 'text').execute()
          throw new Error('stop here')
        }),
        /stop here/,
      )
      assert.deepEqual(await database.selectFrom('notes').selectAll().execute(), [])
      const tables = await database.introspection.getTables()
      assert.ok(!tables.some((table) => table.name === 'half'), 'the table is still there')
    },
  },
  {
    name: 'transactions of two connections that read and then write lose no change',
    run: async (factory, place) => {
      await using notes = await withNotes(factory, place)
      await using other = opening(factory.open(place))
      await notes.database.insertInto('notes').values({ id: 'count', number: 0 }).execute()
      const raise = ({ database }: typeof notes): Promise<void> =>
        database.transaction().execute(async (transaction) => {
          const row = await transaction
            .selectFrom('notes')
            .select('number')
            .where('id', '=', 'count')
            .executeTakeFirstOrThrow()
          const number = Number(row.number) + 1
          await transaction.updateTable('notes').set({ number }).where('id', '=', 'count').execute()
        })
      for (let round = 0; round < 10; round++) {
        await Promise.all([raise(notes), raise(notes)])
        await raise(other)
      }
      const { number } = await other.database.selectFrom('notes').select('number').executeTakeFirstOrThrow()
      assert.equal(number, 30)
    },
  },
  {
    name: 'keys are unique, references hold, and what hangs on a deleted row goes with it',
    run: async (factory, place) => {
      await using notes = await withNotes(factory, place)
      const { database } = notes
      await database.insertInto('notes').values({ id: 'a', number: 1 }).execute()
      await assert.rejects(database.insertInto('notes').values({ id: 'a', number: 2 }).execute())
      await assert.rejects(database.insertInto('tags').values({ note: 'nobody', tag: 'x' }).execute())
      await database.insertInto('tags').values({ note: 'a', tag: 'x' }).execute()
      await database
        .insertInto('notes')
        .values({ id: 'a', number: 3 })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ number: 3 }))
        .execute()
      assert.equal(
        (await database.selectFrom('tags').selectAll().execute()).length,
        1,
        'an update is no delete',
      )
      const deleted = await database.deleteFrom('notes').where('number', '=', 3).executeTakeFirst()
      assert.equal(deleted.numDeletedRows, 1n)
      assert.deepEqual(await database.selectFrom('tags').selectAll().execute(), [])
    },
  },
  {
    name: 'what was committed is there when the database is opened again',
    run: async (factory, place) => {
      const first = await withNotes(factory, place)
      await first.database.insertInto('notes').values({ id: 'kept' }).execute()
      await first.database.destroy()
      await using again = opening(factory.open(place))
      const read = await again.database.selectFrom('notes').select('id').execute()
      assert.deepEqual(
        read.map(({ id }) => id),
        ['kept'],
      )
    },
  },
  {
    name: 'a backup holds what was committed before it, and a later one does not replace it',
    run: async (factory, place) => {
      await using notes = await withNotes(factory, place)
      await notes.database.insertInto('notes').values({ id: 'before' }).execute()
      const first = await notes.control.backup('v1')
      await notes.database.insertInto('notes').values({ id: 'later' }).execute()
      const second = await notes.control.backup('v1')
      assert.notEqual(first, second)
      const idsOf = async (copy: string): Promise<string[]> => {
        await using opened = opening(factory.openBackup(copy))
        const rows = await opened.database.selectFrom('notes').select('id').orderBy('id').execute()
        return rows.map(({ id }) => id)
      }
      assert.deepEqual(await idsOf(first), ['before'])
      assert.deepEqual(await idsOf(second), ['before', 'later'])
      assert.equal((await notes.database.selectFrom('notes').selectAll().execute()).length, 2)
    },
  },
  {
    name: 'a statement takes a thousand values',
    run: async (factory, place) => {
      await using notes = await withNotes(factory, place)
      const rows = Array.from({ length: 334 }, (_, index) => ({ id: `n${index}`, text: 'x', number: index }))
      await notes.database.insertInto('notes').values(rows).execute()
      const counted = await notes.database.selectFrom('notes').selectAll().where('number', '>=', 0).execute()
      assert.equal(counted.length, rows.length)
    },
  },
]
