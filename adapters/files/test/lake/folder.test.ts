import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, stat, symlink, utimes, watch, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { test, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'

import type { Lake } from '@caudal/spec'
import fc from 'fast-check'

import { folder, openLake } from '../../src/index.ts'

interface Place {
  readonly projectPath: string
  readonly root: string
  readonly lake: Lake
}

async function place(context: TestContext): Promise<Place> {
  const projectPath = await mkdtemp(join(tmpdir(), 'caudal-lake-'))
  context.after(() => rm(projectPath, { recursive: true }))
  const lake = await openLake(folder({ path: 'data/lake' }).options, { projectPath })
  return { projectPath, root: join(projectPath, 'data/lake'), lake }
}

async function keys(lake: Lake, prefix: string): Promise<string[]> {
  const found: string[] = []
  for await (const object of lake.list(prefix)) found.push(object.key)
  return found
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString()

test('a reference names the package that opens it', () => {
  assert.deepEqual(folder({ path: 'lake' }), { module: '@caudal/files', options: { path: 'lake' } })
})

test('an object keeps its first bytes, whoever puts its key again', async (context) => {
  const { lake, root } = await place(context)
  assert.equal(await lake.putIfAbsent('crm/deals/1.ndjson', Buffer.from('one\n')), true)
  assert.equal(await lake.putIfAbsent('crm/deals/1.ndjson', Readable.from(['two', '\n'])), false)
  assert.equal(text(await lake.get('crm/deals/1.ndjson')), 'one\n')
  assert.equal(lake.locate('crm/deals/1.ndjson'), join(root, 'crm/deals/1.ndjson'))
  assert.deepEqual(await readdir(join(root, '.tmp')), [])
})

test('one of many racing writers creates the object', async (context) => {
  const { lake } = await place(context)
  const wins = await Promise.all(
    Array.from({ length: 20 }, (_, writer) =>
      lake.putIfAbsent('race/1', Readable.from([`${writer}`, ' wrote'])),
    ),
  )
  assert.equal(wins.filter(Boolean).length, 1)
  assert.equal(text(await lake.get('race/1')), `${wins.indexOf(true)} wrote`)
})

test('an object that came from a file does not change with the file', async (context) => {
  const { lake, projectPath } = await place(context)
  const path = join(projectPath, 'deals.csv')
  await writeFile(path, 'id\n1\n')
  assert.equal(await lake.putFileIfAbsent('deals/1.csv', path), true)
  await writeFile(path, 'id\n2\n')
  assert.equal(await lake.putFileIfAbsent('deals/1.csv', path), false)
  assert.equal(text(await lake.get('deals/1.csv')), 'id\n1\n')
  assert.equal((await stat(lake.locate('deals/1.csv'))).mode & 0o777, 0o400)
})

test('a body that breaks off leaves nothing', async (context) => {
  const { lake, root } = await place(context)
  const body = Readable.from(
    (async function* (): AsyncGenerator<string> {
      yield 'half'
      throw new Error('connection reset')
    })(),
  )
  await assert.rejects(lake.putIfAbsent('a/1', body), /connection reset/)
  assert.deepEqual(await keys(lake, ''), [])
  assert.deepEqual(await readdir(join(root, '.tmp')), [])
})

test('keys come in order of their bytes, cut to the prefix', async (context) => {
  const { lake } = await place(context)
  for (const key of ['a/b', 'a.c', 'a0', 'ab/c', 'ä/1', 'a/a/z', 'b'])
    await lake.putIfAbsent(key, Buffer.from(key))
  assert.deepEqual(await keys(lake, ''), ['a.c', 'a/a/z', 'a/b', 'a0', 'ab/c', 'b', 'ä/1'])
  assert.deepEqual(await keys(lake, 'a/'), ['a/a/z', 'a/b'])
  assert.deepEqual(await keys(lake, 'ab'), ['ab/c'])
  assert.deepEqual(await keys(lake, 'nothing/here/'), [])
})

test('any set of keys is listed sorted and whole', async (context) => {
  const { projectPath } = await place(context)
  const segment = fc.constantFrom('a', 'b', 'a.b', 'a-b', '0', 'é', '𝒳', '～')
  let round = 0
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.array(segment, { minLength: 1, maxLength: 3 }), { maxLength: 12 }),
      async (paths) => {
        const lake = await openLake({ path: `lake-${round++}` }, { projectPath })
        const wanted = [...new Set(paths.map((path) => [...path, 'object'].join('/')))]
        await Promise.all(wanted.map((key) => lake.putIfAbsent(key, Buffer.from(key))))
        const sorted = wanted
          .map((key) => Buffer.from(key))
          .toSorted(Buffer.compare)
          .map(String)
        assert.deepEqual(await keys(lake, ''), sorted)
      },
    ),
    { numRuns: 25 },
  )
})

test('a deleted object is gone, and deleting it again is no error', async (context) => {
  const { lake } = await place(context)
  await lake.putIfAbsent('a/1', Buffer.from('x'))
  await lake.delete('a/1')
  await lake.delete('a/1')
  await assert.rejects(lake.get('a/1'), { code: 'CAUDAL_LAKE_NOT_FOUND', message: /has no object a\/1/ })
  assert.equal(await lake.putIfAbsent('a/1', Buffer.from('y')), true)
})

test('a folder that somebody removed is made again', async (context) => {
  const { lake, root } = await place(context)
  await lake.putIfAbsent('a/b/1', Buffer.from('x'))
  await rm(join(root, 'a'), { recursive: true })
  assert.equal(await lake.putIfAbsent('a/b/2', Buffer.from('y')), true)
  assert.deepEqual(await keys(lake, ''), ['a/b/2'])
})

