import { mkdir, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { CaudalError, toErrorReport } from '@caudal/spec'
import { unknownTopic } from '../errors.ts'
import { blockBytes } from '../format/block.ts'
import { exists, openTopicFolder, topicFile, topicPath } from '../format/topic-folder.ts'
import { WriterLock } from './lock.ts'
import type { WriterAnswer, WriterRequest, WriterSettings } from './protocol.ts'
import { syncFolder } from './segment-files.ts'
import { TopicWriter } from './topic-writer.ts'

type AppendRequest = Extract<WriterRequest, { kind: 'append' }>

/** The thread that writes a log: requests wait while it syncs, and the next block takes all that waited. */
class WriterThread {
  readonly #settings: WriterSettings
  #lock: WriterLock | undefined
  readonly #topics = new Map<string, TopicWriter>()
  readonly #waiting: WriterRequest[] = []
  #isRunning = false

  constructor(settings: WriterSettings) {
    this.#settings = settings
  }

  /** Takes a request; its answer comes by message. */
  take(request: WriterRequest): void {
    this.#waiting.push(request)
    if (!this.#isRunning) void this.#run()
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    for (;;) {
      await setImmediate()
      this.#takeMore()
      const [next] = this.#waiting
      if (next === undefined) break
      if (next.kind === 'append') {
        await this.#append(this.#takeBlock(next))
      } else {
        this.#waiting.shift()
        await this.#serve(next)
      }
    }
    this.#isRunning = false
  }

  /** What came while the thread was busy. */
  #takeMore(): void {
    if (parentPort === null) return
    for (
      let more = receiveMessageOnPort(parentPort);
      more !== undefined;
      more = receiveMessageOnPort(parentPort)
    ) {
      this.#waiting.push(more.message as WriterRequest)
    }
  }

  /** Takes as many of the waiting appends to one topic as go into a block. Those of other topics keep their order. */
  #takeBlock(first: AppendRequest): AppendRequest[] {
    const room = this.#topics.get(first.topic)?.blockBytesMax ?? 0
    const taken: AppendRequest[] = []
    let bytes = 0
    for (const request of this.#waiting) {
      if (request.kind !== 'append') break
      if (request.topic !== first.topic) continue
      bytes += blockBytes(request.parts)
      if (taken.length > 0 && bytes > room) break
      taken.push(request)
    }
    const set = new Set<WriterRequest>(taken)
    this.#waiting.splice(0, this.#waiting.length, ...this.#waiting.filter((request) => !set.has(request)))
    return taken
  }

  async #append(requests: readonly AppendRequest[]): Promise<void> {
    try {
      const firsts = await this.#writer(requests[0]?.topic ?? '').append(requests.map(({ parts }) => parts))
      for (const [index, { id }] of requests.entries()) answer({ id, value: firsts[index] ?? [] })
    } catch (error) {
      for (const { id } of requests) answer({ id, error: toErrorReport(error) })
    }
  }

  async #serve(request: Exclude<WriterRequest, AppendRequest>): Promise<void> {
    try {
      await this.#perform(request)
      answer({ id: request.id, value: [] })
    } catch (error) {
      answer({ id: request.id, error: toErrorReport(error) })
    }
  }

  async #perform(request: Exclude<WriterRequest, AppendRequest>): Promise<void> {
    if (request.kind === 'declare') await this.#declare(request.topic, request.partitions)
    else if (request.kind === 'trim') await this.#writer(request.topic).trim(request.before)
    else if (request.kind === 'seal') await this.#writer(request.topic).seal()
    else if (request.kind === 'open') await this.#open()
    else await this.#close()
  }

  async #declare(topic: string, partitions: number): Promise<void> {
    const folder = path.join(this.#settings.root, topic)
    const file = topicPath(this.#settings.root, topic)
    if (!(await exists(file))) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await writeFile(`${file}.tmp`, topicFile(partitions), { flush: true })
      await rename(`${file}.tmp`, file)
      syncFolder(folder)
      syncFolder(this.#settings.root)
    }
    const found = await openTopicFolder(this.#settings.root, topic)
    if (found.partitions !== partitions) throw otherPartitions(topic, found.partitions, partitions)
    if (!this.#topics.has(topic))
      this.#topics.set(topic, await TopicWriter.open(found, this.#settings.segmentBytes))
  }

  #writer(topic: string): TopicWriter {
    const writer = this.#topics.get(topic)
    if (writer === undefined) throw unknownTopic(topic, this.#settings.root)
    return writer
  }

  async #open(): Promise<void> {
    await mkdir(this.#settings.root, { recursive: true, mode: 0o700 })
    this.#lock = new WriterLock(this.#settings.root)
  }

  async #close(): Promise<void> {
    for (const writer of this.#topics.values()) await writer.close()
    this.#topics.clear()
    this.#lock?.[Symbol.dispose]()
  }
}

function answer(message: WriterAnswer): void {
  parentPort?.postMessage(message)
}

function otherPartitions(topic: string, found: number, wanted: number): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_LOG_PARTITIONS',
    message: `Topic ${topic} has ${found} partitions, and ${wanted} are declared: events of one key would move to another. Nothing was changed.`,
    hint: `Declare ${found} partitions, or name a new topic.`,
    context: { topic, found, wanted },
  })
}

const writer = new WriterThread(workerData as WriterSettings)
parentPort?.on('message', (request: WriterRequest) => writer.take(request))
