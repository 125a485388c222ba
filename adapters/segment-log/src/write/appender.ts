import { CaudalError, type AppendedRange, type NewEvent } from '@caudal/spec'
import { encodeFrames, headersBytesMax, keyBytesMax, partsOf, type EventParts } from '../format/frames.ts'
import { partitionOf } from './partition-of.ts'
import type { AppendParts } from './topic-writer.ts'

/** Bytes that are sent to the writer at once. */
const requestBytesMax = 4 * 1024 * 1024

/** The largest event, its key and headers with it. */
const eventBytesMax = requestBytesMax

/** What sends parts to the writer. */
export type SendParts = (parts: AppendParts) => Promise<readonly number[]>

/** Events that go to the writer together. */
interface Gathered {
  readonly partitions: Map<number, EventParts[]>
  bytes: number
  readonly sent: Promise<ReadonlyMap<number, number>>
  readonly resolve: (firsts: Promise<ReadonlyMap<number, number>>) => void
}

/** A stretch of events of one append, in one partition of what was gathered. */
interface Stretch {
  readonly gathered: Gathered
  readonly partition: number
  readonly from: number
  events: number
}

/** Gathers the appends of one turn of the event loop, so that a thousand small ones cost one message and one sync. */
export class Appender {
  readonly #topic: string
  readonly #partitions: number
  readonly #send: SendParts
  #open: Gathered | undefined
  #keyless = 0

  constructor(topic: string, partitions: number, send: SendParts) {
    this.#topic = topic
    this.#partitions = partitions
    this.#send = send
  }

  async append(events: readonly NewEvent[]): Promise<readonly AppendedRange[]> {
    const checked = events.map((event) => this.#checked(event))
    const keyless = this.#keyless++ % this.#partitions
    const stretches: Stretch[] = []
    for (const event of checked) {
      const partition = event.key === undefined ? keyless : partitionOf(event.key, this.#partitions)
      const gathered = this.#room(event.bytes)
      const together = gathered.partitions.get(partition) ?? []
      gathered.partitions.set(partition, together)
      const last = stretches.find((one) => one.gathered === gathered && one.partition === partition)
      if (last === undefined) stretches.push({ gathered, partition, from: together.length, events: 1 })
      else last.events += 1
      together.push(event)
    }
    return Promise.all(
      stretches.map(async ({ gathered, partition, from, events: count }) => {
        const firsts = await gathered.sent
        return { partition, first: (firsts.get(partition) ?? 0) + from, events: count }
      }),
    )
  }

  #room(bytes: number): Gathered {
    if (this.#open !== undefined && this.#open.bytes + bytes > requestBytesMax) this.#sendOpen()
    const open = (this.#open ??= this.#begin())
    open.bytes += bytes
    return open
  }

  #begin(): Gathered {
    const { promise, resolve } = Promise.withResolvers<ReadonlyMap<number, number>>()
    promise.catch(() => undefined)
    const gathered: Gathered = { partitions: new Map(), bytes: 0, sent: promise, resolve }
    setImmediate(() => {
      if (this.#open === gathered) this.#sendOpen()
    })
    return gathered
  }

  #sendOpen(): void {
    const gathered = this.#open
    if (gathered === undefined) return
    this.#open = undefined
    gathered.resolve(this.#sent(gathered.partitions))
  }

  async #sent(partitions: ReadonlyMap<number, readonly EventParts[]>): Promise<ReadonlyMap<number, number>> {
    const parts = [...partitions].map(([partition, events]) => ({
      partition,
      events: events.length,
      bytes: encodeFrames(events),
    }))
    const firsts = await this.#send(parts)
    return new Map(parts.map(({ partition }, index) => [partition, firsts[index] ?? 0]))
  }

  #checked(event: NewEvent): EventParts {
    const parts = partsOf(event)
    const { key, headers, bytes } = parts
    const isKeyLong = (key?.byteLength ?? 0) > keyBytesMax
    const hasLongHeaders = (headers?.byteLength ?? 0) > headersBytesMax
    if (bytes <= eventBytesMax && !isKeyLong && !hasLongHeaders) return parts
    const part = isKeyLong
      ? `a key of ${key?.byteLength ?? 0} bytes (at most ${keyBytesMax})`
      : hasLongHeaders
        ? `headers of more than ${headersBytesMax} bytes`
        : `${bytes} bytes (at most ${eventBytesMax})`
    throw new CaudalError({
      code: 'CAUDAL_LOG_EVENT_SIZE',
      message: `An event for topic ${this.#topic} has ${part}. Nothing of this append is in the log.`,
      hint: 'Put large content into an object store and send its address.',
      context: { topic: this.#topic, bytes },
    })
  }
}
