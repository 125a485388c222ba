import type { SourceBatch, StreamFailure } from '@caudal/spec'

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
  readonly failure?: unknown
}

/**
 * Merges streams that are read side by side, at most `concurrency` at once; each keeps its order. The next batch of a stream is fetched
 * while the one before is with the caller, and no more than that. A stream that fails does not stop the others.
 */
export async function* interleave(
  readers: readonly Reader[],
  concurrency: number,
  signal: AbortSignal,
): AsyncGenerator<SourceBatch | StreamFailure> {
  const stop = new AbortController()
  const joined = AbortSignal.any([signal, stop.signal])
  const waiting = [...readers]
  const pending = new Map<Running, Promise<Settled>>()
  try {
    for (;;) {
      for (const { stream, start } of waiting.splice(0, concurrency - pending.size)) {
        const running = { stream, batches: start(joined) }
        pending.set(running, advance(running))
      }
      if (pending.size === 0) return
      const { running, result, failure } = await Promise.race(pending.values())
      signal.throwIfAborted()
      pending.delete(running)
      if (result === undefined) yield { stream: running.stream, failure }
      if (result === undefined || result.done === true) continue
      pending.set(running, advance(running))
      yield result.value
    }
  } finally {
    stop.abort(new Error('the read has ended'))
    await Promise.all(pending.values())
  }
}

function advance(running: Running): Promise<Settled> {
  return running.batches.next().then(
    (result) => ({ running, result }),
    (failure: unknown) => ({ running, failure }),
  )
}
