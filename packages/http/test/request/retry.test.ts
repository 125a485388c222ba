import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { describe, it, type TestContext } from 'node:test'
import { CaudalError } from '@caudal/spec'
import { HttpClient, responseJson, type HttpClientOptions } from '../../src/index.ts'
import { createTestClock, type TestClock } from '../support/clock.ts'
import { sendJson, startServer, type Seen } from '../support/server.ts'

interface Fixture {
  readonly client: HttpClient
  readonly clock: TestClock
  readonly seen: Seen[]
  readonly url: string
  get(path?: string, signal?: AbortSignal): Promise<unknown>
}

async function setUp(
  test: TestContext,
  answer: (seen: Seen, response: ServerResponse, count: number) => void | Promise<void>,
  options: Partial<HttpClientOptions> = {},
): Promise<Fixture> {
  let count = 0
  const server = await startServer(test, (seen, response) => answer(seen, response, ++count))
  const clock = createTestClock()
  const client = new HttpClient({ baseUrl: `${server.url}/v1`, clock, random: () => 1, ...options })
  test.after(() => client.close())
  const get = (path = 'deals', signal = new AbortController().signal): Promise<unknown> =>
    client.request({ url: path, where: 'crm.deals, page 1', signal }, (response) => responseJson(response))
  return { client, clock, seen: server.seen, url: server.url, get }
}

async function refusal(promise: Promise<unknown>): Promise<CaudalError> {
  const thrown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  assert.ok(CaudalError.isInstance(thrown), `no CaudalError: ${String(thrown)}`)
  return thrown
}