for (const key of ['', '/etc/passwd', 'a/../../b', 'a//b', 'a\\b', './a', '.tmp/x', 'a\0b']) {
  test(`the key ${JSON.stringify(key)} is refused`, async (context) => {
    const { lake } = await place(context)
    const refusal = { code: 'CAUDAL_LAKE_KEY', message: /Nothing was read or written/ }
    await assert.rejects(lake.putIfAbsent(key, Buffer.from('x')), refusal)
    await assert.rejects(lake.putFileIfAbsent(key, 'anything'), refusal)
    await assert.rejects(lake.get(key), refusal)
    await assert.rejects(lake.delete(key), refusal)
    assert.throws(() => lake.locate(key), refusal)
  })
}

test('leftovers older than a day go when the lake is opened, younger ones stay', async (context) => {
  const { root, projectPath } = await place(context)
  const [old, young] = [join(root, '.tmp/old'), join(root, '.tmp/young')]
  await writeFile(old, 'half')
  await writeFile(young, 'half')
  const twoDaysAgo = Date.now() / 1000 - 2 * 24 * 3600
  await utimes(old, twoDaysAgo, twoDaysAgo)
  await openLake({ path: 'data/lake' }, { projectPath })
  assert.deepEqual(await readdir(join(root, '.tmp')), ['young'])
})

test('what a killed process left unfinished goes at the next start, what is being written stays', async (context) => {
  const { root, projectPath, lake } = await place(context)
  const temporary = join(root, '.tmp')
  const child = spawn(
    process.execPath,
    ['--conditions=@caudal/source', fileURLToPath(import.meta.resolve('./endless-put.ts')), projectPath],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  await once(child.stdout, 'data')
  const [left = ''] = await readdir(temporary)
  const body = new PassThrough()
  const changes = watch(temporary)[Symbol.asyncIterator]()
  const begun = changes.next()
  const writing = lake.putIfAbsent('a/1', body)
  await begun
  await changes.return?.()
  await openLake({ path: 'data/lake' }, { projectPath })
  assert.ok((await readdir(temporary)).includes(left), 'its writer lives')
  child.kill('SIGKILL')
  await once(child, 'exit')
  await openLake({ path: 'data/lake' }, { projectPath })
  assert.equal((await readdir(temporary)).includes(left), false)
  body.end('whole')
  assert.equal(await writing, true)
  assert.equal(Buffer.from(await lake.get('a/1')).toString(), 'whole')
  assert.deepEqual(await readdir(temporary), [])
})

test('what another machine, or a process of the same id before this one, left unfinished is told apart', async (context) => {
  const { root, projectPath } = await place(context)
  const [elsewhere, before] = [`4194303-x@elsewhere`, `${process.pid}-x@${hostname()}`]
  for (const name of [elsewhere, before]) {
    await writeFile(join(root, '.tmp', name), 'half')
    const anHourAgo = Date.now() / 1000 - 3600
    await utimes(join(root, '.tmp', name), anHourAgo, anHourAgo)
  }
  await openLake({ path: 'data/lake' }, { projectPath })
  assert.deepEqual(await readdir(join(root, '.tmp')), [elsewhere])
})

test('a missing input, a file in the place of the folder and a missing path are told apart', async (context) => {
  const { lake, projectPath } = await place(context)
  await assert.rejects(lake.putFileIfAbsent('a/1', join(projectPath, 'gone.csv')), {
    code: 'CAUDAL_LAKE_INPUT',
    message: /gone\.csv could not be read \(ENOENT\)\. Nothing was put into the lake/,
  })
  await writeFile(join(projectPath, 'file'), '')
  await assert.rejects(openLake({ path: 'file' }, { projectPath }), { code: 'CAUDAL_LAKE_NOT_A_FOLDER' })
  await assert.rejects(openLake({}, { projectPath }), { code: 'CAUDAL_LAKE_OPTIONS' })
})

test('a lake behind a symbolic link works', async (context) => {
  const { root, projectPath } = await place(context)
  await symlink(root, join(projectPath, 'link'))
  const lake = await openLake({ path: 'link' }, { projectPath })
  assert.equal(await lake.putIfAbsent('a/1', Buffer.from('x')), true)
  assert.deepEqual(await keys(lake, ''), ['a/1'])
})

test('a listing after a key has only what stands above it', async (context) => {
  const { lake } = await place(context)
  for (const key of [
    'crm/deals/2026-01-01/1/a',
    'crm/deals/2026-01-02/2/a',
    'crm/deals/2026-01-02/3/a',
    'crm/leads/1',
  ])
    await lake.putIfAbsent(key, Buffer.from('x'))
  const found: string[] = []
  for await (const { key } of lake.list('crm/deals/', 'crm/deals/2026-01-02/20')) found.push(key)
  assert.deepEqual(found, ['crm/deals/2026-01-02/3/a'])
})

test('folders are named one level at a time', async (context) => {
  const { lake } = await place(context)
  for (const key of ['crm/deals/1', 'crm/leads/1', 'mail/sent/1'])
    await lake.putIfAbsent(key, Buffer.from('x'))
  assert.deepEqual(await lake.folders(''), ['crm', 'mail'])
  assert.deepEqual(await lake.folders('crm/'), ['deals', 'leads'])
  assert.deepEqual(await lake.folders('none/'), [])
})
