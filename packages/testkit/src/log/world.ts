import {
  isSegmented,
  type Log,
  type LogBatch,
  type LogEvent,
  type NewEvent,
  type PartitionOffset,
} from '@caudal/spec'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** How a log adapter is made for the contract suite. */
export interface LogFactory {
  /** Opens the log that the folder stands for: opened again after `close`, it has what was appended. */
  open(folder: string): Promise<Log>
}

/** An event as the suite writes it. */
export interface TestEvent {
  readonly key?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly value: string
}

/** An event as the suite reads it. */
export interface SeenEvent extends TestEvent {
  readonly partition: number
  readonly offset: number
}

/** A log with a topic of four partitions, in a folder of its own: one per test. */
export class LogWorld {
  readonly topic = 'sales'
  readonly partitions = 4
  log: Log
  readonly #folder: string
  readonly #factory: LogFactory

  private constructor(folder: string, factory: LogFactory, log: Log) {
    this.#folder = folder
    this.#factory = factory
    this.log = log
  }

  static async create(factory: LogFactory): Promise<LogWorld> {
    const folder = await mkdtemp(path.join(tmpdir(), 'caudal-log-'))
    const world = new LogWorld(folder, factory, await factory.open(path.join(folder, 'log')))
    await world.log.declareTopic(world.topic, world.partitions)
    return world
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.log.close()
    await rm(this.#folder, { recursive: true, force: true })
  }

  /** Closes the log and opens it again. */
  async reopen(): Promise<void> {
    await this.log.close()
    this.log = await this.#factory.open(path.join(this.#folder, 'log'))
    await this.log.declareTopic(this.topic, this.partitions)
  }

  append(...events: readonly TestEvent[]): ReturnType<Log['append']> {
    return this.log.append(this.topic, events.map(toNewEvent))
  }

  /** The start of each partition. */
  async starts(): Promise<PartitionOffset[]> {
    const ranges = await this.log.ranges(this.topic)
    return ranges.map(({ partition, first }) => ({ partition, offset: first }))
  }

  /** How many events the partitions hold. */
  async count(): Promise<number> {
    const ranges = await this.log.ranges(this.topic)
    return ranges.reduce((sum, { first, next }) => sum + next - first, 0)
  }

  /** Everything that is there, from the places on. */
  async all(from?: readonly PartitionOffset[]): Promise<SeenEvent[]> {
    const places = new Map(
      (from ?? (await this.starts())).map(({ partition, offset }) => [partition, offset]),
    )
    const ranges = await this.log.ranges(this.topic)
    const isMissing = (): boolean =>
      ranges.some(({ partition, next }) => (places.get(partition) ?? next) < next)
    const stop = new AbortController()
    const seen: SeenEvent[] = []
    if (!isMissing()) return seen
    const wanted = [...places].map(([partition, offset]) => ({ partition, offset }))
    for await (const batch of this.log.read({ topic: this.topic, from: wanted, signal: stop.signal })) {
      seen.push(...seenEvents(batch))
      places.set(batch.partition, batch.next)
      if (!isMissing()) stop.abort()
    }
    return seen
  }

  /** Closes what the log may only give up whole, so that `trim` has something to give up. */
  async settle(): Promise<void> {
    if (isSegmented(this.log)) await this.log.seal(this.topic)
  }
}

/** Events of a batch as the suite compares them. */
export function seenEvents(batch: LogBatch): SeenEvent[] {
  return batch.events.map((event) => toSeenEvent(batch.partition, event))
}

/** Events by partition, each with its place left out. */
export function byPartition(events: readonly SeenEvent[]): Map<number, TestEvent[]> {
  const partitions = new Map<number, TestEvent[]>()
  for (const { partition, offset: _offset, ...event } of events) {
    const list = partitions.get(partition) ?? []
    partitions.set(partition, list)
    list.push(event)
  }
  return partitions
}

function toNewEvent({ key, headers, value }: TestEvent): NewEvent {
  return {
    ...(key === undefined ? {} : { key: Buffer.from(key) }),
    ...(headers === undefined ? {} : { headers }),
    value: Buffer.from(value),
  }
}

function toSeenEvent(partition: number, { offset, key, headers, value }: LogEvent): SeenEvent {
  return {
    partition,
    offset,
    ...(key === undefined ? {} : { key: Buffer.from(key).toString() }),
    ...(headers === undefined ? {} : { headers }),
    value: Buffer.from(value).toString(),
  }
}
