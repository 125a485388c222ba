import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { fullBudgetMs, whileItWrites } from './attack.ts'
import { runCaudal } from './caudal.ts'
import { createShop, planSource } from './project.ts'
import { Random, seedOf } from './random.ts'
import { inWarehouse, rowsOf, warehouseOf } from './warehouse-file.ts'
import { assertWhole } from './whole.ts'
import { World } from './world.ts'

const isFull = process.env['CAUDAL_FULL'] === '1'
const rounds = isFull ? 20 : 1
const attempts = isFull ? 3 : 1

test('kill -9 while dead letters are replayed loads each of them once', async (t) => {
  const random = new Random(seedOf())
  t.diagnostic(`seed ${random.seed}`)
  let killed = 0
  const began = performance.now()
  for (let round = 0; round < rounds && performance.now() - began < fullBudgetMs; round++) {
    const folder = await createShop(t)
    const world = new World(random)
    await world.save(folder)
    await planSource(folder, { pageRows: 20, pauseMs: 0 })
    const source = path.join(folder, 'sources', 'shop.ts')
    const right = await readFile(source, 'utf8')
    await writeFile(source, right.replace('note: text()', 'note: integer()'))
    const first = await runCaudal(folder, ['run'])
    assert.equal(first.code, 0, first.output)
    const open = "SELECT count(*) AS n FROM _caudal.dead_letters WHERE status = 'open'"
    const letters = await inWarehouse(warehouseOf(folder), (warehouse) => rowsOf(warehouse, open))
    assert.equal(Number(letters[0]?.['n']), world.streams()['events']?.length)
    await writeFile(source, right)
    for (let attempt = 0; attempt < attempts; attempt++) {
      const killAt = whileItWrites(random, first.tookMs)
      const { signal } = await runCaudal(folder, ['replay', 'shop.events'], killAt)
      if (signal === 'SIGKILL') killed++
    }
    const last = await runCaudal(folder, ['replay', 'shop.events'])
    assert.equal(last.code, 0, last.output)
    await assertWhole(folder, world, async (warehouse) =>
      assert.deepEqual(await rowsOf(warehouse, open), [{ n: '0' }]),
    )
  }
  t.diagnostic(`${killed} kills`)
})
