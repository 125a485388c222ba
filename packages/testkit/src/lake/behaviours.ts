import fc from 'fast-check'
import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { hasCode } from '../warehouse/atomicity.ts'
import { keysOf, LakeWorld, listed, textOf, type LakeFactory } from './world.ts'

/** Something that every lake does. */
export interface LakeBehaviour {
  readonly name: string
  run(factory: LakeFactory): Promise<void>
}

/** What the lake contract asks for, one by one. */
export const lakeBehaviours: readonly LakeBehaviour[] = [
  {
    name: 'declares capabilities that nobody changes',
    async run(factory) {
      await using world = await LakeWorld.create(factory)
      assert.ok(Object.isFrozen(world.lake.capabilities))
    },
  },
  {
    name: 'gives back the bytes that were put, also after it is opened again',
    async run(factory) {
      await using world = await LakeWorld.create(factory)
      const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 31) % 256))
      assert.equal(await world.lake.putIfAbsent('crm/deals/bytes', bytes), true)
      assert.equal(
        await world.lake.putIfAbsent('crm/deals/stream', Readable.from([bytes, Buffer.from('end')])),
        true,
      )
      assert.equal(await world.lake.putIfAbsent('crm/deals/nothing', Buffer.alloc(0)), true)
      const again = await world.again()
      assert.ok(bytes.equals(Buffer.from(await again.get('crm/deals/bytes'))))
      assert.ok(
        Buffer.concat([bytes, Buffer.from('end')]).equals(Buffer.from(await again.get('crm/deals/stream'))),
      )
      assert.equal((await again.get('crm/deals/nothing')).length, 0)
    },
  },
  {
    name: 'keeps the first bytes of a key, whoever puts it again',
    async run(factory) {
      await using world = await LakeWorld.create(factory)
      const { lake } = world
      await lake.putIfAbsent('a/1', Buffer.from('first'))
      assert.equal(await lake.putIfAbsent('a/1', Buffer.from('second')), false)
      assert.equal(await lake.putIfAbsent('a/1', Readable.from(['third'])), false)
      assert.equal(await lake.putFileIfAbsent('a/1', await world.file('fourth')), false)
      assert.equal(await textOf(lake, 'a/1'), 'first')
    },
  },
  {
    name: 'lets one of many racing writers create the object',
    async run(factory) {
      await using world = await LakeWorld.create(factory)
      const { lake } = world
      const wins = await Promise.all(
        Array.from({ length: 16 }, (_, writer) =>
          lake.putIfAbsent('race/1', Readable.from([`${writer}`, ' wrote'])),
        ),
      )
      assert.equal(wins.filter(Boolean).length, 1)
      assert.equal(await textOf(lake, 'race/1'), `${wins.indexOf(true)} wrote`)
    },
  },
  {
    name: 'shows an object whole or not at all: a body that breaks off leaves nothing',
    async run(factory) {
      await using world = await LakeWorld.create(factory)
      const { lake } = world
      const seen: (readonly [string, number])[] = []
      const body = Readable.from(
        (async function* (): AsyncGenerator<string> {
          yield 'half'
          seen.push(...(await listed(lake, '')))
          throw new Error('connection reset')
        })(),
      )
      await assert.rejects(lake.putIfAbsent('a/1', body), /connection reset/)
      assert.deepEqual(seen, [])
      assert.deepEqual(await listed(lake, ''), [])
      await assert.rejects(lake.get('a/1'), hasCode('CAUDAL_LAKE_NOT_FOUND'))
      assert.equal(await lake.putIfAbsent('a/1', Buffer.from('whole')), true)
    },
  },
  {
    name: 'takes a file as it is, and does not change with it',
    async run(factory) {
      await using world = await LakeWorld.create(factory)
      const { lake } = world
      const file = await world.file('id\n1\n')
      assert.equal(await lake.putFileIfAbsent('deals/1.csv', file), true)
      await writeFile(file, 'id\n2\n')
      assert.equal(await textOf(lake, 'deals/1.csv'), 'id\n1\n')
      assert.equal(await readFile(file, 'utf8'), 'id\n2\n')
      await assert.rejects(lake.putFileIfAbsent('deals/2.csv', `${file}.gone`))
      assert.deepEqual(await listed(lake, 'deals/'), [['deals/1.csv', 5]])
    },
  },
  {
    name: 'lists the keys that start with a prefix, in order of their bytes, with their sizes',
    async run(factory) {
      await using world = await LakeWorld.create(factory)
      const { lake } = world
      const keys = ['a/b', 'a.c', 'a0', 'ab/c', 'ä/1', 'a/a/z', 'b', 'a/B']
      for (const key of keys) await lake.putIfAbsent(key, Buffer.from(key))
      const sizes = (...found: string[]): [string, number][] =>
        found.map((key) => [key, Buffer.byteLength(key)])
      assert.deepEqual(await listed(lake, ''), sizes('a.c', 'a/B', 'a/a/z', 'a/b', 'a0', 'ab/c', 'b', 'ä/1'))
      assert.deepEqual(await listed(lake, 'a/'), sizes('a/B', 'a/a/z', 'a/b'))
      assert.deepEqual(await listed(lake, 'ab'), sizes('ab/c'))
      assert.deepEqual(await listed(lake, 'nothing/here/'), [])
    },
  },
  {
    name: 'goes on with a listing after a key, whether the lake has it or not',
    async run(factory) {
      await using world = await LakeWorld.create(factory)
      const { lake } = world
      for (const key of ['a/1', 'a/2/x', 'a/3', 'b/1']) await lake.putIfAbsent(key, Buffer.from(key))
      assert.deepEqual(keysOf(await listed(lake, '', 'a/1')), ['a/2/x', 'a/3', 'b/1'])
      assert.deepEqual(keysOf(await listed(lake, 'a/', 'a/2/x')), ['a/3'])
      assert.deepEqual(keysOf(await listed(lake, 'a/', 'a/2/y')), ['a/3'])
      assert.deepEqual(keysOf(await listed(lake, '', 'b/1')), [])
    },
  },
  {
    name: 'names the folders one level below a prefix, in order, each once',
    async run(factory) {
      await using world = await LakeWorld.create(factory)
      const { lake } = world
      for (const key of ['crm/deals/1/x', 'crm/deals/2/x', 'crm/accounts/1', 'web/hits', 'crm/note']) {
        await lake.putIfAbsent(key, Buffer.from(key))
      }
      assert.deepEqual(await lake.folders(''), ['crm', 'web'])
      assert.deepEqual(await lake.folders('crm/'), ['accounts', 'deals'])
      assert.deepEqual(await lake.folders('crm/deals/'), ['1', '2'])
      assert.deepEqual(await lake.folders('nothing/'), [])
    },
  },
  {
    name: 'lists any set of keys sorted and whole',
    async run(factory) {
      const segment = fc.constantFrom('a', 'b', 'a.b', 'a-b', '0', 'é', '𝒳', '～')
      const paths = fc.uniqueArray(fc.array(segment, { minLength: 1, maxLength: 3 }), { maxLength: 8 })
      await fc.assert(
        fc.asyncProperty(paths, async (found) => {
          await using world = await LakeWorld.create(factory)
          const keys = [...new Set(found.map((parts) => [...parts, 'object'].join('/')))]
          await Promise.all(keys.map((key) => world.lake.putIfAbsent(key, Buffer.from(key))))
          const sorted = keys
            .map((key) => Buffer.from(key))
            .toSorted(Buffer.compare)
            .map(String)
          assert.deepEqual(
            (await listed(world.lake, '')).map(([key]) => key),
            sorted,
          )
        }),
        // Text sorts these two the other way round than bytes do.
        { numRuns: process.env['CAUDAL_FULL'] === '1' ? 200 : 15, examples: [[[['𝒳'], ['～']]]] },
      )
    },
  },
  {
    name: 'deletes an object once and for all; one that is absent is no error',
    async run(factory) {
      await using world = await LakeWorld.create(factory)
      const { lake } = world
      await lake.putIfAbsent('a/1', Buffer.from('x'))
      await lake.putIfAbsent('a/2', Buffer.from('y'))
      await lake.delete('a/1')
      await lake.delete('a/1')
      await assert.rejects(lake.get('a/1'), hasCode('CAUDAL_LAKE_NOT_FOUND'))
      assert.deepEqual(await listed(await world.again(), ''), [['a/2', 1]])
      assert.equal(await lake.putIfAbsent('a/1', Buffer.from('z')), true)
    },
  },
  {
    name: 'names the key that it does not have',
    async run(factory) {
      await using world = await LakeWorld.create(factory)
      await assert.rejects(world.lake.get('crm/deals/9.csv'), (error: Error) => {
        assert.match(error.message, /crm\/deals\/9\.csv/)
        return hasCode('CAUDAL_LAKE_NOT_FOUND')(error)
      })
    },
  },
  {
    name: 'refuses keys that lead out of it',
    async run(factory) {
      await using world = await LakeWorld.create(factory)
      for (const key of ['', '/etc/passwd', 'a/../../b', 'a//b', './a', 'a\0b']) {
        await assert.rejects(world.lake.putIfAbsent(key, Buffer.from('x')), hasCode('CAUDAL_LAKE_KEY'), key)
        await assert.rejects(world.lake.get(key), hasCode('CAUDAL_LAKE_KEY'), key)
        assert.throws(() => world.lake.locate(key), hasCode('CAUDAL_LAKE_KEY'), key)
      }
    },
  },
  {
    name: 'locates an object where a warehouse can read it: a path or an address',
    async run(factory) {
      await using world = await LakeWorld.create(factory)
      const { lake } = world
      await lake.putIfAbsent('a/1.csv', Buffer.from('id\n1\n'))
      const place = lake.locate('a/1.csv')
      if (lake.capabilities.isLocal) {
        assert.ok(path.isAbsolute(place))
        assert.equal(await readFile(place, 'utf8'), 'id\n1\n')
      } else assert.match(place, /^[a-z][a-z0-9+.-]*:\/\//)
    },
  },
]
