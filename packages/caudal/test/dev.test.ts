import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { readEvents } from '@caudal/server'
import type { ProjectAnswer, PushEvent, RunSummary } from '@caudal/spec'
import { caudal, edit, project, start, startServer } from './cli-project.ts'

async function get<T>(url: string, route: string): Promise<T> {
  return (await (await fetch(`${url}/api/v1/${route}`)).json()) as T
}

/** Resolves with the next events that the console is pushed. */
async function pushed(url: string, accept: (event: PushEvent) => boolean): Promise<PushEvent> {
  const answer = await fetch(`${url}/api/v1/live`)
  for await (const { data } of readEvents(answer.body ?? new ReadableStream())) {
    const event = JSON.parse(data) as PushEvent
    if (accept(event)) return event
  }
  throw new Error('The stream ended')
}

const isRun =
  (trigger: string) =>
  (event: PushEvent): boolean =>
    event.kind === 'run' && event.run.trigger === trigger && event.run.state === 'succeeded'

test('dev reloads what is saved, shows what is broken and goes on with the version before', async (t) => {
  const folder = await project(t)
  const dev = await startServer(folder, 'dev')
  await pushed(dev.url, isRun('dev'))
  const first = await get<ProjectAnswer>(dev.url, 'project')
  await edit(folder, 'models/marts/revenue.sql', 'crm.deals', 'crm.dealz')
  await dev.until(/The version before goes on/)
  assert.match(dev.text(), /models\/marts\/revenue\.sql.*crm\.dealz/s)
  const broken = await get<ProjectAnswer>(dev.url, 'project')
  assert.equal(broken.fingerprint, first.fingerprint)
  assert.match(broken.problems[0]?.message ?? '', /crm\.dealz/)
  const still = (await fetch(`${dev.url}/api/v1/runs`, { method: 'POST', headers: json, body: '{}' })).status
  assert.equal(still, 200, 'the version before still runs')
  const mended = pushed(dev.url, isRun('dev reload'))
  await edit(folder, 'models/marts/revenue.sql', 'crm.dealz', 'crm.deals')
  await writeFile(
    path.join(folder, 'models', 'marts', 'deal_count.sql'),
    'SELECT count(*) AS n FROM crm.deals\n',
  )
  await mended
  const after = await get<ProjectAnswer>(dev.url, 'project')
  assert.deepEqual(after.problems, [])
  assert.notEqual(after.fingerprint, first.fingerprint)
  const { stdout } = await caudal(folder, 'query', 'SELECT n FROM marts.deal_count', '--json')
  assert.deepEqual(JSON.parse(stdout), [{ n: '2' }])
})

test('a changed source is read at once, and a folder that is new is watched', async (t) => {
  const folder = await project(t)
  const dev = await startServer(folder, 'dev')
  await pushed(dev.url, isRun('dev'))
  const read = pushed(dev.url, isRun('dev reload'))
  await edit(folder, 'sources/crm.ts', "primaryKey: ['id']", "description: 'Deals', primaryKey: ['id']")
  await read
  const runs = await get<RunSummary[]>(dev.url, 'runs')
  assert.equal(runs.findLast((run) => run.trigger === 'dev reload')?.counts.extracted, 2)
  const { fingerprint } = await get<ProjectAnswer>(dev.url, 'project')
  const loaded = pushed(dev.url, (event) => event.kind === 'project' && event.fingerprint !== fingerprint)
  await mkdir(path.join(folder, 'lib'))
  await writeFile(path.join(folder, 'lib', 'words.ts'), "export const word = 'deal'\n")
  await loaded
})

test('dev on a broken project says what is wrong and begins when it is mended', async (t) => {
  const folder = await project(t)
  await edit(folder, 'models/marts/revenue.sql', 'crm.deals', 'crm.dealz')
  const dev = start(folder, ['dev', '--port', '0'])
  await dev.until(/crm\.dealz/)
  await dev.until(/Waiting for a change/)
  await edit(folder, 'models/marts/revenue.sql', 'crm.dealz', 'crm.deals')
  await dev.until(/http:\/\/127\.0\.0\.1:\d+/)
})

const json = { 'content-type': 'application/json' }
