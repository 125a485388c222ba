import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { zstdDecompressSync } from 'node:zlib'
import { openLake } from '@caudal/files'
import { CaudalError, type Lake } from '@caudal/spec'
import { Segment } from '../../src/load/segment.ts'

test('a segment of many blocks is the lines in their order, under the hash and size that it tells', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'caudal-segment-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const lake = await openLake({ path: folder }, { projectPath: folder })
  const segment = new Segment(lake, 'crm/deals/rows.ndjson.zst')
  const batches = Array.from(
    { length: 40 },
    (_, batch) => `{"batch":${batch},"text":"${'é'.repeat(50_000)}"}\n`,
  )
  for (const lines of batches) await segment.add(lines, 1, ['batch', 'text'], 'a test')
  const file = await segment.finish()
  const stored = Buffer.from(await lake.get(file.key))
  assert.equal(zstdDecompressSync(stored).toString('utf8'), batches.join(''))
  assert.equal(file.bytes, stored.length)
  assert.equal(file.sha256, createHash('sha256').update(stored).digest('hex'))
  assert.equal(file.rows, 40)
})

test('a lake that cannot take the bytes stops the one who writes', async () => {
  const full = new CaudalError({ code: 'CAUDAL_LAKE_FULL', message: 'The disk of the lake is full.' })
  const lake = { putIfAbsent: () => Promise.reject(full) } as unknown as Lake
  const segment = new Segment(lake, 'crm/deals/rows.ndjson.zst')
  const lines = `${JSON.stringify({ text: createHash('sha256').update('x').digest('hex').repeat(40_000) })}\n`
  await assert.rejects(async () => {
    for (let batch = 0; batch < 50; batch++) await segment.add(lines, 1, ['text'], 'a test')
    await segment.finish()
  }, full)
  await segment.discard()
})
