import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, it } from 'node:test'

const bin = join(import.meta.dirname, '../bin/simulator.js')

describe('the command line', () => {
  it('writes files', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'simulator-'))
    const args = ['files', '--folder', folder, '--records', '1000', '--now', '2026-06-30']
    const { status, stdout } = spawnSync(process.execPath, [bin, ...args], { encoding: 'utf8' })
    assert.equal(status, 0)
    for (const name of await readdir(folder)) assert.match(stdout, new RegExp(`${name}: \\d+ rows`))
    await rm(folder, { recursive: true })
  })

  it('serves at the address that it prints, sells, and stops at SIGTERM', async () => {
    const child = spawn(process.execPath, [
      bin,
      'serve',
      '--records',
      '1000',
      '--sell',
      '5',
      '--token',
      'abc',
    ])
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0] as string
    const since = new Date(Date.now() - 500).toISOString()
    const headers = { authorization: 'Bearer abc' }
    let count = 0
    while (count === 0) {
      const response = await fetch(`${url}/v1/emails/count?updated_since=${since}`, { headers })
      count = ((await response.json()) as { count: number }).count
    }
    child.kill('SIGTERM')
    assert.deepEqual(await once(child, 'exit'), [0, null])
  })

  it('explains itself and what it did not understand', () => {
    const run = (...args: string[]): [number | null, string] => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], { encoding: 'utf8' })
      return [status, stdout + stderr]
    }
    assert.match(run('--help')[1], /simulator files --folder/)
    assert.equal(run('--help')[0], 0)
    for (const args of [['sing'], ['serve', '--loud'], ['serve', '--records', 'many']]) {
      const [status, output] = run(...args)
      assert.equal(status, 2, args.join(' '))
      assert.match(output, /simulator serve --port/)
    }
  })
})
