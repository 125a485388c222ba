import { CaudalError, supportsCheck, supportsCount } from '@caudal/spec'
import assert from 'node:assert/strict'
import { changed, expectDisjoint, expectTable, tableOf } from './expectations.ts'
import { sourceRecords, type SourceFactory, type SourceRecord } from './fixture.ts'
import { Replica } from './replica.ts'
import { inTime, positionsAfter, SourceWorld } from './world.ts'

/** Something that every source does. */
export interface SourceBehaviour {
  readonly name: string
  run(factory: SourceFactory): Promise<void>
}

const records = sourceRecords(25)

/** What the source contract asks for, one by one. */
export const sourceBehaviours: readonly SourceBehaviour[] = [
  {
    name: 'describes the stream in plain data, twice the same, with the columns of its records',
    async run(factory) {
      await using world = await SourceWorld.create(factory, records)
      const source = await world.open()
      const stream = await world.describe(source)
      assert.deepEqual(JSON.parse(JSON.stringify(stream)), stream)
      assert.deepEqual(await world.describe(source), stream)
      const names = new Set(stream.columns.map((column) => column.name))
      for (const field of ['id', 'title', 'updated_at']) assert.ok(names.has(field), `a column ${field}`)
      for (const key of stream.primaryKey) assert.ok(names.has(key), `the key ${key} is a column`)
    },
  },
  {
    name: 'declares capabilities that nobody changes',
    async run(factory) {
      await using world = await SourceWorld.create(factory, [])
      assert.ok(Object.isFrozen(world.fixture.create().capabilities))
    },
  },
  {
    name: 'delivers every record on the first read, each once',
    async run(factory) {
      await using world = await SourceWorld.create(factory, records)
      const source = await world.open()
      const delivered = await world.readAll(source)
      const ids = delivered.flatMap(({ rows }) => rows.map((row) => String(row['id'])))
      assert.deepEqual(ids.toSorted(), records.map(({ id }) => id).toSorted())
      const table = await tableOf(world)
      await world.readInto(table)
      expectTable(table, records)
    },
  },
  {
    name: 'makes an empty table of an empty stream',
    async run(factory) {
      await using world = await SourceWorld.create(factory, records)
      const table = await tableOf(world)
      await world.fixture.put([])
      await world.readInto(table)
      expectTable(table, [])
    },
  },
  {
    name: 'delivers values as they are',
    async run(factory) {
      const titles = [
        '',
        ' ',
        'a\nb\r\nc',
        '"quoted", \\ and {"json":1}',
        'ñandú 日本 👩🏽‍💻',
        '\u0001\u2028',
        '1e3',
        'null',
      ]
      const hard = titles.map(
        (title, index) => ({ ...sourceRecords(index + 1)[index], title }) as SourceRecord,
      )
      await using world = await SourceWorld.create(factory, hard)
      const table = await tableOf(world)
      await world.readInto(table)
      expectTable(table, hard)
    },
  },
  {
    name: 'goes on from every position with nothing lost and, by its guarantee, nothing twice',
    async run(factory) {
      await using world = await SourceWorld.create(factory, records)
      const source = await world.open()
      const stream = await world.describe(source)
      const delivered = await world.readAll(source)
      for (let taken = 0; taken <= delivered.length; taken++) {
        const before = delivered.slice(0, taken)
        if (before.at(-1)?.batch.position === undefined && taken > 0) continue
        const table = new Replica(stream)
        table.begin(true)
        for (const item of before) table.apply(item)
        const rest = await world.readAll(await world.open(), { positions: positionsAfter(before) })
        if (taken === 0) table.begin(true)
        for (const item of rest) table.apply(item)
        expectTable(table, records, `after ${taken} of ${delivered.length} batches`)
        if (source.capabilities.guarantee === 'exactly once') expectDisjoint(before, rest)
      }
    },
  },
  {
    name: 'changes nothing when nothing has changed',
    async run(factory) {
      await using world = await SourceWorld.create(factory, records)
      const table = await tableOf(world)
      const positions = await world.readInto(table)
      await world.readInto(table, { positions })
      expectTable(table, records)
    },
  },
  {
    name: 'brings what changed and what is new, read after read',
    async run(factory) {
      await using world = await SourceWorld.create(factory, records)
      const stream = await world.describe(await world.open())
      const table = new Replica(stream)
      let positions = await world.readInto(table)
      let present: readonly SourceRecord[] = records
      for (let round = 1; round <= 3; round++) {
        present = changed(present, round, stream)
        await world.fixture.put(present)
        positions = await world.readInto(table, { positions })
        expectTable(table, present, `round ${round}`)
      }
    },
  },
  {
    name: 'brings everything on a full read, whatever the positions say, and completes it',
    async run(factory) {
      await using world = await SourceWorld.create(factory, records)
      const first = await world.readAll(await world.open())
      const asking = { positions: positionsAfter(first), full: true }
      const delivered = await world.readAll(await world.open(), asking)
      assert.equal(delivered.flatMap(({ rows }) => rows).length, records.length)
      const completing = delivered.filter(({ batch }) => batch.complete === true)
      assert.equal(completing.length, 1, 'one batch says that the read is complete')
      assert.equal(completing[0], delivered.at(-1), 'it is the last')
    },
  },
  {
    name: 'ends with the reason of the signal when it is aborted',
    async run(factory) {
      await using world = await SourceWorld.create(factory, records)
      const early = AbortSignal.abort(new Error('before'))
      await assert.rejects(
        inTime(world.readAll(await world.open(), { signal: early }), 'an aborted read'),
        /before/,
      )
      const controller = new AbortController()
      const reading = world.read(await world.open(), { signal: controller.signal })
      const first = await reading.next()
      if (first.done === true || first.value.batch.complete === true) return
      controller.abort(new Error('in the middle'))
      const rest = async (): Promise<void> => {
        for await (const { batch } of reading)
          assert.notEqual(batch.complete, true, 'it completes nothing then')
      }
      await assert.rejects(inTime(rest(), 'an aborted read'), /in the middle/)
    },
  },
  {
    name: 'can be left in the middle, and read again',
    async run(factory) {
      await using world = await SourceWorld.create(factory, records)
      const source = await world.open()
      const reading = world.read(source)
      await reading.next()
      await reading.return(undefined)
      const table = await tableOf(world)
      table.begin(true)
      for (const item of await world.readAll(source)) table.apply(item)
      expectTable(table, records)
    },
  },
  {
    name: 'counts the live records, or has no count',
    async run(factory) {
      await using world = await SourceWorld.create(factory, records)
      const source = await world.open()
      if (!source.capabilities.hasCount) return assert.ok(!supportsCount(source))
      assert.ok(supportsCount(source), 'a source that says that it counts does')
      assert.equal(await source.count(world.fixture.stream, AbortSignal.timeout(10_000)), records.length)
    },
  },
  {
    name: 'checks what it may read, or has no check',
    async run(factory) {
      await using world = await SourceWorld.create(factory, records)
      const source = await world.open()
      if (!source.capabilities.hasCheck) return assert.ok(!supportsCheck(source))
      assert.ok(supportsCheck(source), 'a source that says that it checks does')
      const { streams } = await source.check(AbortSignal.timeout(10_000))
      const found = streams.find(({ stream }) => stream === world.fixture.stream)
      assert.equal(found?.isReadable, true)
    },
  },
  {
    name: 'says what is wrong when the system fails, completes nothing, and loses nothing',
    async run(factory) {
      await using world = await SourceWorld.create(factory, records)
      if (world.fixture.fail === undefined) return
      const table = await tableOf(world)
      await world.fixture.fail()
      const reading = async (): Promise<void> => {
        for await (const { batch } of world.read(await world.open())) {
          assert.notEqual(batch.complete, true, 'a read that fails is not complete')
        }
      }
      await assert.rejects(reading(), (error) => {
        assert.ok(CaudalError.isInstance(error), `a CaudalError, not ${String(error)}`)
        assert.ok(error.message.includes(world.fixture.stream), `it names the stream: ${error.message}`)
        assert.ok(error.hint !== undefined, 'it says how to mend it')
        return true
      })
      assert.deepEqual(table.rows, [])
    },
  },
]
