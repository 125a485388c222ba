import type { IncomingMessage, ServerResponse } from 'node:http'
import { CaudalError, type Log } from '@caudal/spec'
import { admitEvents, type AdmittedEvent, type CollectorTopic, type RejectedEvent } from './admit.ts'
import { splitEvents } from './body/split-events.ts'
import type { MessageWindow } from './message-window.ts'
import { readBody, type BodyLimits } from './read-body.ts'
import { Refusal } from './refusal.ts'
import { TokenBucket } from './token-bucket.ts'
import type { WriteKeys } from './write-keys.ts'

/** What a collector takes at most. */
export interface CollectorLimits extends BodyLimits {
  /** Events of one request. Default: 10,000. */
  readonly eventsMax: number
  /** Bytes that wait to become durable before senders are told to wait. Default: 64 MiB. */
  readonly waitingBytesMax: number
  /** Events a second of one write key. Absent: any number. */
  readonly eventsPerSecond?: number
}

/** What a collector is made of. */
export interface CollectorParts {
  readonly log: Log
  readonly topics: ReadonlyMap<string, CollectorTopic>
  readonly keys: WriteKeys
  /** By topic; a topic without one takes events again that are sent again. */
  readonly windows: ReadonlyMap<string, MessageWindow>
  readonly limits?: Partial<CollectorLimits>
  /** Origins of pages that may send: `https://app.acme.com`, or `*`. */
  readonly origins?: readonly string[]
}

/** What is answered to a request that was looked at. */
export interface CollectorAnswer {
  /** Events that are on disk now. */
  readonly accepted: number
  /** Events that were taken before, by their message id. */
  readonly duplicates: number
  readonly rejected: readonly RejectedEvent[]
}

const limitsDefault: CollectorLimits = {
  bodyBytesMax: 5 * 1024 * 1024,
  inflatedBytesMax: 20 * 1024 * 1024,
  eventsMax: 10_000,
  waitingBytesMax: 64 * 1024 * 1024,
}

const formats: Readonly<Record<string, 'json' | 'ndjson'>> = {
  'application/json': 'json',
  'application/x-ndjson': 'ndjson',
  'application/jsonl': 'ndjson',
  'application/ndjson': 'ndjson',
}

/**
 * Takes events by HTTP: `POST /v1/events/<topic>`. 202 says that every event that was not rejected is on disk; 422 that none was taken. Nothing
 * can be read here.
 */
export class Collector {
  readonly #parts: CollectorParts
  readonly #limits: CollectorLimits
  #keys: WriteKeys
  readonly #buckets = new Map<string, TokenBucket>()
  #waitingBytes = 0

  constructor(parts: CollectorParts) {
    this.#parts = parts
    this.#limits = { ...limitsDefault, ...parts.limits }
    this.#keys = parts.keys
  }

  /** Keys that were made or taken back meanwhile. */
  setKeys(keys: WriteKeys): void {
    this.#keys = keys
  }

