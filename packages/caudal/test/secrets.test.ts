import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import type { RunSummary } from '@caudal/spec'
import { caudal, edit, project, startServer } from './cli-project.ts'

const planted = 'pl4nted/s3cret value'
const forms = [
  planted,
  encodeURIComponent(planted),
  Buffer.from(planted).toString('base64'),
  new URLSearchParams({ '': planted }).toString().slice(1),
]
const hook = 'h00k-path-planted'

/** A CRM that wants the key in the query, and a webhook; both say in their answers what they were sent. */
async function pretendServices(t: TestContext): Promise<{ url: string; posted: string[] }> {
  const posted: string[] = []
  const server = createServer((request, response) => {
    const { searchParams, pathname } = new URL(request.url ?? '/', 'http://localhost')
    if (pathname.includes(hook)) {
      request.on('data', (chunk: Buffer) => posted.push(chunk.toString('utf8')))
      request.on('end', () => response.end())
      return
    }
    const isKnown = searchParams.get('key') === planted
    response.setHeader('content-type', 'application/json')
    if (!isKnown || pathname === '/broken') {
      response.writeHead(isKnown ? 400 : 401)
      response.end(JSON.stringify({ error: `refused ${searchParams.get('key')} at ${request.url}` }))
    } else
      response.end(
        JSON.stringify([
          { id: 1, name: 'Ada' },
          { id: 'x', name: 'wrong type' },
        ]),
      )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, posted }
}

/** Every byte that lies below a folder, without the installed packages. */
async function filesBelow(folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const whole = path.join(entry.parentPath, entry.name)
    if (entry.isFile() && !whole.includes('node_modules')) found.set(whole, await readFile(whole, 'latin1'))
  }
  return found
}

test('a planted secret is in no log, error, answer, plan, database and lake', async (t) => {
  const folder = await project(t)
  const { url, posted } = await pretendServices(t)
  const environment = { CAUDAL_TEST_PLANTED: planted, CAUDAL_TEST_HOOK: `${url}/${hook}` }
  await edit(
    folder,
    'caudal.config.ts',
    "name: 'acme',",
    "name: 'acme', alertWebhook: { kind: 'env', name: 'CAUDAL_TEST_HOOK' },",
  )
  await writeFile(
    path.join(folder, 'sources', 'api.ts'),
    `import { defineSource, env, integer, text } from '@caudal/authoring'
import { rest } from '@caudal/rest'
const auth = { kind: 'apiKey', key: env('CAUDAL_TEST_PLANTED'), query: 'key' } as const
const columns = { id: integer(), name: text() }
const stream = { path: 'people', primaryKey: 'id', columns } as const
export const good = rest({ baseUrl: '${url}', auth, streams: { people: stream } })
export const bad = rest({ baseUrl: '${url}', auth, schedule: 'every second', streams: { broken: { ...stream, path: 'broken' } } })
export const own = defineSource({
  settings: { token: env('CAUDAL_TEST_PLANTED') },
  streams: { things: { columns, read: async function* ({ settings, log }) {
    log('warn', 'reading with ' + settings.token, { header: 'X-Key ' + settings.token })
    console.log('printed ' + settings.token)
    if (settings.token !== '') throw new Error('X-Key ' + settings.token + ' was refused')
    yield []
  } } },
})
`,
  )
  const server = await startServer(folder, 'serve', environment)
  const outputs = [
    await caudal(folder, 'run'),
    await caudal(folder, 'plan', '--json'),
    await caudal(folder, 'status', '--json'),
    await caudal(folder, 'query', 'SELECT * FROM _caudal.dead_letters', '--json'),
    await caudal(folder, 'run', '--json'),
  ]
  await server.until(/A scheduled run is red/)
  const runs = (await (await fetch(`${server.url}/api/v1/runs`)).json()) as RunSummary[]
  const routes = [
    'project',
    'graph',
    'plan',
    'status',
    'schedules',
    'runs',
    ...runs.map((run) => `runs/${run.id}`),
  ]
  const answers = await Promise.all(
    routes.map(async (route) => (await fetch(`${server.url}/api/v1/${route}`)).text()),
  )
  const seen = new Map<string, string>([
    ...outputs.flatMap(({ stdout, stderr }, index) => [
      [`output ${index}`, stdout] as const,
      [`errors ${index}`, stderr] as const,
    ]),
    ...routes.map((route, index) => [route, answers[index] ?? ''] as const),
  ])
  server.child.kill('SIGTERM')
  await server.ended
  seen.set('the log of the owner', server.text())
  seen.set('the webhook', posted.join('\n'))
  for (const [file, bytes] of await filesBelow(folder)) seen.set(file, bytes)
  const all = [...seen.values()].join('\n')
  assert.match(all, /X-Key \[redacted\] was refused/, 'the errors are there')
  assert.match(server.text(), /reading with \[redacted\]/, 'the log is there')
  assert.match(posted.join(''), /"kind":"failed"/, 'the alert is there')
  assert.ok(
    [...seen.keys()].some((name) => name.includes('/lake/')),
    'the lake is there',
  )
  const leaks = [...seen].flatMap(([name, text]) =>
    [...forms, hook].filter((form) => text.includes(form)).map((form) => `${name}: ${form}`),
  )
  assert.deepEqual(leaks, [])
})
