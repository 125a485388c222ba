import { CaudalError } from '@caudal/spec'
import assert from 'node:assert/strict'
import { cp, open, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import {
  appendBlocks,
  copyTopic,
  linesOf,
  numberedEvents,
  openWriter,
  segmentsOf,
  TestFolder,
} from './fixtures/written-log.ts'

const isFull = process.env['CAUDAL_FULL'] === '1'
const seed = Number(process.env['CAUDAL_SEED'] ?? Date.now() % 1_000_000)

/** Numbers in [0, 1) that follow from the seed. */
function randomFrom(start: number): () => number {
  let state = start
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32
  }
}

async function flip(file: string, byte: number, bit: number): Promise<void> {
  const handle = await open(file, 'r+')
  try {
    const one = Buffer.alloc(1)
    await handle.read(one, 0, 1, byte)
    await handle.write(Buffer.from([(one[0] ?? 0) ^ (1 << bit)]), 0, 1, byte)
  } finally {
    await handle.close()
  }
}

/** What opening and reading a topic gives: its lines, or the code of the error. Any other error is thrown. */
async function outcome(
  log: Awaited<ReturnType<typeof openWriter>>,
  topic: string,
): Promise<string[] | CaudalError> {
  try {
    await log.declareTopic(topic, 4)
    return await linesOf(log, topic)
  } catch (error) {
    if (CaudalError.isInstance(error)) return error
    throw error
  }
}

test(`a flipped bit anywhere gives the same events or an error that names the place (seed ${seed})`, async (context) => {
  await using folder = await TestFolder.create()
  const log = await openWriter(folder.path)
  context.after(() => log.close())
  await log.declareTopic('original', 4)
  await appendBlocks(log, 'original', 0, 260)
  const expected = await linesOf(log, 'original')
  const random = randomFrom(seed)
  const codes = new Map<string, number>()
  for (let round = 0; round < (isFull ? 1000 : 120); round++) {
    const topic = `flip-${round}`
    const copy = await copyTopic(folder.path, 'original', topic)
    const files = (await readdir(copy)).toSorted()
    const file = path.join(copy, files[Math.floor(random() * files.length)] ?? '')
    const byte = Math.floor(random() * (await stat(file)).size)
    await flip(file, byte, Math.floor(random() * 8))
    const found = await outcome(log, topic)
    const code = CaudalError.isInstance(found) ? found.code : 'same'
    codes.set(code, (codes.get(code) ?? 0) + 1)
    if (CaudalError.isInstance(found)) assert.match(found.message, /flip-\d+/, 'the place is named')
    else assert.deepEqual(found, expected, `${file}, byte ${byte}`)
    await rm(copy, { recursive: true })
  }
  context.diagnostic([...codes].map(([code, count]) => `${code}: ${count}`).join(', '))
  assert.ok((codes.get('CAUDAL_LOG_DAMAGED') ?? 0) > 0, 'some flips hit events')
})

test('a tail torn at any length holds what was acknowledged, and takes more events', async (context) => {
  await using folder = await TestFolder.create()
  const log = await openWriter(folder.path)
  context.after(() => log.close())
  await log.declareTopic('original', 4)
  const original = path.join(folder.path, 'original')
  const written = await appendBlocks(log, 'original', 0, 5)
  const mark = await readFile(path.join(original, 'mark'))
  const before = await linesOf(log, 'original')
  const [segment = ''] = await segmentsOf(original)
  const acknowledged = await endOf(path.join(original, segment))
  await appendBlocks(log, 'original', written, 3)
  const after = await linesOf(log, 'original')
  const end = await endOf(path.join(original, segment))
  const lengths = Array.from({ length: end - acknowledged + 40 }, (_, index) => end - index)
  for (const length of isFull ? lengths : lengths.filter((each) => each % 7 === 0)) {
    const topic = `torn-${length}`
    const copy = await copyTopic(folder.path, 'original', topic)
    await writeFile(path.join(copy, 'mark'), mark)
    await truncate(path.join(copy, segment), length)
    const found = await outcome(log, topic)
    if (length < acknowledged) {
      assert.ok(CaudalError.isInstance(found), `torn at ${length}, before what was acknowledged`)
      assert.equal(found.code, 'CAUDAL_LOG_DAMAGED')
      assert.match(found.message, /partition \d: events \d+ to \d+/)
    } else {
      assert.ok(Array.isArray(found), `torn at ${length}, behind what was acknowledged`)
      assert.ok(
        before.every((line) => found.includes(line)),
        'what was acknowledged is there',
      )
      assert.ok(
        found.every((line) => after.includes(line)),
        'and nothing that was never written',
      )
      await log.append(topic, numberedEvents(9000, 3))
      assert.equal((await linesOf(log, topic)).length, found.length + 3)
    }
    await rm(copy, { recursive: true })
  }
})

