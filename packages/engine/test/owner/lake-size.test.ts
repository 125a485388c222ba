import { openLake } from '@caudal/files'
import type { Lake, LakeObject } from '@caudal/spec'
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { LakeSize } from '../../src/owner/lake-size.ts'

test('the lake is measured once, shown while it is measured again, and then anew', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'caudal-size-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const lake = await openLake({ path: 'lake' }, { projectPath: folder })
  await lake.putIfAbsent('crm/deals/1', Buffer.alloc(100))
  const measured = Promise.withResolvers<void>()
  let measures = 0
  const watched = Object.assign(Object.create(lake) as Lake, {
    async *list(prefix: string): AsyncGenerator<LakeObject> {
      measures++
      yield* lake.list(prefix)
      if (measures === 2) measured.resolve()
    },
  })
  let now = 0
  const size = new LakeSize(watched, () => now)
  assert.deepEqual(await Promise.all([size.bytes(), size.bytes()]), [100, 100])
  await lake.putIfAbsent('crm/deals/2', Buffer.alloc(50))
  assert.equal(await size.bytes(), 100)
  assert.equal(measures, 1)
  now = 61_000
  assert.equal(await size.bytes(), 100, 'what is known, at once')
  await measured.promise
  await new Promise(setImmediate)
  assert.equal(await size.bytes(), 150)
  assert.equal(measures, 2)
})
