import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { test, type TestContext } from 'node:test'
import { findSocket, readEvents } from '@caudal/server'
import type { PushEvent } from '@caudal/spec'
import { Cli, root } from './cli.ts'

/**
 * The repository as somebody has just cloned it: what `npm run dev` writes and what the test edits are copies, the packages are those of
 * this clone.
 */
async function freshClone(t: TestContext): Promise<string> {
  const clone = await mkdtemp(path.join(tmpdir(), 'caudal-clone-'))
  t.after(() => rm(clone, { recursive: true, force: true, maxRetries: 3 }))
  const example = path.join(root, 'examples', 'sales')
  const written = new Set(['data', '.caudal', 'node_modules'].map((name) => path.join(example, name)))
  for (const name of ['tools', 'examples', 'package.json', 'package-lock.json']) {
    const filter = (source: string): boolean => !written.has(source)
    await cp(path.join(root, name), path.join(clone, name), { recursive: true, filter })
  }
  for (const name of ['packages', 'adapters', 'node_modules'])
    await symlink(path.join(root, name), path.join(clone, name))
  return clone
}

interface RunningDev {
  readonly url: URL
  /** Asks npm, whose process is all that its caller knows, to end; resolves when nobody has its output open any more. */
  terminate(): Promise<void>
}

async function startDev(t: TestContext, clone: string): Promise<RunningDev> {
  const child = spawn('npm', ['run', 'dev', '--', '--no-open'], {
    cwd: clone,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'close')
  t.after(() => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
      process.kill(-child.pid, 'SIGKILL')
  })
  const printed: string[] = []
  const address = Promise.withResolvers<URL>()
  createInterface(child.stdout).on('line', (line) => {
    printed.push(line)
    const found = /http:\/\/127\.0\.0\.1:\d+\/\S+/.exec(line)?.[0]
    if (found !== undefined) address.resolve(new URL(found))
  })
  void ended.then(() => address.reject(new Error(`It ended without an address:\n${printed.join('\n')}`)))
  return {
    url: await address.promise,
    terminate: async () => {
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** Resolves with the first pushed event that is accepted. */
async function pushed(url: URL, accept: (event: PushEvent) => boolean): Promise<PushEvent> {
  const answer = await fetch(new URL('/api/v1/live', url), { signal: AbortSignal.timeout(60_000) })
  for await (const { data } of readEvents(answer.body ?? new ReadableStream())) {
    const event = JSON.parse(data) as PushEvent
    if (accept(event)) return event
  }
  throw new Error('The stream ended.')
}

test('npm run dev in a fresh clone: the board answers, a changed model is on it at once, SIGTERM leaves nothing', async (t) => {
  const clone = await freshClone(t)
  const example = path.join(clone, 'examples', 'sales')
  const dev = await startDev(t, clone)
  assert.equal(dev.url.pathname, '/dashboards/sales')
  const page = await fetch(dev.url, { headers: { accept: 'text/html' } })
  assert.match(await page.text(), /<title>Caudal/)
  const cli = new Cli(example)
  const open = 'SELECT count(*) > 0 AS has_open FROM marts.deals WHERE NOT is_won'
  assert.deepEqual(await cli.query(open), [{ has_open: true }])

  const model = path.join(example, 'models', 'marts', 'deals.sql')
  const reloaded = pushed(
    dev.url,
    (event) => event.kind === 'run' && event.run.trigger === 'dev reload' && event.run.state === 'succeeded',
  )
  const sql = await readFile(model, 'utf8')
  await writeFile(model, `${sql.trimEnd()}\nwhere d.is_won\n`)
  await reloaded
  assert.deepEqual(await cli.query(open), [{ has_open: false }])

  await dev.terminate()
  await assert.rejects(fetch(dev.url), TypeError, 'nobody listens')
  assert.equal(await findSocket(path.join(example, 'data', 'sales.duckdb')), undefined, 'no owner is left')
})
