import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { linesOf, openWriter, TestFolder } from './fixtures/written-log.ts'

const isFull = process.env['CAUDAL_FULL'] === '1'
const script = fileURLToPath(import.meta.resolve('./fixtures/append-script.ts'))
const ownMounts =
  spawnSync('unshare', ['-rm', 'true']).status === 0 ? false : 'this system does not let users mount'

/** Numbers of the events that the script said were acknowledged. */
function acknowledgedIn(output: string): number[] {
  return [...output.matchAll(/^(\d+) (\d+)$/gm)].flatMap(([, first, count]) =>
    Array.from({ length: Number(count) }, (_, index) => Number(first) + index),
  )
}

/** Runs the script until it has acknowledged `lines` appends, then kills it. */
async function killAfter(root: string, from: number, lines: number): Promise<string> {
  const child = spawn(process.execPath, ['--conditions=@caudal/source', script, root, String(from)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.setEncoding('utf8')
  child.stdout.on('data', (chunk: string) => {
    output += chunk
    if (output.split('\n').length > lines) child.kill('SIGKILL')
  })
  await once(child, 'close')
  assert.equal(child.signalCode, 'SIGKILL')
  return output
}

/** Every number that the log holds, in no order. */
async function numbersIn(root: string): Promise<number[]> {
  const log = await openWriter(root)
  try {
    await log.declareTopic('sales', 4)
    return (await linesOf(log, 'sales')).map((line) => Number(/"number":(\d+)/.exec(line)?.[1]))
  } finally {
    await log.close()
  }
}

test('a writer that is killed loses nothing that it acknowledged', async (context) => {
  await using folder = await TestFolder.create()
  const acknowledged = new Set<number>()
  let from = 0
  let landed = 0
  const kills = isFull ? 100 : 8
  for (let kill = 0; kill < kills; kill++) {
    const output = await killAfter(folder.path, from, 20 + ((kill * 37) % 200))
    for (const number of acknowledgedIn(output)) acknowledged.add(number)
    const held = await numbersIn(folder.path)
    const set = new Set(held)
    assert.equal(set.size, held.length, 'no event came twice')
    for (const number of acknowledged) assert.ok(set.has(number), `event ${number} was acknowledged`)
    if (held.length > acknowledged.size) landed += 1
    for (const number of held) acknowledged.add(number)
    from = Math.max(...held) + 1000
  }
  context.diagnostic(`${landed} of ${kills} kills came between a write and its answer`)
  assert.ok(landed >= kills / 3)
})

test('a full disk refuses, and keeps what was acknowledged', { skip: ownMounts }, async (context) => {
  await using folder = await TestFolder.create()
  const disk = path.join(folder.path, 'disk')
  const kept = path.join(folder.path, 'kept')
  await mkdir(disk)
  const lines =
    'mount -t tmpfs -o size=400k tmpfs "$1"; "$3" --conditions=@caudal/source "$4" "$1/log"; cp -r "$1/log" "$2"'
  const run = spawnSync('unshare', ['-rm', 'sh', '-ec', lines, 'sh', disk, kept, process.execPath, script], {
    encoding: 'utf8',
  })
  assert.equal(run.status, 0, run.stderr)
  const refusals = run.stdout.split('\n').filter((line) => line.startsWith('refused'))
  assert.equal(refusals.length, 12)
  assert.deepEqual(new Set(refusals), new Set(['refused CAUDAL_LOG_FULL']))
  await cp(kept, path.join(folder.path, 'log'), { recursive: true })
  const held = await numbersIn(path.join(folder.path, 'log'))
  const acknowledged = acknowledgedIn(run.stdout)
  context.diagnostic(`${acknowledged.length} events before the disk was full`)
  assert.ok(acknowledged.length > 500)
  assert.deepEqual(
    held.toSorted((a, b) => a - b),
    acknowledged.toSorted((a, b) => a - b),
  )
})
