import { CaudalError, type SourceBatch } from '@caudal/spec'

/** One stream's batches, to be begun when its turn comes. */
export interface Reader {
  readonly stream: string
  readonly start: (signal: AbortSignal) => AsyncGenerator<SourceBatch>
}

interface Running {
  readonly stream: string
  readonly batches: AsyncGenerator<SourceBatch>
}

interface Settled {
  readonly running: Running
  readonly result?: IteratorResult<SourceBatch>
  readonly thrown?: unknown
}

interface StreamFailure {
  readonly stream: string
  readonly thrown: unknown
}

/**
 * Merges streams that are read side by side, at most `concurrency` at once; each keeps its order. The next batch of a stream is fetched
 * while the one before is with the caller, and no more than that. A stream that fails does not stop the others: what went wrong is
 * thrown when they have ended.
 */
export async function* interleave(
  readers: readonly Reader[],
  concurrency: number,
  signal: AbortSignal,
): AsyncGenerator<SourceBatch> {
  const stop = new AbortController()
  const joined = AbortSignal.any([signal, stop.signal])
  const waiting = [...readers]
  const pending = new Map<Running, Promise<Settled>>()
  const failures: StreamFailure[] = []
  const begin = ({ stream, start }: Reader): void => {
    const running = { stream, batches: start(joined) }
    pending.set(running, advance(running))
  }
  try {
    for (;;) {
      for (const reader of waiting.splice(0, concurrency - pending.size)) begin(reader)
      if (pending.size === 0) break
      const { running, result, thrown } = await Promise.race(pending.values())
      signal.throwIfAborted()
      pending.delete(running)
      if (result === undefined) failures.push({ stream: running.stream, thrown })
      if (result === undefined || result.done === true) continue
      pending.set(running, advance(running))
      yield result.value
    }
  } finally {
    stop.abort(new Error('the read has ended'))
    await Promise.all(pending.values())
  }
  if (failures.length > 0) throw joinFailures(failures)
}

function advance(running: Running): Promise<Settled> {
  return running.batches.next().then(
    (result) => ({ running, result }),
    (thrown: unknown) => ({ running, thrown }),
  )
}

function joinFailures(failures: readonly StreamFailure[]): unknown {
  const errors = failures.flatMap(({ thrown }) => (CaudalError.isInstance(thrown) ? thrown : []))
  const [first] = errors
  if (first === undefined || errors.length < failures.length) {
    return failures.find(({ thrown }) => !CaudalError.isInstance(thrown))?.thrown
  }
  if (errors.length === 1) return first
  return new CaudalError({
    ...first.toJSON(),
    message: errors.map((error) => error.message).join(' '),
    retryable: errors.every((error) => error.retryable),
    context: { ...first.context, streams: failures.map(({ stream }) => stream) },
    cause: first,
  })
}
