import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cp, mkdir } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { assertBooks, assertEqualsSource } from './books.ts'
import { createShop, planSource } from './project.ts'
import { Random, seedOf } from './random.ts'
import { inWarehouse, warehouseOf } from './warehouse-file.ts'
import { World } from './world.ts'

const binary = path.join(import.meta.dirname, '..', '..', 'packages', 'caudal', 'bin', 'caudal.js')
const ownMounts =
  spawnSync('unshare', ['-rm', 'true']).status === 0 ? false : 'this system does not let users mount'

/** What a run under trouble printed, and how the three runs ended. */
interface Trouble {
  readonly codes: readonly number[]
  readonly output: string
}

/**
 * Runs a shop whose data lie on a small disk of its own: a good run, trouble, a run under it, its end, and a good run again. Then the data
 * are copied where the test can look at them.
 */
function runWithTrouble(folder: string, begin: string, end: string): Trouble {
  const run = `"$2" --conditions=@caudal/source "$3" run`
  const lines = `mount -t tmpfs -o size=40m tmpfs "$1/data"; mkdir -p "$1/data/lake/.tmp"; cd "$1"; set +e
    ${run} >/dev/null 2>&1; echo "code $?"; cp world-2.json world.json
    ${begin}
    ${run} 2>&1; echo "code $?"
    ${end}
    ${run} >/dev/null 2>&1; echo "code $?"
    cp -r "$1/data" "$1/seen"`
  const { stdout, stderr } = spawnSync(
    'unshare',
    ['-rm', 'sh', '-ec', lines, 'sh', folder, process.execPath, binary],
    { encoding: 'utf8' },
  )
  const codes = [...stdout.matchAll(/^code (\d+)$/gm)].map(([, code]) => Number(code))
  return { codes, output: stdout + stderr }
}

const troubles = [
  {
    what: 'the disk of lake and warehouse is full',
    begin: `dd if=/dev/zero of="$1/data/filler" bs=4k >/dev/null 2>&1`,
    end: `rm "$1/data/filler"`,
    says: /disk .*full|CAUDAL_(LAKE_FULL|WAREHOUSE_DISK_FULL)/i,
  },
  {
    what: 'the disk of lake and warehouse fills while it is written',
    begin: `dd if=/dev/zero of="$1/data/filler" bs=4k >/dev/null 2>&1; truncate -s -150k "$1/data/filler"`,
    end: `rm "$1/data/filler"`,
    says: /disk .*full|CAUDAL_(LAKE_FULL|WAREHOUSE_DISK_FULL)/i,
  },
  {
    what: 'the folder is read-only',
    begin: `mount -o remount,ro "$1/data"`,
    end: `mount -o remount,rw "$1/data"`,
    says: /read-only|permission|cannot be opened/i,
  },
]

for (const { what, begin, end, says } of troubles) {
  test(`${what}: a clear error, nothing lost, and the next run is good`, { skip: ownMounts }, async (t) => {
    const random = new Random(seedOf())
    t.diagnostic(`seed ${random.seed}`)
    const folder = await createShop(t)
    const world = new World(random)
    await world.save(folder)
    await cp(path.join(folder, 'world.json'), path.join(folder, 'world-1.json'))
    world.change()
    world.changePaged()
    await world.save(folder)
    await cp(path.join(folder, 'world.json'), path.join(folder, 'world-2.json'))
    await cp(path.join(folder, 'world-1.json'), path.join(folder, 'world.json'))
    await planSource(folder, { pageRows: 20, pauseMs: 0 })
    const { codes, output } = runWithTrouble(folder, begin, end)
    assert.deepEqual([codes[0], codes[2]], [0, 0], output)
    assert.notEqual(codes[1], 0, output)
    assert.match(output, says)
    assert.match(output, /→ /, 'the error says what to do')
    const seen = path.join(folder, 'looked-at')
    await mkdir(seen)
    await cp(path.join(folder, 'seen'), path.join(seen, 'data'), { recursive: true })
    await inWarehouse(warehouseOf(seen), async (warehouse) => {
      await assertEqualsSource(warehouse, world)
      await assertBooks(warehouse, seen)
    })
  })
}
