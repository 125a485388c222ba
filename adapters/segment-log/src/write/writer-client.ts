import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { CaudalError, type PartitionOffset } from '@caudal/spec'
import { writeFailed } from '../errors.ts'
import type { WriterAnswer, WriterRequest, WriterSettings } from './protocol.ts'
import type { AppendParts } from './topic-writer.ts'

/** The module that runs in the writer's thread, beside the door of the package: built, bundled or neither. */
const door = import.meta.resolve('@caudal/segment-log')
const entry = fileURLToPath(new URL(`./write/writer-thread${path.extname(door)}`, door))

type Question = WriterRequest extends infer R
  ? R extends { readonly id: number }
    ? Omit<R, 'id'>
    : never
  : never

interface Pending {
  readonly resolve: (value: readonly number[]) => void
  readonly reject: (error: unknown) => void
}

/** The writer's thread, seen from the thread that appends. */
export class WriterClient {
  readonly #worker: Worker
  readonly #pending = new Map<number, Pending>()
  #nextId = 1
  #ended: CaudalError | undefined

  private constructor(settings: WriterSettings) {
    this.#worker = new Worker(entry, { workerData: settings, name: 'log writer' })
    this.#worker.unref()
    this.#worker.on('message', (answer: WriterAnswer) => this.#settle(answer))
    this.#worker.on('error', (error) => this.#end(writeFailed('', error)))
  }

  /** Starts the thread. @throws CaudalError `CAUDAL_LOG_BUSY`: another process writes to this log. */
  static async start(settings: WriterSettings): Promise<WriterClient> {
    const client = new WriterClient(settings)
    try {
      await client.#ask({ kind: 'open' })
    } catch (error) {
      await client.#worker.terminate()
      throw error
    }
    return client
  }

  async declare(topic: string, partitions: number): Promise<void> {
    await this.#ask({ kind: 'declare', topic, partitions })
  }

  /** Makes events durable. @returns the first offset of each part. */
  append(topic: string, parts: AppendParts): Promise<readonly number[]> {
    return this.#ask(
      { kind: 'append', topic, parts },
      parts.map(({ bytes }) => bytes.buffer as ArrayBuffer),
    )
  }

  async trim(topic: string, before: readonly PartitionOffset[]): Promise<void> {
    await this.#ask({ kind: 'trim', topic, before })
  }

  async seal(topic: string): Promise<void> {
    await this.#ask({ kind: 'seal', topic })
  }

  /** Writes what was asked before, then ends the thread. */
  async close(): Promise<void> {
    if (this.#ended !== undefined) return
    await this.#ask({ kind: 'close' })
    this.#end(
      new CaudalError({
        code: 'CAUDAL_LOG_CLOSED',
        message: 'The log is closed. Nothing was appended.',
        retryable: true,
      }),
    )
    await this.#worker.terminate()
  }

  #ask(question: Question, transfer: readonly ArrayBuffer[] = []): Promise<readonly number[]> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended)
    const id = this.#nextId++
    this.#worker.ref()
    const { promise, resolve, reject } = Promise.withResolvers<readonly number[]>()
    this.#pending.set(id, { resolve, reject })
    this.#worker.postMessage({ id, ...question }, [...transfer])
    return promise
  }

  #settle(answer: WriterAnswer): void {
    const pending = this.#pending.get(answer.id)
    this.#pending.delete(answer.id)
    if (this.#pending.size === 0) this.#worker.unref()
    if ('error' in answer) pending?.reject(CaudalError.fromReport(answer.error))
    else pending?.resolve(answer.value)
  }

  #end(reason: CaudalError): void {
    this.#ended = reason
    for (const { reject } of this.#pending.values()) reject(reason)
    this.#pending.clear()
  }
}