describe('retry', () => {
  for (const status of [408, 429, 500, 502, 503, 504, 599]) {
    it(`tries again after ${status}`, async (test) => {
      const { get, seen, clock } = await setUp(test, (_, response, count) =>
        sendJson(response, { ok: count }, count < 3 ? status : 200),
      )
      assert.deepEqual(await get(), { ok: 3 })
      assert.equal(seen.length, 3)
      assert.deepEqual(clock.sleeps, [500, 1000])
    })
  }

  const terminal = {
    400: 'CAUDAL_HTTP_REFUSED',
    401: 'CAUDAL_HTTP_UNAUTHORIZED',
    403: 'CAUDAL_HTTP_FORBIDDEN',
    404: 'CAUDAL_HTTP_NOT_FOUND',
    410: 'CAUDAL_HTTP_NOT_FOUND',
    422: 'CAUDAL_HTTP_REFUSED',
  }
  for (const [status, code] of Object.entries(terminal)) {
    it(`gives up at once on ${status}`, async (test) => {
      const { get, seen } = await setUp(test, (_, response) =>
        sendJson(response, { message: 'no such thing' }, Number(status)),
      )
      const error = await refusal(get())
      assert.equal(error.code, code)
      assert.equal(error.retryable, false)
      assert.match(error.message, /^crm\.deals, page 1: GET http:.*\/v1\/deals .*no such thing/)
      assert.ok(error.hint)
      assert.equal(seen.length, 1)
    })
  }

  it('stops after the attempts of the policy and says how many', async (test) => {
    const { get, seen } = await setUp(test, (_, response) => sendJson(response, 'busy', 503), {
      retry: { attemptsMax: 4 },
    })
    const error = await refusal(get())
    assert.equal(error.code, 'CAUDAL_HTTP_UNAVAILABLE')
    assert.equal(error.retryable, true)
    assert.match(error.message, /after 4 attempts/)
    assert.equal(seen.length, 4)
  })

  it('stops when the total time is over', async (test) => {
    const { get, clock } = await setUp(test, (_, response) => sendJson(response, 'busy', 503), {
      retry: { attemptsMax: 1000, totalMs: 5000 },
    })
    await refusal(get())
    const slept = clock.sleeps.reduce((sum, ms) => sum + ms, 0)
    assert.ok(slept < 5000, `slept ${slept}`)
  })

  it('waits what Retry-After says in seconds', async (test) => {
    const { get, clock } = await setUp(
      test,
      (_, response, count) => sendJson(response, {}, count === 1 ? 429 : 200, { 'retry-after': '7' }),
      { random: () => 0 },
    )
    await get()
    assert.deepEqual(clock.sleeps, [7000])
  })

  it("waits what Retry-After says as a date, by the server's own clock", async (test) => {
    const { get, clock } = await setUp(
      test,
      (_, response, count) =>
        sendJson(response, {}, count === 1 ? 503 : 200, {
          date: 'Thu, 01 Jan 2015 00:00:00 GMT',
          'retry-after': 'Thu, 01 Jan 2015 00:00:12 GMT',
        }),
      { random: () => 0 },
    )
    await get()
    assert.deepEqual(clock.sleeps, [12_000])
  })

  it('fails at once when it is told to wait past the time limit', async (test) => {
    const { get, clock } = await setUp(test, (_, response) =>
      sendJson(response, {}, 429, { 'retry-after': '86400' }),
    )
    const error = await refusal(get())
    assert.equal(error.code, 'CAUDAL_HTTP_RATE_LIMITED')
    assert.match(error.message, /864\d\d s/)
    assert.deepEqual(clock.sleeps, [])
  })

  it('holds back other requests during a 429 storm', async (test) => {
    const { get, clock, seen } = await setUp(
      test,
      (_, response, count) => sendJson(response, {}, count <= 3 ? 429 : 200, { 'retry-after': '2' }),
      { random: () => 0 },
    )
    await Promise.all([get(), get(), get()])
    assert.equal(seen.length, 6)
    assert.ok(clock.sleeps.every((ms) => ms <= 2000))
  })

  it('outlasts a storm longer than the attempts for faults, and is bounded still', async (test) => {
    const storm = await setUp(test, (_, response, count) =>
      sendJson(response, {}, count < 20 ? 429 : 200, { 'retry-after': '1' }),
    )
    await storm.get()
    const endless = await setUp(test, (_, response) => sendJson(response, {}, 429, { 'retry-after': '1' }))
    assert.match((await refusal(endless.get())).message, /30 attempts/)
  })

  it('takes a 403 with an empty quota as a rate limit', async (test) => {
    const { get, clock } = await setUp(
      test,
      (_, response, count) =>
        count === 1
          ? sendJson(response, {}, 403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '30' })
          : sendJson(response, {}),
      { random: () => 0 },
    )
    await get()
    assert.deepEqual(clock.sleeps, [30_000])
  })

  it('waits before it asks again when an answer says that the quota is used up', async (test) => {
    const { get, clock, seen } = await setUp(test, (_, response, count) =>
      sendJson(response, { n: count }, 200, {
        'x-ratelimit-limit': '2',
        'x-ratelimit-remaining': String(2 - count),
        'x-ratelimit-reset': '7',
      }),
    )
    await get()
    assert.deepEqual(clock.sleeps, [])
    await get()
    await get()
    assert.deepEqual(clock.sleeps, [7000])
    assert.equal(seen.length, 3)
  })

  it('starts requests at the configured rate', async (test) => {
    const { get, clock } = await setUp(test, (_, response) => sendJson(response, {}), {
      rateLimit: { requests: 4, burst: 1 },
    })
    for (let index = 0; index < 3; index++) await get()
    assert.equal(clock.sleeps.length, 2)
    for (const slept of clock.sleeps) assert.ok(Math.abs(slept - 250) < 1, String(slept))
  })

  it('spreads its waits', async (test) => {
    const { get, clock } = await setUp(
      test,
      (_, response, count) => sendJson(response, {}, count < 4 ? 500 : 200),
      { random: () => 0.25 },
    )
    await get()
    assert.deepEqual(clock.sleeps, [125, 250, 500])
  })

  it('tries again when the connection is cut in mid-body', async (test) => {
    const { get, seen } = await setUp(test, (_, response, count) => {
      if (count > 1) return sendJson(response, { whole: true })
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
      response.write('{"whole":')
      response.socket?.end()
    })
    assert.deepEqual(await get(), { whole: true })
    assert.equal(seen.length, 2)
  })

  it('tries again when the connection is refused or reset before an answer', async (test) => {
    const { get, seen } = await setUp(test, (_, response, count) => {
      if (count > 1) sendJson(response, { whole: true })
      else response.socket?.destroy()
    })
    assert.deepEqual(await get(), { whole: true })
    assert.equal(seen.length, 2)
  })

  const halves = [
    '',
    '{"data":[{"id":1},{"id"',
    '{"data":[{"id":1',
    '{"data":"x',
    '{"data":tru',
    '{"data":[1,',
    '[1',
  ]
  for (const half of halves) {
    it(`tries again when JSON ends in the middle of a body that looks whole: ${half}`, async (test) => {
      const { get, seen } = await setUp(test, (_, response) => sendJson(response, half), {
        retry: { attemptsMax: 3 },
      })
      const error = await refusal(get())
      assert.equal(error.code, 'CAUDAL_HTTP_BODY_CUT')
      assert.equal(seen.length, 3)
    })
  }

  it('says where nobody listens', async (test) => {
    const { client } = await setUp(test, () => undefined, {
      baseUrl: 'http://127.0.0.1:1',
      retry: { attemptsMax: 2 },
    })
    const error = await refusal(
      client.request({ url: '', where: 'crm', signal: new AbortController().signal }, () => 0),
    )
    assert.equal(error.code, 'CAUDAL_HTTP_UNREACHABLE')
    assert.match(error.message, /ECONNREFUSED/)
    assert.equal(error.retryable, true)
  })

  it('stops waiting when it is aborted', async (test) => {
    const controller = new AbortController()
    const { get } = await setUp(test, (_, response) => {
      sendJson(response, {}, 503)
      controller.abort(new Error('enough'))
    })
    await assert.rejects(get('deals', controller.signal), /enough/)
  })

  it('stops asking when it is aborted', async (test) => {
    const controller = new AbortController()
    const { get } = await setUp(test, () => controller.abort(new Error('enough')))
    await assert.rejects(get('deals', controller.signal), /enough/)
  })
})
