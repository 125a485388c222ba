import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Fault, FAULT_KINDS } from '@caudal/simulator'
import { get, getJson, serve } from './client.ts'

const server = await serve()

async function statuses(
  faults: readonly Fault[],
  requests: number,
  path = '/v1/deals?limit=1',
): Promise<number[]> {
  server.setFaults(faults)
  const list: number[] = []
  for (let request = 0; request < requests; request++) list.push((await get(server, path)).status)
  return list
}

describe('a fault', () => {
  it('hits the n-th, each n-th, all from the n-th, or so many requests', async () => {
    const kind = 'too-many-requests'
    assert.deepEqual(await statuses([{ kind }], 2), [429, 429])
    assert.deepEqual(await statuses([{ kind, at: [1, 3] }], 4), [429, 200, 429, 200])
    assert.deepEqual(await statuses([{ kind, every: 2 }], 4), [200, 429, 200, 429])
    assert.deepEqual(await statuses([{ kind, from: 3 }], 4), [200, 200, 429, 429])
    assert.deepEqual(await statuses([{ kind, every: 2, times: 1 }], 4), [200, 429, 200, 200])
    assert.deepEqual(await statuses([{ kind, path: '/v1/leads' }], 1), [200])
    assert.deepEqual(
      await statuses(
        [
          { kind: 'server-error', at: [1] },
          { kind, at: [1, 2] },
        ],
        3,
      ),
      [503, 429, 200],
    )
    assert.deepEqual(await statuses([{ kind: 'unauthorized', at: [2] }], 3), [200, 401, 200])
  })

  it('429 and 5xx carry Retry-After as told', async () => {
    server.setFaults([
      { kind: 'too-many-requests', retryAfterSeconds: 3, times: 1 },
      { kind: 'server-error', status: 500 },
    ])
    assert.equal((await get(server, '/v1/deals')).headers.get('retry-after'), '3')
    const broken = await get(server, '/v1/deals')
    assert.deepEqual([broken.status, broken.headers.get('retry-after')], [500, null])
  })

  it('cut ends the connection in the middle of the body', async () => {
    server.setFaults([{ kind: 'cut' }])
    const response = await get(server, '/v1/deals')
    assert.equal(response.status, 200)
    await assert.rejects(response.json(), TypeError)
  })

  it('slow waits', async () => {
    server.setFaults([{ kind: 'slow', delayMs: 80 }])
    const start = performance.now()
    await getJson(server, '/v1/deals')
    assert.ok(performance.now() - start >= 79)
  })

  it('html is a page for people, error-body a 200 that is none', async () => {
    server.setFaults([{ kind: 'html', times: 1 }, { kind: 'error-body' }])
    const html = await get(server, '/v1/deals')
    assert.equal(html.status, 200)
    assert.match(html.headers.get('content-type') ?? '', /^text\/html/)
    assert.match(await html.text(), /^<!doctype html>/)
    assert.deepEqual(await getJson(server, '/v1/deals'), { status: 'error', message: 'internal failure' })
  })

  it('repeat-page gives the first page for ever, with cursors that differ', async () => {
    server.setFaults([{ kind: 'repeat-page' }])
    const cursors = new Set<string>()
    let path = '/v1/deals?limit=2'
    const first = await getJson(server, path)
    for (let turn = 0; turn < 5; turn++) {
      const page = await getJson(server, path)
      assert.deepEqual(page.data, first.data)
      cursors.add(page.paging?.next.after as string)
      path = `/v1/deals?limit=2&after=${page.paging?.next.after}`
    }
    assert.equal(cursors.size, 5)
    for (const style of [
      'page/deals?page=2&per_page',
      'offset/deals?offset=2&limit',
      'keyset/deals?after_id=999&limit',
    ]) {
      assert.deepEqual((await getJson(server, `/paging/${style}=2`)).data, first.data, style)
    }
  })

  it('stuck-cursor gives the cursor that was asked with', async () => {
    server.setFaults([{ kind: 'stuck-cursor', from: 2 }])
    const first = await getJson(server, '/v1/deals?limit=2')
    const after = first.paging?.next.after as string
    const second = await getJson(server, `/v1/deals?limit=2&after=${after}`)
    const third = await getJson(server, `/v1/deals?limit=2&after=${second.paging?.next.after}`)
    assert.equal(third.paging?.next.after, after)
    assert.deepEqual(third.data, second.data)
    assert.notDeepEqual(second.data, first.data)
  })
})

describe('faults by HTTP', () => {
  const control = async (method: string, body?: unknown): Promise<Response> =>
    fetch(`${server.url}/_control/faults`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })

  it('are switched on, listed with their hits, and switched off', async () => {
    await control('POST', [{ kind: 'server-error', status: 502, at: [2] }])
    assert.equal((await get(server, '/v1/deals')).status, 200)
    assert.equal((await get(server, '/v1/deals')).status, 502)
    const fault = { kind: 'server-error', status: 502, at: [2] }
    assert.deepEqual(await (await control('GET')).json(), [{ fault, requests: 2, hits: 1 }])
    await control('DELETE')
    assert.deepEqual(await (await control('GET')).json(), [])
  })

  it('that are not understood are refused with the kinds that are', async () => {
    const response = await control('POST', [{ kind: 'gremlin' }])
    assert.equal(response.status, 400)
    const { message } = (await response.json()) as { message: string }
    for (const kind of ['gremlin', ...FAULT_KINDS]) assert.ok(message.includes(kind))
    assert.equal((await control('POST', { kind: 'cut' })).status, 400)
    assert.equal((await fetch(`${server.url}/_control/nothing`)).status, 404)
  })

  it('are not for web pages', async () => {
    const headers = { origin: 'http://example.com' }
    assert.equal((await fetch(`${server.url}/_control/faults`, { method: 'DELETE', headers })).status, 403)
  })

  it('requests are remembered, without those to the control', async () => {
    const before = server.requests.length
    await get(server, '/v1/deals?limit=3')
    const list = (await (await fetch(`${server.url}/_control/requests`)).json()) as string[]
    assert.deepEqual(list.slice(before), ['GET /v1/deals?limit=3 200'])
  })
})
