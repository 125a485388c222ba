import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'

import type { ErrorReport } from '@caudal/spec'

const script = fileURLToPath(import.meta.resolve('./disk-script.ts'))
const ownMounts =
  spawnSync('unshare', ['-rm', 'true']).status === 0 ? false : 'this system does not let users mount'

async function emptyFolder(context: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'caudal-disk-'))
  context.after(() => rm(path, { recursive: true, force: true }))
  return path
}

/** Runs shell lines with a 1 MB disk mounted at `$1`, seen by them alone. */
function onSmallDisk(path: string, lines: string): string {
  const mounted = `mount -t tmpfs -o size=1m tmpfs "$1"; ${lines}`
  return execFileSync('unshare', ['-rm', 'sh', '-ec', mounted, 'sh', path, process.execPath, script], {
    encoding: 'utf8',
  })
}

test(
  'a full disk says so, and leaves no half object and no leftover',
  { skip: ownMounts },
  async (context) => {
    const path = await emptyFolder(context)
    const output = onSmallDisk(path, '"$2" "$3" "$1/lake"; find "$1/lake" -type f')
    const [report, ...files] = output.trim().split('\n')
    const error = JSON.parse(report ?? '') as ErrorReport
    assert.equal(error.code, 'CAUDAL_LAKE_FULL')
    assert.match(
      error.message,
      /could not write large\/1: the disk is full .*\(ENOSPC\)\. The object was not created/,
    )
    assert.match(error.hint ?? '', /Free space/)
    assert.deepEqual(files, [`${path}/lake/small/1`])
  },
)

test('a read-only disk says so', { skip: ownMounts }, async (context) => {
  const path = await emptyFolder(context)
  const output = onSmallDisk(path, 'mount -o remount,ro "$1"; "$2" "$3" "$1/lake"')
  assert.equal((JSON.parse(output) as ErrorReport).code, 'CAUDAL_LAKE_READ_ONLY')
})

test('a folder without permission says whose permission is missing', async (context) => {
  const path = await emptyFolder(context)
  await chmod(path, 0o555)
  const user = process.getuid?.() === 0 ? ['65534'] : []
  const output = execFileSync(process.execPath, [script, join(path, 'lake'), ...user], { encoding: 'utf8' })
  const error = JSON.parse(output) as ErrorReport
  assert.equal(error.code, 'CAUDAL_LAKE_PERMISSION')
  assert.match(error.hint ?? '', /user that runs Caudal/)
})
