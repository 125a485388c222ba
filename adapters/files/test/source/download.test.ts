import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { FilesWorld } from './world.ts'

async function serve(
  t: TestContext,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.closeAllConnections())
  t.after(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('an address is fetched, and not again while its ETag is the same', async (t) => {
  const asked: (string | undefined)[] = []
  let etag = '"1"'
  const url = await serve(t, (request, response) => {
    asked.push(request.headers['if-none-match'])
    if (request.headers['if-none-match'] === etag) response.writeHead(304).end()
    else response.writeHead(200, { etag }).end('id,name\n1,Ana\n')
  })
  const world = await FilesWorld.create(t)
  const options = {
    streams: {
      deals: { path: `${url}/export/deals.csv`, columns: [{ name: 'id', type: { kind: 'integer' } }] },
    },
  } as const
  const first = await world.read(options)
  assert.deepEqual(first.contents.map(String), ['id,name\n1,Ana\n'])
  assert.deepEqual((await world.read(options, first.positions)).batches, [])
  etag = '"2"'
  assert.deepEqual((await world.read(options, first.positions)).batches, [])
  assert.deepEqual(asked, [undefined, '"1"', '"1"'])
})

test('a body that is cut and a server that fails are tried again; headers go to the named server alone', async (t) => {
  const seen: string[] = []
  const other = await serve(t, (request, response) => {
    seen.push(`other ${String(request.headers['x-key'])}`)
    response.writeHead(200, { 'content-type': 'text/csv; charset=utf-8' }).end('id\n1\n')
  })
  let attempts = 0
  const url = await serve(t, (request, response) => {
    seen.push(`named ${String(request.headers['x-key'])}`)
    attempts++
    if (attempts === 1) response.writeHead(503, { 'retry-after': '0' }).end()
    else if (attempts === 2) {
      response.writeHead(200, { 'content-length': '1000' }).write('id\n')
      setImmediate(() => response.destroy())
    } else response.writeHead(302, { location: `${other}/file` }).end()
  })
  const world = await FilesWorld.create(t)
  const read = await world.read(
    {
      streams: { deals: { path: { kind: 'env', name: 'URL' } } },
      headers: { 'x-key': { kind: 'env', name: 'KEY' } },
    },
    {},
    { URL: `${url}/export?token=secret`, KEY: 'k' },
  )
  assert.deepEqual(read.errors, [])
  assert.deepEqual(read.contents.map(String), ['id\n1\n'])
  assert.deepEqual(seen, ['named k', 'named k', 'named k', 'other undefined'])
  assert.deepEqual(Object.keys(read.positions['deals'] ?? {}), [`${url}/export`])
})

test('a refusal is told without the secret and with the mend', async (t) => {
  const url = await serve(t, (_request, response) => void response.writeHead(401).end())
  const world = await FilesWorld.create(t)
  const { errors } = await world.read(
    { streams: { deals: { path: { kind: 'env', name: 'URL' } } } },
    {},
    { URL: `${url}/deals.csv?token=secret` },
  )
  assert.equal(errors[0]?.code, 'CAUDAL_FILE_HTTP')
  assert.match(errors[0]?.message ?? '', /deals\.csv could not be fetched: the server answered 401/)
  assert.doesNotMatch(JSON.stringify(errors[0]), /secret/)
  assert.match(errors[0]?.hint ?? '', /headers/)
})