test('a log that ends before its mark refuses and names the lost range', async (context) => {
  await using folder = await TestFolder.create()
  const log = await openWriter(folder.path)
  context.after(() => log.close())
  await log.declareTopic('original', 4)
  await appendBlocks(log, 'original', 0, 260)
  const ranges = await log.ranges('original')
  const segments = await segmentsOf(path.join(folder.path, 'original'))
  assert.ok(segments.length >= 3)
  for (const [index, segment] of segments.entries()) {
    const topic = `missing-${index}`
    await rm(path.join(await copyTopic(folder.path, 'original', topic), segment))
    const found = await outcome(log, topic)
    assert.ok(CaudalError.isInstance(found), `segment ${segment} is missed`)
    assert.equal(found.code, 'CAUDAL_LOG_BEHIND')
    const lost = found.context['lost'] as { partition: number; first: number; next: number }[]
    assert.ok(lost.length > 0 && lost.every(({ first, next }) => first < next))
    if (index === segments.length - 1)
      for (const { partition, next } of lost) assert.equal(next, ranges[partition]?.next)
    if (index === 0) for (const { first } of lost) assert.equal(first, 0)
  }
})

test('a mark that cannot be read is refused; one that was removed is accepted', async (context) => {
  await using folder = await TestFolder.create()
  const log = await openWriter(folder.path)
  context.after(() => log.close())
  await log.declareTopic('original', 4)
  await appendBlocks(log, 'original', 0, 30)
  const expected = await linesOf(log, 'original')
  const copy = await copyTopic(folder.path, 'original', 'unreadable')
  await writeFile(path.join(copy, 'mark'), Buffer.alloc(1024, 7))
  const refused = await outcome(log, 'unreadable')
  assert.ok(CaudalError.isInstance(refused))
  assert.equal(refused.code, 'CAUDAL_LOG_MARK')
  assert.match(refused.message, /partition 0: events 0 to/)
  await rm(path.join(copy, 'mark'))
  assert.deepEqual(await outcome(log, 'unreadable'), expected)
})

test('one writer at a time; readers beside it', async () => {
  await using folder = await TestFolder.create()
  const log = await openWriter(folder.path)
  await log.declareTopic('sales', 4)
  await appendBlocks(log, 'sales', 0, 5)
  await assert.rejects(openWriter(folder.path), { code: 'CAUDAL_LOG_BUSY' })
  await log.close()
  const next = await openWriter(folder.path)
  await next.declareTopic('sales', 4)
  assert.equal((await linesOf(next, 'sales')).length, 15)
  await next.close()
})

test('an event that is too large is refused, and nothing beside it is appended', async (context) => {
  await using folder = await TestFolder.create()
  const log = await openWriter(folder.path)
  context.after(() => log.close())
  await log.declareTopic('sales', 1)
  const large = { value: Buffer.alloc(5 * 1024 * 1024) }
  await assert.rejects(log.append('sales', [{ value: Buffer.from('small') }, large]), {
    code: 'CAUDAL_LOG_EVENT_SIZE',
  })
  await assert.rejects(
    log.append('sales', [{ key: Buffer.alloc(70_000), value: Buffer.from('x') }]),
    /a key of 70000 bytes/,
  )
  assert.deepEqual(await linesOf(log, 'sales'), [])
})

test('what a copied log holds, another folder gives too', async (context) => {
  await using folder = await TestFolder.create()
  const log = await openWriter(path.join(folder.path, 'one'))
  await log.declareTopic('sales', 4)
  await appendBlocks(log, 'sales', 0, 100)
  const expected = await linesOf(log, 'sales')
  await log.close()
  await cp(path.join(folder.path, 'one'), path.join(folder.path, 'two'), { recursive: true })
  const copy = await openWriter(path.join(folder.path, 'two'))
  context.after(() => copy.close())
  await copy.declareTopic('sales', 4)
  assert.deepEqual(await linesOf(copy, 'sales'), expected)
})

/** Where the last byte that is not 0 lies. */
async function endOf(file: string): Promise<number> {
  const bytes = await readFile(file)
  let end = bytes.byteLength
  while (end > 0 && bytes[end - 1] === 0) end -= 1
  return end
}
