import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { analysisCache } from '../../src/project/analysis-cache.ts'

test('processes that store what they found at the same time do not disturb each other', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'caudal-cache-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const script = path.join(import.meta.dirname, 'fixtures', 'store-analysis.ts')
  const codes = await Promise.all(
    Array.from({ length: 6 }, async () => {
      const [code] = (await once(fork(script, [folder], { stdio: 'inherit' }), 'exit')) as [number]
      return code
    }),
  )
  assert.deepEqual(codes, [0, 0, 0, 0, 0, 0])
  assert.deepEqual(await readdir(path.join(folder, '.caudal')), ['sql-analysis.json'])
  assert.equal((await analysisCache(folder)).get('a'), '1')
})
