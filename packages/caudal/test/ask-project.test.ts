import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { project, start } from './cli-project.ts'

/** A vendor whose refresh tokens are good for one use, and whose first answer with each access token is 503. */
async function vendor(t: TestContext): Promise<string> {
  let valid = 'refresh-0'
  let used = 0
  const unready = new Set<string>()
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    response.setHeader('content-type', 'application/json')
    if (request.url === '/token') {
      const body = new URLSearchParams(Buffer.concat(await request.toArray()).toString())
      if (body.get('refresh_token') !== valid) {
        response.writeHead(400).end('{"error":"invalid_grant"}')
        return
      }
      valid = `refresh-${++used}`
      response.end(JSON.stringify({ access_token: `access-${used}`, refresh_token: valid, expires_in: 1 }))
      return
    }
    const token = request.headers.authorization ?? ''
    if (!unready.has(token)) {
      unready.add(token)
      response.writeHead(503).end('{}')
      return
    }
    response.end('[{"id":1,"name":"one"}]')
  }
  const server = createServer((request, response) => void answer(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('commands that ask a source without an owner keep its rotating tokens and outlive its retries', async (t) => {
  const folder = await project(t)
  const url = await vendor(t)
  await writeFile(
    path.join(folder, 'sources', 'shop.ts'),
    `import { integer, text } from '@caudal/authoring'
import { rest } from '@caudal/rest'

export const shop = rest({
  baseUrl: '${url}',
  auth: { kind: 'oauth2', grant: 'refreshToken', tokenUrl: '${url}/token', clientId: 'c', refreshToken: 'refresh-0' },
  streams: { orders: { path: '/orders', primaryKey: ['id'], columns: { id: integer().notNull(), name: text() } } },
})
`,
  )
  const key = { CAUDAL_SECRET_KEY: randomBytes(32).toString('base64') }
  for (const command of [
    ['source', 'check', 'shop'],
    ['preview', 'shop.orders'],
    ['typegen'],
    ['verify', '--live'],
    ['run', '--select', 'source:shop'],
  ]) {
    const { code, stdout, stderr } = await start(folder, command, key).ended
    assert.equal(code, 0, `${command.join(' ')}: ${stdout}${stderr}`)
  }
})

test('a source that nobody answers for is said to be that', async (t) => {
  const folder = await project(t)
  await writeFile(
    path.join(folder, 'sources', 'shop.ts'),
    `import { rest } from '@caudal/rest'

export const shop = rest({ baseUrl: 'http://127.0.0.1:9', retry: { attemptsMax: 2 }, streams: { orders: { path: '/orders' } } })
`,
  )
  const { code, stdout, stderr } = await start(folder, ['source', 'check', 'shop']).ended
  assert.equal(code, 1)
  assert.match(stdout + stderr, /ECONNREFUSED/)
  assert.doesNotMatch(stdout + stderr, /Invariant|CAUDAL_WORKER_DIED/)
})
