import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { createAlertPoster, type Clock, type ScheduleAlert } from '@caudal/engine'
import type { Setting } from '@caudal/spec'

const alert: ScheduleAlert = {
  kind: 'failed',
  source: 'crm',
  schedule: 'every 15 minutes',
  at: '2026-03-01T10:15:07.000Z',
  run: 'r1',
  error: {
    code: 'CAUDAL_HTTP_401',
    message: 'GET https://crm.example/deals?api_key=planted-key-123 answered 401',
    hint: 'Set CRM_TOKEN anew.',
    retryable: false,
    context: { body: 'not for others' },
  },
}

/** A webhook that answers with the given statuses in turn. */
async function webhook(
  context: TestContext,
  statuses: readonly number[],
): Promise<{ url: string; taken: string[]; close: () => void }> {
  const taken: string[] = []
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    taken.push(await bodyOf(request))
    response.writeHead(statuses[taken.length - 1] ?? 200).end()
  }
  const server = createServer((request, response) => {
    void answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  context.after(() => server.close())
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook/planted-path-456`,
    taken,
    close: () => void server.close(),
  }
}

/** A clock on which nobody waits. */
const hurried: Clock = {
  now: () => new Date(0),
  wake: (_at, callback) => {
    setImmediate(callback)
    return () => undefined
  },
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  return body
}

function poster(setting: Setting | undefined): {
  post: (alert: ScheduleAlert) => Promise<void>
  logged: string[]
} {
  const logged: string[] = []
  const post = createAlertPoster({
    project: 'acme',
    target: 'prod',
    projectPath: '/nowhere',
    webhook: () => setting,
    clock: hurried,
    log: (message, facts) => void logged.push(`${message} ${JSON.stringify(facts)}`),
  })
  return { post, logged }
}

test('an alert is posted with its first error, in words and as data, without secrets', async (context) => {
  const { url, taken } = await webhook(context, [200])
  process.env['CAUDAL_TEST_WEBHOOK'] = url
  context.after(() => delete process.env['CAUDAL_TEST_WEBHOOK'])
  const { post, logged } = poster({ kind: 'env', name: 'CAUDAL_TEST_WEBHOOK' })
  await post(alert)
  const message = 'GET https://crm.example/deals?api_key=[redacted] answered 401'
  assert.deepEqual(JSON.parse(taken[0] ?? ''), {
    project: 'acme',
    target: 'prod',
    kind: 'failed',
    source: 'crm',
    schedule: 'every 15 minutes',
    at: '2026-03-01T10:15:07.000Z',
    run: 'r1',
    error: { code: 'CAUDAL_HTTP_401', message, hint: 'Set CRM_TOKEN anew.' },
    text: `acme (prod): the run of crm failed. ${message}`,
  })
  assert.deepEqual(logged, [])
})

test('a webhook that fails is tried three times; the log has the reason, not the address', async (context) => {
  const { url, taken } = await webhook(context, [500, 500, 503])
  const { post, logged } = poster(url)
  await post(alert)
  assert.equal(taken.length, 3)
  assert.match(logged.join('\n'), /the webhook answered 503/)
  assert.doesNotMatch(logged.join('\n'), /planted-path/)
  const other = await webhook(context, [500, 200])
  const second = poster(other.url)
  await second.post(alert)
  assert.deepEqual([other.taken.length, second.logged], [2, []])
})

test('an address that nobody answers, or that is not set, is logged in plain words', async (context) => {
  const gone = await webhook(context, [])
  gone.close()
  const closed = poster(gone.url)
  await closed.post(alert)
  assert.match(closed.logged.join('\n'), /ECONNREFUSED/)
  assert.doesNotMatch(closed.logged.join('\n'), /planted-path/)
  const unset = poster({ kind: 'env', name: 'CAUDAL_TEST_NOT_SET' })
  await unset.post(alert)
  assert.match(unset.logged.join('\n'), /CAUDAL_TEST_NOT_SET/)
  const none = poster(undefined)
  await none.post(alert)
  assert.deepEqual(none.logged, [])
})