  /** Answers a request; never fails. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#allowOrigin(request, response)
    try {
      const topic = this.#topicOf(request)
      if (request.method === 'OPTIONS') return void response.writeHead(204).end()
      if (request.method !== 'POST') throw new Refusal(405, 'Events are sent by POST.')
      const key = this.#keys.allowed(request.headers.authorization, topic)
      if (key === undefined)
        throw new Refusal(401, 'A write key of this topic is missing: Authorization: Bearer <key>.')
      const answer = await this.#take(request, topic, key)
      send(
        response,
        answer.accepted + answer.duplicates === 0 && answer.rejected.length > 0 ? 422 : 202,
        answer,
      )
    } catch (error) {
      refuse(request, response, error)
    }
  }

  #topicOf(request: IncomingMessage): string {
    const [, topic] = /^\/v1\/events\/([^/?]+)(?:\?|$)/.exec(request.url ?? '') ?? []
    if (topic === undefined) throw new Refusal(404, 'There is nothing here but POST /v1/events/<topic>.')
    return topic
  }

  async #take(request: IncomingMessage, name: string, key: string): Promise<CollectorAnswer> {
    const topic = this.#parts.topics.get(name)
    if (topic === undefined) throw new Refusal(404, `There is no topic ${name}.`)
    const [type = ''] = (request.headers['content-type'] ?? '').toLowerCase().split(';')
    const format = formats[type.trim()]
    if (format === undefined)
      throw new Refusal(
        415,
        `Content-Type is ${JSON.stringify(type)}: application/json and application/x-ndjson are read.`,
      )
    if (this.#waitingBytes > this.#limits.waitingBytesMax) throw busy()
    const body = await readBody(request, this.#limits)
    const slices = splitEvents(body, format)
    if (slices.length > this.#limits.eventsMax)
      throw new Refusal(
        413,
        `${slices.length} events are too many at a time; ${this.#limits.eventsMax} are allowed. Nothing was taken.`,
      )
    this.#checkRate(key, slices.length)
    const header = slices.length === 1 ? request.headers['x-message-id'] : undefined
    const { admitted, rejected } = admitEvents(topic, slices, typeof header === 'string' ? header : undefined)
    const duplicates = await this.#append(name, admitted, body.byteLength)
    return { accepted: admitted.length - duplicates, duplicates, rejected }
  }

  /**
   * Appends what was not taken before. Ids that another request is writing are looked at again after its end; nothing waits for them while it
   * holds others, so that two requests with the same ids do not wait for each other.
   * @returns how many were taken before.
   */
  async #append(topic: string, admitted: readonly AdmittedEvent[], bytes: number): Promise<number> {
    const window = this.#parts.windows.get(topic)
    let duplicates = 0
    for (let left = admitted; left.length > 0;) {
      const fresh: AdmittedEvent[] = []
      const others: { readonly one: AdmittedEvent; readonly written: Promise<void> }[] = []
      for (const one of left) {
        const admission =
          one.messageId === undefined ? 'new' : (window?.admit(one.messageId, Date.now()) ?? 'new')
        if (admission === 'new') fresh.push(one)
        else if (admission === 'duplicate') duplicates += 1
        else others.push({ one, written: admission })
      }
      await this.#write(topic, fresh, bytes)
      await Promise.all(others.map(({ written }) => written))
      left = others.map(({ one }) => one)
    }
    return duplicates
  }

  async #write(topic: string, fresh: readonly AdmittedEvent[], bytes: number): Promise<void> {
    const events = fresh.map(({ event }) => event)
    let isDurable = false
    this.#waitingBytes += bytes
    try {
      await this.#parts.log.append(topic, events)
      isDurable = true
    } finally {
      this.#waitingBytes -= bytes
      const window = this.#parts.windows.get(topic)
      for (const { messageId } of fresh) if (messageId !== undefined) window?.settle(messageId, isDurable)
    }
  }

  #checkRate(key: string, events: number): void {
    const { eventsPerSecond } = this.#limits
    if (eventsPerSecond === undefined) return
    const bucket = this.#buckets.get(key) ?? new TokenBucket(eventsPerSecond)
    this.#buckets.set(key, bucket)
    const seconds = bucket.take(events)
    if (seconds > 0)
      throw new Refusal(
        429,
        `More than ${eventsPerSecond} events a second with this key. Nothing was taken.`,
        seconds,
      )
  }

  #allowOrigin({ headers }: IncomingMessage, response: ServerResponse): void {
    const { origins = [] } = this.#parts
    const { origin } = headers
    if (origin === undefined || !(origins.includes(origin) || origins.includes('*'))) return
    response.setHeader('access-control-allow-origin', origin)
    response.setHeader('vary', 'origin')
    response.setHeader('access-control-allow-methods', 'POST')
    response.setHeader(
      'access-control-allow-headers',
      'authorization, content-type, content-encoding, x-message-id',
    )
    response.setHeader('access-control-max-age', '600')
  }
}

function busy(): Refusal {
  return new Refusal(
    503,
    'More events wait to be written than memory is kept for. Nothing was taken; send again.',
    1,
  )
}

function refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  const refusal = error instanceof Refusal ? error : fromLog(error)
  if (response.headersSent || response.destroyed) return void response.destroy()
  // The rest of a body that is not read would be taken for the next request.
  if (!request.complete) response.setHeader('connection', 'close')
  if (refusal.retryAfter !== undefined)
    response.setHeader('retry-after', String(Math.max(1, Math.ceil(refusal.retryAfter))))
  send(response, refusal.status, { error: refusal.message })
}

/** What the log could not take is to be sent again. */
function fromLog(error: unknown): Refusal {
  if (CaudalError.isInstance(error) && error.code === 'CAUDAL_LOG_EVENT_SIZE')
    return new Refusal(413, error.message)
  const isKnown = CaudalError.isInstance(error) && error.code.startsWith('CAUDAL_LOG_')
  return isKnown
    ? new Refusal(503, 'The events could not be written to the disk. Send again.', 5)
    : new Refusal(500, 'Something is wrong in the collector. Send again.', 5)
}

function send(response: ServerResponse, status: number, answer: object): void {
  const body = JSON.stringify(answer)
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  })
  response.end(body)
}
