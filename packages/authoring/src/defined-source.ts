import {
  CaudalError,
  invariant,
  type CountingSource,
  type ReadRequest,
  type RowsPayload,
  type Setting,
  type SourceBatch,
  type SourceCapabilities,
  type SourceContext,
  type StreamDescription,
  type StreamFailure,
  type StreamRequest,
} from '@caudal/spec'
import { readFailure } from './read-failure.ts'
import type { StreamBatch, StreamReadRequest } from './stream-read.ts'

type Row = Readonly<Record<string, unknown>>
type Request = StreamReadRequest<Record<string, string>>

/** A stream with its functions, the types of its rows forgotten. */
export interface DefinedStream {
  readonly description: StreamDescription
  readonly read: (request: Request) => AsyncIterable<readonly Row[] | StreamBatch<Row>>
  readonly count?: (request: Omit<Request, 'position' | 'full'>) => Promise<number | undefined> | undefined
}

/** The source behind {@link defineSource}: hands the project's generators what they need and checks what they yield. */
export class DefinedSource implements CountingSource {
  readonly name = 'defineSource'
  readonly capabilities: SourceCapabilities
  readonly #streams: ReadonlyMap<string, DefinedStream>
  readonly #settings: Readonly<Record<string, Setting>>
  #context: SourceContext | undefined

  constructor(streams: readonly DefinedStream[], settings: Readonly<Record<string, Setting>>) {
    this.#streams = new Map(streams.map((stream) => [stream.description.name, stream]))
    this.#settings = settings
    this.capabilities = Object.freeze({
      guarantee: streams.every((stream) => stream.description.primaryKey.length > 0)
        ? 'once per key'
        : 'at least once',
      hasCount: streams.some((stream) => stream.count !== undefined),
      hasCheck: false,
    })
  }

  async open(context: SourceContext): Promise<void> {
    this.#context = context
  }

  async discover(): Promise<readonly StreamDescription[]> {
    return [...this.#streams.values()].map((stream) => stream.description)
  }

  async *read({ streams, signal }: ReadRequest): AsyncGenerator<SourceBatch | StreamFailure> {
    for (const wanted of streams) {
      try {
        yield* this.#readStream(wanted, signal)
      } catch (thrown) {
        signal.throwIfAborted()
        const source = this.#context?.source ?? 'source'
        yield { stream: wanted.stream, failure: readFailure(thrown, source, wanted.stream) }
      }
    }
  }

  async count(stream: string, signal: AbortSignal): Promise<number | undefined> {
    return this.#stream(stream).count?.(this.#request(signal))
  }

  async close(): Promise<void> {
    this.#context = undefined
  }

  async *#readStream(wanted: StreamRequest, signal: AbortSignal): AsyncGenerator<SourceBatch> {
    const position = wanted.full ? undefined : wanted.positions['']
    let isComplete = false
    let last = position
    const read = this.#stream(wanted.stream).read
    for await (const item of read({ ...this.#request(signal), position, full: wanted.full })) {
      signal.throwIfAborted()
      const batch = this.#toBatch(wanted.stream, item)
      last = batch.position ?? last
      isComplete = batch.complete === true
      yield batch
    }
    if (isComplete || (last !== undefined && !wanted.full)) return
    yield {
      stream: wanted.stream,
      payload: { kind: 'rows', rows: [] },
      complete: true,
      ...(last === undefined ? {} : { position: last }),
    }
  }

  #toBatch(stream: string, item: readonly Row[] | StreamBatch<Row>): SourceBatch {
    const batch: StreamBatch<Row> = isRows(item) ? { rows: item } : item
    if (!Array.isArray(batch?.rows)) throw this.#yieldError(stream, item)
    return {
      stream,
      payload: toPayload(batch),
      ...(batch.position === undefined ? {} : { position: batch.position }),
      ...(batch.complete === true ? { complete: true } : {}),
      ...(batch.origin === undefined ? {} : { origin: batch.origin }),
      ...(batch.filtered === undefined ? {} : { filtered: batch.filtered }),
    }
  }

  #yieldError(stream: string, item: unknown): CaudalError {
    const name = `${this.#context?.source ?? 'source'}.${stream}`
    return new CaudalError({
      code: 'CAUDAL_SOURCE_YIELD',
      message: `${name}: \`read\` yielded ${describeValue(item)} where an array of rows or { rows, position } belongs. What it yielded before is staged; nothing of this item was.`,
      hint: `Yield arrays: yield [row], or yield { rows: [row], position }.`,
      context: { source: this.#context?.source ?? '', stream },
    })
  }

  #stream(name: string): DefinedStream {
    const stream = this.#streams.get(name)
    invariant(stream !== undefined, `only declared streams are read, and ${name} is not`)
    return stream
  }

  #request(signal: AbortSignal): Omit<Request, 'position' | 'full'> {
    const context = this.#context
    invariant(context !== undefined, 'the source is open while it is read')
    const settings = Object.entries(this.#settings).map(([name, setting]) => [name, context.resolve(setting)])
    return { signal, settings: Object.fromEntries(settings), log: context.log.bind(context) }
  }
}

function isRows(item: readonly Row[] | StreamBatch<Row>): item is readonly Row[] {
  return Array.isArray(item)
}

function toPayload(batch: StreamBatch<Row>): RowsPayload {
  const deleted = batch.deleted ?? []
  if (deleted.length === 0) return { kind: 'rows', rows: batch.rows }
  return {
    kind: 'rows',
    rows: [...batch.rows, ...deleted],
    operations: [...batch.rows.map(() => 'upsert' as const), ...deleted.map(() => 'delete' as const)],
  }
}

function describeValue(value: unknown): string {
  if (value === null || typeof value !== 'object') return String(value)
  return `an object with the keys ${Object.keys(value).slice(0, 5).join(', ')}`
}
