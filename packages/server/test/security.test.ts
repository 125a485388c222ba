import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { test } from 'node:test'
import { createLogger, serve, type AppOptions } from '@caudal/server'
import { FakeService } from './fake-service.ts'
import { rawRequest, type RawRequest } from './raw-request.ts'
import { serveFake } from './server-fixture.ts'

const json = { 'content-type': 'application/json' }

test('only requests for this machine are answered (DNS rebinding)', async (context) => {
  const { server, url } = await serveFake(context)
  const status = async (host: string, path = '/api/v1/project'): Promise<number> =>
    (await rawRequest({ port: server.port, path, headers: { host } })).status
  for (const host of ['127.0.0.1', `localhost:${server.port}`, `LOCALHOST:9`, '[::1]:80']) {
    assert.equal(await status(host), 200, host)
  }
  for (const host of [
    'evil.example',
    `evil.example:${server.port}`,
    'localhost.evil.example',
    '127.0.0.1.nip.io',
    '192.168.1.4',
  ]) {
    assert.equal(await status(host), 403, host)
    assert.equal(await status(host, '/healthz'), 403, host)
  }
  assert.equal((await fetch(url + '/api/v1/project')).status, 200)
})

test('what another site can make a browser send changes and reveals nothing (CSRF)', async (context) => {
  const { service, server } = await serveFake(context)
  const own = `http://127.0.0.1:${server.port}`
  const host = `127.0.0.1:${server.port}`
  const post: RawRequest = { port: server.port, method: 'POST', path: '/api/v1/runs', body: '{}' }
  const refused: readonly (readonly [RawRequest, number])[] = [
    [{ ...post, headers: { host, ...json, origin: 'http://evil.example' } }, 403],
    [{ ...post, headers: { host, ...json, origin: `http://127.0.0.1:1` } }, 403],
    [{ ...post, headers: { host, ...json, origin: 'null' } }, 403],
    [{ ...post, headers: { host, ...json, 'sec-fetch-site': 'cross-site' } }, 403],
    [{ ...post, headers: { host, ...json, 'sec-fetch-site': 'same-site' } }, 403],
    [{ ...post, headers: { host, origin: own, 'content-type': 'text/plain' } }, 415],
    [{ ...post, headers: { host, origin: own, 'content-type': 'application/x-www-form-urlencoded' } }, 415],
    [{ ...post, headers: { host, origin: own } }, 415],
    [{ port: server.port, path: '/api/v1/status', headers: { host, origin: 'http://evil.example' } }, 403],
    [{ port: server.port, path: '/api/v1/live', headers: { host, 'sec-fetch-site': 'cross-site' } }, 403],
  ]
  for (const [asked, expected] of refused) {
    const answer = await rawRequest(asked)
    assert.equal(answer.status, expected, JSON.stringify(asked.headers))
    assert.equal(answer.headers['access-control-allow-origin'], undefined)
  }
  assert.deepEqual(service.started, [])
  const accepted = await rawRequest({
    ...post,
    headers: { host, ...json, origin: own, 'sec-fetch-site': 'same-origin' },
  })
  assert.equal(accepted.status, 200)
  assert.equal(service.started.length, 1)
})

test('every answer carries the headers that fence the browser, errors included', async (context) => {
  const { url } = await serveFake(context)
  for (const path of ['/api/v1/project', '/api/v1/nothing', '/healthz', '/']) {
    const { headers } = await fetch(url + path)
    const policy = headers.get('content-security-policy') ?? ''
    assert.match(policy, /default-src 'none'.*script-src 'self'.*frame-ancestors 'none'/, path)
    assert.doesNotMatch(policy, /unsafe|nonce/)
    assert.equal(headers.get('x-content-type-options'), 'nosniff')
    assert.equal(headers.get('referrer-policy'), 'no-referrer')
    assert.equal(headers.get('cache-control'), 'no-store')
  }
})

test('a body above the limit is refused, whether it says its size or not', async (context) => {
  const { service, url } = await serveFake(context, { bodyBytesMax: 1_000 })
  const body = JSON.stringify({ select: ['x'.repeat(400), 'y'.repeat(400), 'z'.repeat(400)] })
  const sized = await fetch(`${url}/api/v1/runs`, { method: 'POST', headers: json, body })
  assert.equal(sized.status, 413)
  const stream = new Blob([body]).stream()
  const chunked = await fetch(`${url}/api/v1/runs`, {
    method: 'POST',
    headers: json,
    body: stream,
    duplex: 'half',
  } as RequestInit)
  assert.equal(chunked.status, 413)
  assert.equal(((await chunked.json()) as { code: string }).code, 'CAUDAL_REQUEST_TOO_LARGE')
  assert.deepEqual(service.started, [])
})

test('queries and attaching are refused on the port', async (context) => {
  const { url } = await serveFake(context)
  const query = await fetch(`${url}/api/v1/query`, {
    method: 'POST',
    headers: json,
    body: '{"sql":"select 1"}',
  })
  assert.equal(query.status, 403)
  assert.equal((await fetch(`${url}/api/v1/attach`)).status, 403)
})

test('the server refuses to listen beyond this machine and says why', async () => {
  for (const host of ['0.0.0.0', '::', '192.168.1.4', 'example.com']) {
    await assert.rejects(serve({ service: new FakeService(), host, port: 0 }), {
      code: 'CAUDAL_SERVER_NOT_LOOPBACK',
      message: /no sign-in yet/,
    })
  }
})

test('the log has the error under its reference, and neither secrets nor filter values', async (context) => {
  const lines: string[] = []
  const destination = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  const log: AppOptions['log'] = createLogger({ level: 'debug', destination })
  const { service, url } = await serveFake(context, { log })
  log.info(
    { headers: { authorization: 'Bearer aaaaaaaaaaaa' }, token: 'tttttttt' },
    'calling https://x?api_key=kkkkkkkk',
  )
  service.runs.schedules = () => Promise.reject(new Error('boom with token=ssssssss'))
  const report = (await (await fetch(`${url}/api/v1/schedules`)).json()) as { context: { reference: string } }
  await fetch(`${url}/api/v1/dashboards/sales/tiles/revenue?f.sdr=Ana%20Perez`)
  const text = lines.join('')
  assert.match(text, new RegExp(`"reference":"${report.context.reference}"`))
  assert.match(text, /boom with/)
  for (const secret of ['aaaaaaaaaaaa', 'tttttttt', 'kkkkkkkk', 'ssssssss', 'Perez'])
    assert.ok(!text.includes(secret), secret)
})
