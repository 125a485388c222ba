import assert from 'node:assert/strict'
import { hasCode } from '../warehouse/atomicity.ts'
import { byPartition, LogWorld, seenEvents, type LogFactory, type SeenEvent } from './world.ts'

/** Something that every log does. */
export interface LogBehaviour {
  readonly name: string
  run(factory: LogFactory): Promise<void>
}

const numbered = (count: number, keys: number): { key: string; value: string }[] =>
  Array.from({ length: count }, (_, index) => ({ key: `k${index % keys}`, value: `event ${index}` }))

/** What the log contract asks for, one by one. */
export const logBehaviours: readonly LogBehaviour[] = [
  {
    name: 'declares capabilities that nobody changes',
    async run(factory) {
      await using world = await LogWorld.create(factory)
      assert.ok(Object.isFrozen(world.log.capabilities))
    },
  },
  {
    name: 'gives back keys, headers and values as they came, also after it is opened again',
    async run(factory) {
      await using world = await LogWorld.create(factory)
      const events = [
        { value: 'no key' },
        { key: 'k', value: '' },
        { key: '', headers: { id: 'é-1', 'content-type': 'application/json' }, value: '{"a":"ñ\u0000"}' },
        { key: 'k', value: 'x'.repeat(100_000) },
      ]
      for (const event of events) await world.append(event)
      const sorted = (seen: readonly SeenEvent[]): unknown[] =>
        [...byPartition(seen).values()].flat().toSorted((a, b) => (a.value < b.value ? -1 : 1))
      const expected = events.toSorted((a, b) => (a.value < b.value ? -1 : 1))
      assert.deepEqual(sorted(await world.all()), expected)
      await world.reopen()
      assert.deepEqual(sorted(await world.all()), expected)
    },
  },
  {
    name: 'counts each partition from 0 without gaps or repeats, across openings',
    async run(factory) {
      await using world = await LogWorld.create(factory)
      for (let round = 0; round < 3; round++) {
        await world.append(...numbered(50, 20))
        await world.append(...numbered(50, 7))
        await world.reopen()
      }
      const seen = await world.all()
      assert.equal(seen.length, 300)
      for (let partition = 0; partition < world.partitions; partition++) {
        const offsets = seen.filter((event) => event.partition === partition).map(({ offset }) => offset)
        assert.deepEqual(offsets, [...offsets.keys()])
      }
    },
  },
  {
    name: 'keeps the events of a key in one partition, in order',
    async run(factory) {
      await using world = await LogWorld.create(factory)
      const events = numbered(200, 9)
      for (let at = 0; at < events.length; at += 25) await world.append(...events.slice(at, at + 25))
      const seen = await world.all()
      for (let key = 0; key < 9; key++) {
        const mine = seen.filter((event) => event.key === `k${key}`)
        assert.equal(new Set(mine.map(({ partition }) => partition)).size, 1)
        assert.deepEqual(
          mine.map(({ value }) => value),
          events.filter((event) => event.key === `k${key}`).map(({ value }) => value),
        )
      }
      assert.ok(byPartition(seen).size > 1, 'keys are spread over partitions')
    },
  },
  {
    name: 'says where what was appended lies, also to many who append at once',
    async run(factory) {
      await using world = await LogWorld.create(factory)
      const appended = await Promise.all(
        Array.from({ length: 60 }, async (_, writer) => {
          const events = Array.from({ length: 1 + (writer % 5) }, (_event, index) => ({
            key: `writer ${writer}`,
            value: `${writer}.${index}`,
          }))
          return { events, ranges: await world.append(...events) }
        }),
      )
      const seen = await world.all()
      const at = new Map(seen.map((event) => [`${event.partition}/${event.offset}`, event.value]))
      for (const { events, ranges } of appended) {
        const places = ranges.flatMap(({ partition, first, events: count }) =>
          Array.from({ length: count }, (_, index) => `${partition}/${first + index}`),
        )
        assert.deepEqual(
          places.map((place) => at.get(place)),
          events.map(({ value }) => value),
        )
      }
      assert.equal(
        seen.length,
        appended.reduce((sum, { events }) => sum + events.length, 0),
      )
    },
  },
  {
    name: 'appends nothing when it is given nothing',
    async run(factory) {
      await using world = await LogWorld.create(factory)
      assert.deepEqual(await world.append(), [])
      assert.equal(await world.count(), 0)
    },
  },
  {
    name: 'reads from the places given, and only the partitions that are asked for',
    async run(factory) {
      await using world = await LogWorld.create(factory)
      await world.append(...numbered(100, 30))
      const [busiest] = (await world.log.ranges(world.topic)).toSorted((a, b) => b.next - a.next)
      assert.ok(busiest !== undefined && busiest.next > 10)
      const from = [{ partition: busiest.partition, offset: 7 }]
      const seen = await world.all(from)
      assert.deepEqual(new Set(seen.map(({ partition }) => partition)), new Set([busiest.partition]))
      assert.deepEqual(
        seen.map(({ offset }) => offset),
        Array.from({ length: busiest.next - 7 }, (_, index) => index + 7),
      )
    },
  },
  {
    name: 'waits at the end, gives what comes, and ends without an error when it is told to',
    async run(factory) {
      await using world = await LogWorld.create(factory)
      await world.append({ key: 'a', value: 'before' })
      const stop = new AbortController()
      const values: string[] = []
      const request = { topic: world.topic, from: await world.starts(), signal: stop.signal }
      for await (const batch of world.log.read(request)) {
        values.push(...seenEvents(batch).map(({ value }) => value))
        if (values.length === 1) await world.append({ key: 'a', value: 'while it waits' })
        else stop.abort()
      }
      assert.deepEqual(values, ['before', 'while it waits'])
    },
  },
  {
    name: 'refuses a place behind its end',
    async run(factory) {
      await using world = await LogWorld.create(factory)
      await world.append(...numbered(20, 8))
      const [range] = await world.log.ranges(world.topic)
      assert.ok(range !== undefined)
      const from = [{ partition: range.partition, offset: range.next + 5 }]
      await assert.rejects(firstOf(world, from), hasCode('CAUDAL_LOG_BEHIND'))
    },
  },
  {
    name: 'gives up what is trimmed, and says so to whoever asks for it',
    async run(factory) {
      await using world = await LogWorld.create(factory)
      await world.append(...numbered(100, 30))
      const middle = await world.log.ranges(world.topic)
      await world.settle()
      await world.append(...numbered(100, 30))
      const starts = await world.starts()
      await world.log.trim(
        world.topic,
        middle.map(({ partition, next }) => ({ partition, offset: next })),
      )
      assert.deepEqual(
        (await world.log.ranges(world.topic)).map(({ first }) => first),
        middle.map(({ next }) => next),
      )
      assert.equal((await world.all()).length, 100)
      await assert.rejects(firstOf(world, starts), hasCode('CAUDAL_LOG_GAP'))
      await world.reopen()
      assert.equal((await world.all()).length, 100)
      await assert.rejects(firstOf(world, starts), hasCode('CAUDAL_LOG_GAP'))
    },
  },
  {
    name: 'never trims what lies from a place on',
    async run(factory) {
      await using world = await LogWorld.create(factory)
      await world.append(...numbered(100, 30))
      await world.settle()
      const places = (await world.log.ranges(world.topic)).map(({ partition, next }) => ({
        partition,
        offset: Math.floor(next / 2),
      }))
      await world.log.trim(world.topic, places)
      const seen = await world.all(places)
      const expected = (await world.log.ranges(world.topic)).map(({ next }) => next - Math.floor(next / 2))
      assert.equal(
        seen.length,
        expected.reduce((sum, count) => sum + count, 0),
      )
    },
  },
  {
    name: 'keeps its number of partitions',
    async run(factory) {
      await using world = await LogWorld.create(factory)
      await assert.rejects(world.log.declareTopic(world.topic, 8), hasCode('CAUDAL_LOG_PARTITIONS'))
      await world.append({ value: 'still works' })
      assert.equal(await world.count(), 1)
    },
  },
  {
    name: 'knows which topics it has, and keeps them apart',
    async run(factory) {
      await using world = await LogWorld.create(factory)
      await assert.rejects(world.log.ranges('nobody'), hasCode('CAUDAL_LOG_TOPIC'))
      await assert.rejects(
        world.log.append('nobody', [{ value: Buffer.from('x') }]),
        hasCode('CAUDAL_LOG_TOPIC'),
      )
      await world.log.declareTopic('others', 1)
      await world.log.append('others', [{ value: Buffer.from('x') }])
      assert.equal(await world.count(), 0)
    },
  },
  {
    name: 'assigns every partition to a member that is alone',
    async run(factory) {
      await using world = await LogWorld.create(factory)
      const stop = new AbortController()
      const assigned: number[][] = []
      for await (const { partitions } of world.log.join('pipeline', world.topic, stop.signal)) {
        assigned.push([...partitions].toSorted((a, b) => a - b))
        stop.abort()
      }
      assert.deepEqual(assigned, [[0, 1, 2, 3]])
    },
  },
]

async function firstOf(world: LogWorld, from: Parameters<LogWorld['all']>[0]): Promise<void> {
  const stop = AbortSignal.timeout(10_000)
  const reading = world.log.read({ topic: world.topic, from: from ?? [], signal: stop })
  await reading[Symbol.asyncIterator]().next()
}
