import {
  CaudalError,
  invariant,
  type CheckingSource,
  type ReadRequest,
  type SourceBatch,
  type SourceCapabilities,
  type SourceCheck,
  type SourceContext,
  type StreamCheck,
  type StreamDescription,
  type StreamFailure,
} from '@caudal/spec'
import { FileStream } from './file-stream.ts'
import type { FilesOptions } from './options.ts'

const capabilities: SourceCapabilities = Object.freeze({
  guarantee: 'exactly once',
  hasCount: false,
  hasCheck: true,
})

/** The source behind {@link files}. */
export class FilesSource implements CheckingSource {
  readonly name = 'files'
  readonly capabilities: SourceCapabilities = capabilities
  readonly #options: FilesOptions
  readonly #streams = new Map<string, FileStream>()

  constructor(options: FilesOptions) {
    this.#options = options
  }

  async open(context: SourceContext): Promise<void> {
    const headers = Object.fromEntries(
      Object.entries(this.#options.headers ?? {}).map(([name, value]) => [name, context.resolve(value)]),
    )
    for (const [name, options] of Object.entries(this.#options.streams)) {
      this.#streams.set(name, new FileStream(name, options, context, headers))
    }
  }

  async discover(
    signal: AbortSignal,
    wanted?: readonly string[],
  ): Promise<readonly (StreamDescription | StreamFailure)[]> {
    const described: (StreamDescription | StreamFailure)[] = []
    for (const [name, stream] of this.#streams) {
      signal.throwIfAborted()
      if (wanted !== undefined && !wanted.includes(name)) continue
      described.push(await stream.describe(signal).catch((failure: unknown) => ({ stream: name, failure })))
    }
    return described
  }

  async *read(request: ReadRequest): AsyncGenerator<SourceBatch | StreamFailure> {
    for (const wanted of request.streams) {
      request.signal.throwIfAborted()
      const stream = this.#streams.get(wanted.stream)
      invariant(stream !== undefined, `only described streams are read, and ${wanted.stream} is not`)
      const errors: unknown[] = []
      try {
        yield* stream.read({
          request: wanted,
          signal: request.signal,
          failed: (error) => errors.push(error),
        })
      } catch (error) {
        errors.push(error)
      }
      if (errors.length > 0) yield { stream: wanted.stream, failure: together(errors, wanted.stream) }
    }
  }

  async check(signal: AbortSignal): Promise<SourceCheck> {
    const streams: StreamCheck[] = []
    for (const stream of this.#streams.values()) {
      signal.throwIfAborted()
      streams.push(await checkStream(stream, signal))
    }
    return { streams }
  }

  async close(): Promise<void> {
    this.#streams.clear()
  }
}

/** The errors of a stream as one: the first, with what the others say after it. */
function together(errors: readonly unknown[], stream: string): unknown {
  const [first, ...others] = errors
  if (!CaudalError.isInstance(first)) return first
  const also = others.map((error) => (error instanceof Error ? error.message : String(error)))
  return new CaudalError({
    ...first.toJSON(),
    message: [first.message, ...also].join('\n'),
    context: { ...first.context, stream },
    cause: first.cause,
  })
}

async function checkStream(stream: FileStream, signal: AbortSignal): Promise<StreamCheck> {
  try {
    const files = await stream.files()
    await stream.describe(signal)
    return {
      stream: stream.name,
      isReadable: true,
      note: `${files.length} ${files.length === 1 ? 'file' : 'files'}`,
    }
  } catch (error) {
    if (!CaudalError.isInstance(error)) throw error
    return { stream: stream.name, isReadable: false, note: error.message }
  }
}
