import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { test } from 'node:test'
import { openOwner, project, writeRows } from '../owner/open-owner.ts'
import { ManualClock } from './manual-clock.ts'

test('a tick runs the source and its models; a failed one is posted to the webhook', async (context) => {
  const folder = await project(context)
  const posted: string[] = []
  const server = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => posted.push(chunk.toString('utf8')))
    request.on('end', () => response.end(() => server.emit('posted')))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  context.after(() => server.close())
  await edit(
    path.join(folder, 'sources', 'crm.ts'),
    'defineSource({',
    "defineSource({ schedule: 'every hour',",
  )
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  await edit(path.join(folder, 'caudal.config.ts'), "name: 'acme',", `name: 'acme', alertWebhook: '${url}',`)
  const owner = await openOwner(folder)
  context.after(() => owner.close())
  const [idle] = await owner.runs.schedules()
  assert.deepEqual(idle, { source: 'crm', schedule: 'every hour', timeZone: 'UTC' })
  const clock = new ManualClock('2026-03-01T10:30:00Z')
  await owner.startSchedules(clock)
  assert.equal((await owner.runs.schedules())[0]?.nextAt, '2026-03-01T11:00:00.000Z')
  const ended = (state: string): Promise<void> =>
    new Promise((resolve) => {
      const stop = owner.subscribe((event) => {
        if (event.kind !== 'run' || event.run.state !== state) return
        stop()
        resolve()
      })
    })
  const green = ended('succeeded')
  clock.moveTo('2026-03-01T11:00:00Z')
  await green
  const [first] = await owner.runs.list(1)
  assert.deepEqual([first?.trigger, first?.counts.inserted, first?.stageCount], ['schedule crm', 2, 2])
  const next = (await owner.runs.schedules())[0]
  assert.deepEqual(
    [next?.nextAt, next?.lastRun?.state, next?.failures],
    ['2026-03-01T12:00:00.000Z', 'succeeded', 0],
  )
  await writeRows(folder, [{ id: 'a', amount: '-1.00', stage: 'won', updated: 2 }])
  const delivery = once(server, 'posted')
  clock.moveTo('2026-03-01T12:00:00Z')
  await delivery
  const alert = JSON.parse(posted.join('')) as { kind: string; error: { message: string } }
  assert.equal(alert.kind, 'failed')
  assert.match(alert.error.message, /marts\.revenue/)
})

test('a schedule that cannot be read is a problem of the project, with its place', async (context) => {
  const folder = await project(context)
  await edit(
    path.join(folder, 'sources', 'crm.ts'),
    'defineSource({',
    "defineSource({ schedule: 'every 5 minuts',",
  )
  await assert.rejects(openOwner(folder), {
    code: 'CAUDAL_PROJECT_PROBLEMS',
    message: /sources\/crm\.ts: source `crm`: .*every 5 minuts.*Did you mean `minutes`/,
  })
})

async function edit(file: string, before: string, after: string): Promise<void> {
  const text = await readFile(file, 'utf8')
  assert.ok(text.includes(before))
  await writeFile(file, text.replace(before, after))
}
