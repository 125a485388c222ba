import {
  invariant,
  type CheckingSource,
  type CountingSource,
  type ReadRequest,
  type SourceBatch,
  type SourceCapabilities,
  type SourceCheck,
  type SourceContext,
  type StreamDescription,
  type StreamFailure,
} from '@caudal/spec'
import { openConnection, type Connection } from './connection.ts'
import { checkSource } from './check-source.ts'
import { countRecords } from './count-records.ts'
import { keyFields, describeStream } from './describe/describe-stream.ts'
import { sampleStream } from './describe/sample-stream.ts'
import { interleave } from './interleave.ts'
import type { RestOptions } from './options.ts'
import { readStream } from './read-stream.ts'
import { createRestStream, type RestStream } from './rest-stream.ts'

const concurrencyDefault = 4

interface Opened {
  readonly connection: Connection
  readonly streams: ReadonlyMap<string, RestStream>
}

/** The source behind `rest()`. */
export class RestSource implements CountingSource, CheckingSource {
  readonly name = 'rest'
  readonly capabilities: SourceCapabilities
  readonly #options: RestOptions
  #open: Opened | undefined

  constructor(options: RestOptions) {
    const streams = Object.values(options.streams)
    this.#options = options
    this.capabilities = Object.freeze({
      guarantee: streams.every((stream) => keyFields(stream).length > 0) ? 'once per key' : 'at least once',
      hasCount: streams.some(({ count }) => count !== undefined),
      hasCheck: true,
    })
  }

  async open(context: SourceContext): Promise<void> {
    const connection = openConnection(this.#options, context)
    const { streams } = this.#options
    const ready = Object.keys(streams).map((name): [string, RestStream] => [
      name,
      createRestStream(name, streams, connection.withoutSecrets),
    ])
    this.#open = { connection, streams: new Map(ready) }
  }

  async discover(
    signal: AbortSignal,
    wanted?: readonly string[],
  ): Promise<readonly (StreamDescription | StreamFailure)[]> {
    const { streams } = this.#opened()
    const asked = [...streams.values()].filter(({ name }) => wanted?.includes(name) ?? true)
    return Promise.all(asked.map((stream) => this.#describe(stream, signal)))
  }

  read({ streams, signal }: ReadRequest): AsyncGenerator<SourceBatch | StreamFailure> {
    const { connection } = this.#opened()
    const readers = streams.map((request) => ({
      stream: request.stream,
      start: (joined: AbortSignal) => readStream(connection, this.#stream(request.stream), request, joined),
    }))
    return interleave(readers, this.#options.concurrency ?? concurrencyDefault, signal)
  }

  async count(stream: string, signal: AbortSignal): Promise<number | undefined> {
    return countRecords(this.#opened().connection, this.#stream(stream), signal)
  }

  async check(signal: AbortSignal): Promise<SourceCheck> {
    const { connection, streams } = this.#opened()
    return checkSource(connection, [...streams.values()], this.#options, signal)
  }

  async close(): Promise<void> {
    const open = this.#open
    this.#open = undefined
    await open?.connection.close()
  }

  async #describe(stream: RestStream, signal: AbortSignal): Promise<StreamDescription | StreamFailure> {
    const { name, options } = stream
    const { streams } = this.#options
    if (options.columns !== undefined) return describeStream(name, streams, [])
    try {
      return describeStream(name, streams, await sampleStream(this.#opened().connection, stream, signal))
    } catch (failure) {
      signal.throwIfAborted()
      return { stream: name, failure }
    }
  }

  #opened(): Opened {
    invariant(this.#open !== undefined, 'the source is open while it is used')
    return this.#open
  }

  #stream(name: string): RestStream {
    const stream = this.#opened().streams.get(name)
    invariant(stream !== undefined, `only declared streams are read, and ${name} is not`)
    return stream
  }
}
