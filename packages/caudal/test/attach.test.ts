import assert from 'node:assert/strict'
import { readdirSync, statSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { attach, findSocket } from '@caudal/server'
import {
  caudal,
  deals,
  edit,
  gatedProject,
  openGate,
  project,
  start,
  startServer,
  startWaiting,
  type Outcome,
} from './cli-project.ts'

interface RunJson {
  readonly id: string
  readonly state: string
  readonly error?: { readonly code: string }
}

async function lastRuns(folder: string): Promise<readonly RunJson[]> {
  const { stdout } = await caudal(folder, 'status', '--json')
  return (JSON.parse(stdout) as { runs: RunJson[] }).runs
}

async function count(folder: string, sql: string): Promise<string> {
  const { stdout, stderr } = await caudal(folder, 'query', sql, '--json')
  return (JSON.parse(stdout) as { n: string }[])[0]?.n ?? stderr
}

test('commands that start at once share one owner, and each gets its answer', async (t) => {
  const folder = await project(t)
  const outcomes = await Promise.all([
    caudal(folder, 'run', '--json'),
    caudal(folder, 'run', '--json'),
    caudal(folder, 'status', '--json'),
    caudal(folder, 'query', 'SELECT 1 AS n', '--json'),
  ])
  for (const { code, stdout, stderr } of outcomes) assert.equal(code, 0, stderr + stdout)
  assert.equal(await count(folder, 'SELECT count(*) AS n FROM crm.deals'), '2')
})

test('replay, reset, check, backfill, plan and cancel work through the owner', async (t) => {
  const folder = await project(t, [...deals, { id: 'c', amount: 'much', stage: 'won', updated: 1 }])
  const server = await startServer(folder)
  const said = async (...parameters: string[]): Promise<Outcome> => caudal(folder, ...parameters)
  const red = await said('run')
  assert.match(red.stdout, /1 dead letters/)
  assert.match((await said('replay', 'crm.deals')).stdout, /replay\s+crm\.deals/)
  assert.match((await said('check')).stdout, /check\s+marts\.revenue/)
  const backfill = await said('backfill', '--from', '2026-01-01', '--to', '2026-01-03')
  assert.equal(backfill.code, 0, backfill.stderr)
  const reset = await said('reset', 'crm.deals')
  assert.equal(reset.code, 0, reset.stderr)
  const refused = await said('reset', 'crm.dealz')
  assert.equal(refused.code, 2)
  assert.match(refused.stderr, /Did you mean `crm\.deals`/)
  const rebuild = await said('rebuild')
  assert.equal(rebuild.code, 3)
  assert.match(rebuild.stderr, /needs the warehouse for itself/)
  assert.equal((await said('cancel')).code, 1, 'nothing runs')
  const runs = (await (await fetch(`${server.url}/api/v1/runs`)).json()) as { trigger: string }[]
  assert.deepEqual(runs.map((run) => run.trigger).toReversed(), [
    'cli',
    'cli replay',
    'cli check',
    'cli backfill',
    'cli reset',
  ])
})

test('a command whose files differ runs with its own version of the project', async (t) => {
  const folder = await project(t)
  const server = await startServer(folder)
  const before = (await (await fetch(`${server.url}/api/v1/project`)).json()) as { fingerprint: string }
  await writeFile(
    path.join(folder, 'models', 'marts', 'lost.sql'),
    'SELECT count(*) AS lost FROM crm.deals\n',
  )
  const run = await caudal(folder, 'run')
  assert.equal(run.code, 0, run.stderr)
  assert.equal(await count(folder, 'SELECT lost AS n FROM marts.lost'), '2')
  const code = await caudal(folder, 'run', '--json')
  assert.equal(code.code, 0)
  const after = (await (await fetch(`${server.url}/api/v1/project`)).json()) as { fingerprint: string }
  assert.equal(after.fingerprint, before.fingerprint, 'the owner goes on with its own')
  await edit(
    folder,
    'sources/crm.ts',
    'yield await readDeals()',
    "yield (await readDeals()).filter((deal) => deal.id === 'a')",
  )
  await caudal(folder, 'run', '--full')
  const runs = (await (await fetch(`${server.url}/api/v1/runs`)).json()) as { fingerprint: string }[]
  assert.notEqual(runs[0]?.fingerprint, runs[1]?.fingerprint, 'code counts too')
})

test('Ctrl-C cancels the run of an attached command; a client that is lost does not', async (t) => {
  const folder = await gatedProject(t)
  await startServer(folder)
  const first = await startWaiting(t, folder, 'run')
  first.child.kill('SIGINT')
  assert.equal((await first.ended).code, 130)
  assert.equal((await lastRuns(folder))[0]?.state, 'cancelled')
  const lost = await startWaiting(t, folder, 'run')
  lost.child.kill('SIGKILL')
  await lost.ended
  await openGate(folder)
  const next = await caudal(folder, 'run')
  assert.equal(next.code, 0, next.stderr)
  assert.deepEqual(
    (await lastRuns(folder)).map((run) => run.state),
    ['succeeded', 'succeeded', 'cancelled'],
  )
})

test('an owner stays for those who are attached, and its socket is for its user alone', async (t) => {
  const folder = await gatedProject(t)
  const owner = await startWaiting(t, folder, 'run', '--json')
  const socketPath = await findSocket(path.join(folder, 'data', 'acme.duckdb'))
  assert.ok(socketPath !== undefined)
  assert.equal(statSync(socketPath).mode & 0o777, 0o600)
  assert.equal(statSync(path.dirname(socketPath)).mode & 0o777, 0o700)
  assert.ok(Buffer.byteLength(socketPath) <= 100)
  const options = { socketPath, target: 'dev', projectPath: folder, fingerprint: 'f' }
  const guest = await attach(options)
  const runEnded = new Promise<void>((resolve) => {
    guest.subscribe((event) => {
      if (event.kind === 'run' && event.run.state === 'succeeded') resolve()
    })
  })
  await openGate(folder)
  await runEnded
  await owner.until(/Other commands use the warehouse through this process \(1\)/)
  assert.equal((await guest.status()).tables.length > 0, true)
  guest.detach()
  assert.equal((await owner.ended).code, 0)
  const left = readdirSync(path.dirname(socketPath)).filter((name) =>
    name.startsWith(path.basename(socketPath)),
  )
  assert.deepEqual(left, [], 'neither socket nor claim is left')
})

test('SIGTERM ends the owner within 10 s: its run is rolled back, who followed it hears of it', async (t) => {
  const folder = await gatedProject(t)
  const owner = await startServer(folder)
  const client = await startWaiting(t, folder, 'run')
  const began = performance.now()
  owner.child.kill('SIGTERM')
  const [{ code }, followed] = await Promise.all([owner.ended, client.ended])
  assert.equal(code, 0)
  assert.ok(performance.now() - began < 10_000)
  assert.equal(followed.code, 130, followed.stderr)
  assert.equal((await lastRuns(folder))[0]?.state, 'cancelled')
})

test('after kill -9 of the owner its follower is told, and the next command takes over and cleans up', async (t) => {
  const folder = await gatedProject(t)
  const owner = await startServer(folder)
  const client = await startWaiting(t, folder, 'run')
  owner.child.kill('SIGKILL')
  const followed = await client.ended
  assert.equal(followed.code, 3)
  assert.match(followed.stderr, /CAUDAL_OWNER_(ENDED|GONE)/)
  const [run] = await lastRuns(folder)
  assert.deepEqual([run?.state, run?.error?.code], ['failed', 'CAUDAL_RUN_OWNER_DIED'])
  await openGate(folder)
  assert.equal((await caudal(folder, 'run')).code, 0)
})

test('a second server is told who serves, and a busy port and a foreign address are refused with the mend', async (t) => {
  const folder = await project(t)
  const first = await startServer(folder)
  const second = await caudal(folder, 'dev', '--port', '0')
  assert.equal(second.code, 3)
  assert.match(second.stderr, new RegExp(`process ${first.child.pid} serves this warehouse on ${first.url}`))
  const other = await project(t)
  const busy = await caudal(other, 'serve', '--port', new URL(first.url).port)
  assert.equal(busy.code, 3)
  assert.match(busy.stderr, /in use by another program.*\n.*--port \d+/)
  const open = await caudal(other, 'serve', '--host', '0.0.0.0')
  assert.equal(open.code, 3)
  assert.match(open.stderr, /There is no sign-in yet/)
})

test('a command of another protocol is refused with the mend, and the owner goes on', async (t) => {
  const folder = await project(t)
  const owner = await startServer(folder)
  const nextRelease = path.join(import.meta.dirname, 'fixtures', 'release', 'next-protocol.js')
  const options = `${process.env['NODE_OPTIONS'] ?? ''} --import ${pathToFileURL(nextRelease).href}`
  for (const command of ['run', 'status', 'query']) {
    const sql = command === 'query' ? ['SELECT 1 AS n'] : []
    const refused = await start(folder, [command, ...sql], { NODE_OPTIONS: options }).ended
    assert.equal(refused.code, 3, refused.stderr)
    assert.match(
      refused.stderr,
      /speaks protocol \d+; the process (\d+) .* speaks protocol \d+.*Nothing was done/s,
    )
    assert.match(refused.stderr, new RegExp(`Stop that process \\(.*kill ${String(owner.child.pid)}\\)`))
    assert.match(refused.stderr, /CAUDAL_ATTACH_PROTOCOL/)
    assert.equal(refused.stdout, '')
  }
  assert.deepEqual(await lastRuns(folder), [], 'nothing was run')
  assert.equal((await caudal(folder, 'run')).code, 0)
})
