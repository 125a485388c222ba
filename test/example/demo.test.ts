import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { test, type TestContext } from 'node:test'
import type { PushEvent } from '@caudal/spec'
import { root } from './cli.ts'

interface RunningDemo {
  readonly url: URL
  /** As Ctrl-C does: the signal reaches the tool and everything it started. @returns the exit code. */
  interrupt(): Promise<number>
}

async function startDemo(t: TestContext): Promise<RunningDemo> {
  const child = spawn('node', [path.join(root, 'tools', 'run.js'), 'demo', '--no-open'], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit') as Promise<[number]>
  const signal = (name: NodeJS.Signals): void => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, name)
  }
  t.after(() => signal('SIGKILL'))
  for await (const line of createInterface(child.stdout)) {
    const address = /http:\/\/127\.0\.0\.1:\d+\/\S+/.exec(line)?.[0]
    if (address === undefined) continue
    return {
      url: new URL(address),
      interrupt: async () => {
        signal('SIGINT')
        return (await exited)[0]
      },
    }
  }
  throw new Error('The demo ended without an address.')
}

async function demoFolders(): Promise<string[]> {
  const data = path.join(root, 'examples', 'sales', 'data')
  return (await readdir(data).catch(() => [])).filter((name) => name.startsWith('demo-'))
}

/** The answers of a tile, as they are pushed. */
async function* pushed(url: URL, dashboard: string, tile: string): AsyncGenerator<string, undefined> {
  const address = new URL(`/api/v1/live?dashboard=${dashboard}`, url)
  const response = await fetch(address, { signal: AbortSignal.timeout(60_000) })
  let text = ''
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const parts = (text + chunk).split('\n\n')
    text = parts.pop() ?? ''
    for (const part of parts) {
      const data = /^data: (.*)$/m.exec(part)?.[1]
      const event = data === undefined ? undefined : (JSON.parse(data) as PushEvent)
      if (event?.kind === 'tile' && event.answer.tile === tile && event.answer.state === 'ready')
        yield JSON.stringify(event.answer.data)
    }
  }
}

test('two demos at once: each shows a board that moves by itself, and Ctrl-C leaves nothing', async (t) => {
  const before = await demoFolders()
  const [one, two] = await Promise.all([startDemo(t), startDemo(t)])
  assert.equal((await demoFolders()).length, before.length + 2)
  assert.notEqual(one.url.port, two.url.port)
  for (const { url } of [one, two]) {
    const page = await fetch(url, { headers: { accept: 'text/html' } })
    assert.match(await page.text(), /<title>Caudal/)
    const answers = pushed(url, 'sdrTeam', 'number_emailsSent')
    const first = (await answers.next()).value
    assert.match(first ?? '', /"kind":"number"/)
    let next = first
    while (next === first) next = (await answers.next()).value
    await answers.return(undefined)
    assert.match(next ?? '', /"kind":"number"/, 'the number moves')
  }
  assert.deepEqual(await Promise.all([one.interrupt(), two.interrupt()]), [0, 0])
  assert.deepEqual(await demoFolders(), before)
  for (const { url } of [one, two]) await assert.rejects(fetch(url), TypeError)
})
