import { stat } from 'node:fs/promises'
import {
  CaudalError,
  type AppendedRange,
  type Assignment,
  type LogBatch,
  type LogCapabilities,
  type LogRead,
  type NewEvent,
  type PartitionOffset,
  type PartitionRange,
  type SealedSegment,
  type SegmentedLog,
} from '@caudal/spec'
import {
  listSegments,
  openTopicFolder,
  presentMark,
  rangesOf,
  readFoot,
  readHead,
  readRanges,
  segmentPath,
  type TopicFolder,
} from './format/topic-folder.ts'
import { segmentName } from './format/segment.ts'
import { readTopic } from './read/read-topic.ts'
import { Appender } from './write/appender.ts'
import type { WriterClient } from './write/writer-client.ts'

const capabilities: LogCapabilities = Object.freeze({ assignment: 'all', isShared: false })

/** The embedded log: a folder for each topic. What reads it needs no writer, and may be in another process. */
export class SegmentLog implements SegmentedLog {
  readonly name = 'segment-log'
  readonly capabilities: LogCapabilities = capabilities
  readonly #root: string
  readonly #writer: WriterClient | undefined
  readonly #appenders = new Map<string, Appender>()

  /** @param writer absent: the log is only read. */
  constructor(root: string, writer: WriterClient | undefined) {
    this.#root = root
    this.#writer = writer
  }

  async declareTopic(topic: string, partitions: number): Promise<void> {
    checkTopicName(topic)
    const writer = this.#writing(topic)
    await writer.declare(topic, partitions)
    this.#appenders.set(topic, new Appender(topic, partitions, (parts) => writer.append(topic, parts)))
  }

  async ranges(topic: string): Promise<readonly PartitionRange[]> {
    return readRanges(await this.#folder(topic))
  }

  async append(topic: string, events: readonly NewEvent[]): Promise<readonly AppendedRange[]> {
    this.#writing(topic)
    const appender = this.#appenders.get(topic)
    if (appender === undefined) throw notDeclared(topic)
    return appender.append(events)
  }

  async *read({ topic, from, signal }: LogRead): AsyncGenerator<LogBatch> {
    yield* readTopic(await this.#folder(topic), from, signal)
  }

  /** Every member gets all partitions: there is one machine. The epoch is how often the topic was opened for writing. */
  async *join(_group: string, topic: string, signal: AbortSignal): AsyncGenerator<Assignment> {
    const folder = await this.#folder(topic)
    const { epoch } = await presentMark(folder)
    yield { epoch, partitions: Array.from({ length: folder.partitions }, (_, partition) => partition) }
    if (signal.aborted) return
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
  }

  async trim(topic: string, before: readonly PartitionOffset[]): Promise<void> {
    await this.#writing(topic).trim(topic, before)
  }

  async sealed(topic: string): Promise<readonly SealedSegment[]> {
    const folder = await this.#folder(topic)
    const { oldest, segment: open } = await presentMark(folder)
    const blocks = (await listSegments(folder)).filter((block) => block >= oldest && block < open)
    const segments = await Promise.all(blocks.map((block) => describeSegment(folder, block)))
    return segments.filter((segment) => segment !== undefined)
  }

  async seal(topic: string): Promise<void> {
    await this.#writing(topic).seal(topic)
  }

  async close(): Promise<void> {
    await this.#writer?.close()
  }

  #folder(topic: string): Promise<TopicFolder> {
    checkTopicName(topic)
    return openTopicFolder(this.#root, topic)
  }

  #writing(topic: string): WriterClient {
    if (this.#writer !== undefined) return this.#writer
    throw new CaudalError({
      code: 'CAUDAL_LOG_READ_ONLY',
      message: `The log in ${this.#root} is open for reading alone. Nothing was changed in topic ${topic}.`,
      hint: 'The owner process writes to the log: send events to its collector.',
      context: { root: this.#root, topic },
    })
  }
}

async function describeSegment(folder: TopicFolder, block: number): Promise<SealedSegment | undefined> {
  const path = segmentPath(folder, block)
  const [head, foot, file] = await Promise.all([readHead(folder, block), readFoot(folder, block), stat(path)])
  if (head === undefined || foot === undefined) return undefined
  const { lastAppendedAt, next } = foot
  return {
    name: segmentName(block),
    path,
    bytes: file.size,
    lastAppendedAt,
    ranges: rangesOf(head.first, next),
  }
}

function checkTopicName(topic: string): void {
  if (/^[a-z0-9][a-z0-9._-]{0,199}$/.test(topic)) return
  throw new CaudalError({
    code: 'CAUDAL_LOG_TOPIC_NAME',
    message: `${JSON.stringify(topic)} is no name for a topic: small letters, digits, dot, dash and underscore, at most 200, beginning with a letter or digit.`,
    hint: 'Rename the topic.',
    context: { topic },
  })
}

function notDeclared(topic: string): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_LOG_TOPIC',
    message: `Topic ${topic} was not declared. Nothing was appended.`,
    hint: 'A topic is made when a collector or a pipeline names it.',
    context: { topic },
  })
}
