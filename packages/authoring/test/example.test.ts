import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import type { SourceContext } from '@caudal/spec'
import { collect } from './collect.ts'
import { helpdesk } from './fixtures/example/sources/helpdesk.ts'

test('the code in the README is the code that the tests run', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  const blocks = [...readme.matchAll(/^```ts\n\/\/ (\S+)\n([\s\S]*?)^```$/gm)]
  assert.equal(blocks.length, 6)
  for (const [, path = '', code = ''] of blocks) {
    assert.equal(code, await readFile(new URL(`./fixtures/example/${path}`, import.meta.url), 'utf8'), path)
  }
})

test('a source of one’s own reads a paged API from where it stopped, in at most 60 lines', async (t) => {
  const code = await readFile(new URL('./fixtures/example/sources/helpdesk.ts', import.meta.url), 'utf8')
  assert.ok(code.trimEnd().split('\n').length <= 60)

  const tickets = [1, 2, 3].map((id) => ({
    id,
    subject: null,
    agent: 'ana',
    refund: '1.10',
    updatedAt: `2026-03-0${id}T10:00:00Z`,
  }))
  const server = createServer((request, response) => {
    const since = new URL(request.url ?? '', 'http://desk').searchParams.get('since') ?? ''
    response.statusCode = request.headers.authorization === 'Bearer secret' ? 200 : 401
    response.end(JSON.stringify(tickets.filter((ticket) => ticket.updatedAt > since).slice(0, 2)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  const secrets: Record<string, string> = {
    HELPDESK_URL: `http://127.0.0.1:${address.port}`,
    HELPDESK_TOKEN: 'secret',
  }

  const source = helpdesk.create()
  await source.open({
    source: 'helpdesk',
    resolve: (setting) => (typeof setting === 'string' ? setting : (secrets[setting.name] ?? '')),
    log: () => undefined,
  } satisfies Partial<SourceContext> as unknown as SourceContext)
  const streams = [{ stream: 'tickets', positions: { '': '2026-03-01T10:00:00Z' }, full: false }]
  const batches = await collect(source.read({ streams, signal: AbortSignal.timeout(10_000) }))
  assert.deepEqual(
    batches.map(({ payload, position }) => [payload.kind === 'rows' && payload.rows.length, position]),
    [[2, '2026-03-03T10:00:00Z']],
  )
  await source.close()
})
