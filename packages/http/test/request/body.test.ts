import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { describe, it, type TestContext } from 'node:test'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { CaudalError } from '@caudal/spec'
import { HttpClient, responseJson } from '../../src/index.ts'
import { createTestClock } from '../support/clock.ts'
import { startServer } from '../support/server.ts'

async function fetchJson(
  test: TestContext,
  answer: (response: ServerResponse) => void,
  bodyBytesMax?: number,
): Promise<unknown> {
  const { url } = await startServer(test, (_, response) => answer(response))
  const client = new HttpClient({
    baseUrl: url,
    clock: createTestClock(),
    retry: { attemptsMax: 1 },
    ...(bodyBytesMax === undefined ? {} : { bodyBytesMax }),
  })
  test.after(() => client.close())
  const signal = new AbortController().signal
  return client.request({ url: 'x', where: 'crm.deals, page 4', signal }, (response) =>
    responseJson(response),
  )
}

function send(type: string, body: string | Buffer, headers: Record<string, string> = {}) {
  return (response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': type, ...headers })
    response.end(body)
  }
}

function codeIs(code: string, message: RegExp) {
  return (error: unknown): boolean => {
    assert.ok(CaudalError.isInstance(error), String(error))
    assert.equal(error.code, code)
    assert.match(error.message, message)
    return true
  }
}

describe('bodies', () => {
  it('names HTML where JSON was expected, with its title', async (test) => {
    await assert.rejects(
      fetchJson(test, send('text/html', '<!DOCTYPE html><html><title>Sign in</title></html>')),
      codeIs('CAUDAL_HTTP_NOT_JSON', /page 4.*HTML instead of JSON.*Sign in/),
    )
  })

  it('names XML and other text', async (test) => {
    await assert.rejects(
      fetchJson(test, send('text/xml', '<?xml version="1.0"?><a/>')),
      codeIs('CAUDAL_HTTP_NOT_JSON', /XML/),
    )
    await assert.rejects(
      fetchJson(test, send('text/plain', 'id;name')),
      codeIs('CAUDAL_HTTP_NOT_JSON', /starts with "id;name"/),
    )
  })

  it('knows an empty body and a body cut inside gzip as cut', async (test) => {
    await assert.rejects(
      fetchJson(test, send('application/json', '')),
      codeIs('CAUDAL_HTTP_BODY_CUT', /ends in the middle/),
    )
    const half = gzipSync(JSON.stringify({ data: 'x'.repeat(10_000) })).subarray(0, 30)
    await assert.rejects(
      fetchJson(test, send('application/json', half, { 'content-encoding': 'gzip' })),
      codeIs('CAUDAL_HTTP_BODY_CUT', /gzip/),
    )
  })

  it('decompresses gzip and brotli', async (test) => {
    const body = JSON.stringify({ a: 'ü' })
    const gzip = send('application/json', gzipSync(body), { 'content-encoding': 'gzip' })
    assert.deepEqual(await fetchJson(test, gzip), { a: 'ü' })
    const brotli = send('application/json', brotliCompressSync(body), { 'content-encoding': 'br' })
    assert.deepEqual(await fetchJson(test, brotli), { a: 'ü' })
  })

  it('reads other charsets and a byte order mark, and refuses bytes that are not in their charset', async (test) => {
    const latin = send('application/json; charset=iso-8859-1', Buffer.from('{"a":"ñ"}', 'latin1'))
    assert.deepEqual(await fetchJson(test, latin), { a: 'ñ' })
    assert.deepEqual(await fetchJson(test, send('application/json', '\ufeff{"a":1}')), { a: 1 })
    await assert.rejects(
      fetchJson(test, send('application/json', Buffer.from('{"a":"ñ"}', 'latin1'))),
      codeIs('CAUDAL_HTTP_BODY_ENCODING', /not utf-8/),
    )
  })

  it('refuses bodies beyond the limit, compressed ones too', async (test) => {
    const large = JSON.stringify({ a: 'x'.repeat(50_000) })
    await assert.rejects(
      fetchJson(test, send('application/json', large), 10_000),
      codeIs('CAUDAL_HTTP_BODY_TOO_LARGE', /10000 bytes/),
    )
    await assert.rejects(
      fetchJson(test, send('application/json', gzipSync(large), { 'content-encoding': 'gzip' }), 10_000),
      codeIs('CAUDAL_HTTP_BODY_TOO_LARGE', /10000 bytes/),
    )
  })

  it('keeps every digit of long numbers', async (test) => {
    const body = '{"id":12345678901234567890,"rate":0.12345678901234567890}'
    assert.equal(JSON.stringify(await fetchJson(test, send('application/json', body))), body)
  })
})
