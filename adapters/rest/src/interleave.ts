import { CaudalError, type SourceBatch } from '@caudal/spec'

/** One stream's batches, to be begun when its turn comes. */
export interface Reader {
  readonly stream: string
  readonly start: (signal: AbortSignal) => AsyncGenerator<SourceBatch>
}

interface Running {
  readonly reader: Reader
  readonly batches: AsyncGenerator<SourceBatch>
  pending: Promise<Settled>
}

interface Settled {
  readonly running: Running
  readonly result?: IteratorResult<SourceBatch>
  readonly thrown?: unknown
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
  const running = new Set<Running>()
  const failures: { stream: string; thrown: unknown }[] = []
  try {
    for (;;) {
      while (running.size < concurrency && waiting.length > 0) running.add(begin(waiting.shift(), joined))
      if (running.size === 0) break
      const settled = await Promise.race([...running].map((one) => one.pending))
      signal.throwIfAborted()
      const { running: one, result } = settled
      if (result === undefined) failures.push({ stream: one.reader.stream, thrown: settled.thrown })
      if (result === undefined || result.done === true) {
        running.delete(one)
        continue
      }
      one.pending = advance(one)
      running.delete(one)
      running.add(one)
      yield result.value
    }
  } finally {
    stop.abort(new Error('the read has ended'))
    await Promise.all([...running].map((one) => one.pending))
  }
  if (failures.length > 0) throw joinFailures(failures)
}

function begin(reader: Reader | undefined, signal: AbortSignal): Running {
  if (reader === undefined) throw new Error('no reader to begin with')
  const one: { reader: Reader; batches: AsyncGenerator<SourceBatch>; pending: Promise<Settled> } = {
    reader,
    batches: reader.start(signal),
    pending: Promise.reject(new Error('not begun')),
  }
  one.pending.catch(() => undefined)
  one.pending = advance(one)
  return one
}

function advance(running: Running): Promise<Settled> {
  return running.batches.next().then(
    (result) => ({ running, result }),
    (thrown: unknown) => ({ running, thrown }),
  )
}

function joinFailures(failures: readonly { stream: string; thrown: unknown }[]): unknown {
  const first = failures[0]
  if (first === undefined || failures.length === 1) return first?.thrown
  const known = failures.map(({ thrown }) => thrown).filter((thrown) => CaudalError.isInstance(thrown))
  const lead = known[0]
  if (lead === undefined || known.length < failures.length) return failures.find(({ thrown }) => !CaudalError.isInstance(thrown))?.thrown
  return new CaudalError({
    ...lead.toJSON(),
    message: known.map((error) => error.message).join(' '),
    retryable: known.every((error) => error.retryable),
    context: { ...lead.context, streams: failures.map(({ stream }) => stream) },
    cause: lead,
  })
}
