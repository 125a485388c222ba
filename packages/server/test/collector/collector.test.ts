import { openLog } from '@caudal/segment-log'
import type { Log, NewEvent } from '@caudal/spec'
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { Collector, type CollectorLimits } from '../../src/collector/collector.ts'
import { MessageWindow } from '../../src/collector/message-window.ts'
import { createWriteKey, hashWriteKey, WriteKeys } from '../../src/collector/write-keys.ts'

const key = createWriteKey()
const otherKey = createWriteKey()

/** A collector over a real log, on a port of its own. */
class World implements AsyncDisposable {
  readonly log: Log
  readonly url: string
  readonly #server: Server
  readonly #folder: string

  private constructor(folder: string, log: Log, server: Server) {
    this.#folder = folder
    this.log = log
    this.#server = server
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/events/sales`
  }

  static async create(limits: Partial<CollectorLimits> = {}, broken?: (log: Log) => Log): Promise<World> {
    const folder = await mkdtemp(path.join(tmpdir(), 'caudal-collector-'))
    const log = await openLog({ path: 'log' }, { projectPath: folder, access: 'write' })
    await log.declareTopic('sales', 2)
    const collector = new Collector({
      log: broken?.(log) ?? log,
      topics: new Map([
        [
          'sales',
          {
            topic: 'sales',
            parse: (value) =>
              typeof value === 'object' && value !== null && 'id' in value
                ? { isValid: true, value }
                : { isValid: false, issues: ['id: it is missing'] },
          },
        ],
      ]),
      keys: new WriteKeys([
        { hash: hashWriteKey(key) },
        { hash: hashWriteKey(otherKey), topics: ['others'] },
      ]),
      windows: new Map([['sales', new MessageWindow(60_000, Date.now())]]),
      limits,
      origins: ['https://app.acme.com'],
    })
    const server = createServer((request, response) => void collector.handle(request, response))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new World(folder, log, server)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await this.log.close()
    await rm(this.#folder, { recursive: true, force: true })
  }

  async send(
    body: string | Buffer,
    headers: Readonly<Record<string, string>> = {},
    method = 'POST',
  ): Promise<{ status: number; answer: Record<string, unknown>; headers: Headers }> {
    const response = await fetch(this.url, {
      method,
      ...(method === 'POST' ? { body } : {}),
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    })
    const text = await response.text()
    return {
      status: response.status,
      answer: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
      headers: response.headers,
    }
  }

  /** The values in the log, as text. */
  async values(): Promise<string[]> {
    const ranges = await this.log.ranges('sales')
    let left = ranges.reduce((sum, { first, next }) => sum + next - first, 0)
    const values: string[] = []
    if (left === 0) return values
    const stop = new AbortController()
    const from = ranges.map(({ partition, first }) => ({ partition, offset: first }))
    for await (const { events } of this.log.read({ topic: 'sales', from, signal: stop.signal })) {
      values.push(...events.map(({ value }) => Buffer.from(value).toString()))
      if ((left -= events.length) <= 0) stop.abort()
    }
    return values.toSorted()
  }
}

test('one event, an array and lines are on disk when they are answered, byte for byte', async () => {
  await using world = await World.create()
  assert.deepEqual(
    await world.send('{"id":1, "n":12345678901234567890}').then(({ status, answer }) => [status, answer]),
    [202, { accepted: 1, duplicates: 0, rejected: [] }],
  )
  assert.equal((await world.send('[{"id":2},{"id":3}]')).answer['accepted'], 2)
  const packed = await world.send(gzipSync('{"id":4}\n{"id":5}\n'), {
    'content-type': 'application/x-ndjson; charset=utf-8',
    'content-encoding': 'gzip',
  })
  assert.equal(packed.answer['accepted'], 2)
  assert.deepEqual(await world.values(), [
    '{"id":1, "n":12345678901234567890}',
    '{"id":2}',
    '{"id":3}',
    '{"id":4}',
    '{"id":5}',
  ])
})

test('in a batch each event is answered for itself', async () => {
  await using world = await World.create()
  const { status, answer } = await world.send('[{"id":1},{"no":1},{"id":2},{bad}]')
  assert.equal(status, 202)
  assert.equal(answer['accepted'], 2)
  const rejected = answer['rejected'] as { index: number; reason: string }[]
  assert.deepEqual(
    rejected.map(({ index }) => index),
    [1, 3],
  )
  assert.equal(rejected[0]?.reason, 'id: it is missing')
  assert.match(rejected[1]?.reason ?? '', /it is no JSON/)
  assert.equal((await world.send('{"no":1}')).status, 422)
  assert.deepEqual(await world.values(), ['{"id":1}', '{"id":2}'])
})

test('what is sent again is taken once, in a request, between requests and at the same time', async () => {
  await using world = await World.create()
  const event = '{"id":1,"messageId":"m-1"}'
  assert.deepEqual((await world.send(`[${event},${event}]`)).answer, {
    accepted: 1,
    duplicates: 1,
    rejected: [],
  })
  assert.deepEqual((await world.send(event)).answer, { accepted: 0, duplicates: 1, rejected: [] })
  const many = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      world.send(
        index % 2 === 0
          ? '[{"id":2,"messageId":"a"},{"id":3,"messageId":"b"}]'
          : '[{"id":3,"messageId":"b"},{"id":2,"messageId":"a"}]',
      ),
    ),
  )
  assert.equal(
    many.reduce((sum, { answer }) => sum + Number(answer['accepted']), 0),
    2,
  )
  assert.ok(many.every(({ status }) => status === 202))
  assert.equal((await world.send('{"id":9}', { 'x-message-id': 'h-1' })).answer['accepted'], 1)
  assert.equal((await world.send('{"id":9}', { 'x-message-id': 'h-1' })).answer['duplicates'], 1)
  assert.equal((await world.values()).length, 4)
})

test('what could not be written is no duplicate when it is sent again', async () => {
  let failures = 1
  await using world = await World.create({}, (log) => {
    const append = (topic: string, events: readonly NewEvent[]): ReturnType<Log['append']> => {
      if (failures-- > 0) throw Object.assign(new Error('disk'), {})
      return log.append(topic, events)
    }
    return Object.assign(Object.create(log) as Log, { append })
  })
  const event = '{"id":1,"messageId":"m-1"}'
  const refused = await world.send(event)
  assert.equal(refused.status, 500)
  assert.ok(Number(refused.headers.get('retry-after')) >= 1)
  assert.deepEqual((await world.send(event)).answer, { accepted: 1, duplicates: 0, rejected: [] })
})

test('without a key of the topic nothing is taken or told', async () => {
  await using world = await World.create()
  for (const authorization of [
    '',
    'Bearer nobody',
    `Bearer ${otherKey}`,
    `Basic ${Buffer.from('x:y').toString('base64')}`,
  ])
    assert.equal((await world.send('{"id":1}', { authorization })).status, 401)
  const basic = `Basic ${Buffer.from(`${key}:`).toString('base64')}`
  assert.equal((await world.send('{"id":1}', { authorization: basic })).status, 202)
  assert.equal((await world.send('', {}, 'GET')).status, 405)
  const elsewhere = await fetch(new URL('/api/v1/status', world.url))
  assert.equal(elsewhere.status, 404)
  await elsewhere.text()
  assert.deepEqual(await world.values(), ['{"id":1}'])
})

test('what is too much, too large or not readable is refused whole', async () => {
  await using world = await World.create({ bodyBytesMax: 2000, inflatedBytesMax: 4000, eventsMax: 10 })
  const statusOf = async (body: string | Buffer, headers: Record<string, string> = {}): Promise<number> =>
    (await world.send(body, headers)).status
  assert.equal(await statusOf(`{"id":"${'x'.repeat(3000)}"}`), 413)
  assert.equal(
    await statusOf(gzipSync(`{"id":"${'x'.repeat(100_000)}"}`), { 'content-encoding': 'gzip' }),
    413,
  )
  assert.equal(await statusOf(gzipSync('{"id":1}').subarray(0, 15), { 'content-encoding': 'gzip' }), 400)
  assert.equal(await statusOf('x', { 'content-encoding': 'br' }), 415)
  assert.equal(await statusOf('id=1', { 'content-type': 'application/x-www-form-urlencoded' }), 415)
  assert.equal(await statusOf(`[${'{"id":1},'.repeat(10)}{"id":1}]`), 413)
  assert.equal(await statusOf(Buffer.from([0x7b, 0xff, 0x7d])), 422)
  assert.deepEqual(await world.values(), [])
})

test('a key that sends faster than it may is told to wait', async () => {
  await using world = await World.create({ eventsPerSecond: 5 })
  assert.equal((await world.send('[{"id":1},{"id":2},{"id":3},{"id":4},{"id":5}]')).status, 202)
  const refused = await world.send('[{"id":6},{"id":7}]')
  assert.equal(refused.status, 429)
  assert.equal(refused.headers.get('retry-after'), '1')
  assert.equal((await world.values()).length, 5)
})

test('pages of the origins that are named may send, others may not', async () => {
  await using world = await World.create()
  const preflight = async (origin: string): Promise<string | null> => {
    const response = await fetch(world.url, { method: 'OPTIONS', headers: { origin } })
    return response.headers.get('access-control-allow-origin')
  }
  assert.equal(await preflight('https://app.acme.com'), 'https://app.acme.com')
  assert.equal(await preflight('https://evil.example'), null)
})
