import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { test, type TestContext } from 'node:test'
import { runCaudal, startCaudal } from '../crash/caudal.ts'
import { createShop, planSource } from '../crash/project.ts'
import { Random, seedOf } from '../crash/random.ts'
import { World } from '../crash/world.ts'
import { isLocal, SocketWatch, type Seen } from './watch.ts'

const root = path.join(import.meta.dirname, '..', '..')
const isFull = process.env['CAUDAL_FULL'] === '1'
const skip = existsSync('/proc/net/tcp')
  ? false
  : 'sockets are watched through /proc, which this system does not have'

function strangers(seen: readonly Seen[]): string[] {
  return seen
    .filter((socket) => !isLocal(socket))
    .map((socket) => `${socket.command}: ${socket.protocol} ${socket.local} → ${socket.remote}`)
}

/** The address that a process prints when it listens. */
async function addressOf(child: ChildProcess): Promise<string> {
  let output = ''
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')))
  for await (const chunk of child.stdout ?? []) {
    output += String(chunk)
    const address = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0]
    if (address !== undefined) return address
  }
  throw new Error(`it ended without an address: ${output}`)
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  const force = setTimeout(() => child.kill('SIGKILL'), 15_000)
  await exited
  clearTimeout(force)
}

/** Keeps a push connection open and asks for pages, as a browser does. */
async function browse(address: string, forMs: number): Promise<void> {
  const ending = AbortSignal.timeout(forMs)
  const push = listen(`${address}/api/v1/events`, ending)
  while (!ending.aborted) {
    await (await fetch(`${address}/api/v1/status`)).text()
    await pause(200)
  }
  await push
}

/** Reads a push connection until the end, which breaks it off. */
async function listen(url: string, ending: AbortSignal): Promise<void> {
  try {
    const response = await fetch(url, { signal: ending })
    for await (const _ of response.body ?? []) if (ending.aborted) return
  } catch (error) {
    if (!ending.aborted) throw error
  }
}

test('serving and loading opens no connection but those on loopback', { skip }, async (t) => {
  const folder = await createShop(t)
  await new World(new Random(seedOf())).save(folder)
  await planSource(folder, { pageRows: 20, pauseMs: 5 })
  const owner = startCaudal(folder, ['serve', '--port', '0', '--json'])
  t.after(() => end(owner))
  const watch = new SocketWatch(owner.pid ?? 0)
  const address = await addressOf(owner)
  const { code, output } = await runCaudal(folder, ['run'])
  assert.equal(code, 0, output)
  await browse(address, 1_000)
  await end(owner)
  const { seen, looks } = await watch.stop()
  assert.ok(
    seen.some((socket) => socket.isListening),
    'the listening socket is seen',
  )
  assert.deepEqual(strangers(seen), [])
  t.diagnostic(`${looks} looks, ${seen.length} sockets`)
})

if (isFull) {
  test('the demo opens no connection but those on loopback', { skip }, async (t) => {
    const demo = spawn(process.execPath, [path.join(root, 'tools', 'run.js'), 'demo', '--no-open'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    t.after(() => end(demo))
    const watch = new SocketWatch(demo.pid ?? 0)
    await browse(await addressOf(demo), 15_000)
    await end(demo)
    const { seen, looks } = await watch.stop()
    assert.deepEqual(strangers(seen), [])
    t.diagnostic(`${looks} looks, ${seen.length} sockets`)
  })
}

test('the watch sees a planted connection to elsewhere', { skip }, async (t) => {
  const elsewhere = await outsideAddress(t)
  const script = `const s = require('node:net').connect(${elsewhere.port}, '${elsewhere.host}'); s.on('error', () => {}); setTimeout(() => process.exit(), 800)`
  const shell = spawn('sh', ['-c', `"$0" -e "$1"; true`, process.execPath, script], { stdio: 'ignore' })
  const watch = new SocketWatch(shell.pid ?? 0)
  await once(shell, 'exit')
  const { seen } = await watch.stop()
  assert.match(
    strangers(seen).join('\n'),
    new RegExp(`${elsewhere.host.replaceAll('.', '\\.')}:${elsewhere.port}`),
  )
})

/** An address of this machine that is not loopback, with a server on it; without one an address that nobody has. */
async function outsideAddress(t: TestContext): Promise<{ host: string; port: number }> {
  const own = Object.values(networkInterfaces())
    .flat()
    .find((one) => one?.family === 'IPv4' && !one.internal)?.address
  if (own === undefined) return { host: '192.0.2.1', port: 9 }
  const server = createServer()
  server.listen(0, own)
  await once(server, 'listening')
  t.after(() => server.close())
  const address = server.address()
  return { host: own, port: typeof address === 'object' && address !== null ? address.port : 0 }
}
