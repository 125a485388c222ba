import {
  CaudalError,
  suggestion,
  supportsAcknowledge,
  supportsCount,
  toErrorReport,
  type JsonValue,
  type Lake,
  type Source,
  type StreamDescription,
  type StreamFailure,
} from '@caudal/spec'
import type { LoadClock } from '../load/load-id.ts'
import { Stager } from '../load/stager.ts'
import { bytesOf } from '../load/waiting-loads.ts'
import { startsOf } from '../load/starts.ts'
import type { StagedLoad } from '../load/staged-load.ts'
import type { ExtractRequest, OwnerApi, StreamExtract } from './protocol.ts'

/** Loads that may be staged and not yet in effect, what a slow warehouse lets pile up: a few, or many as long as they are small. */
const unconfirmedMax = 3
const unconfirmedSmallMax = 200
const unconfirmedBytesMax = 8 * 1024 * 1024

/** Reads streams of an open source into the lake, and hands every complete load to the owner. */
export async function extract(
  source: Source,
  discovered: readonly (StreamDescription | StreamFailure)[],
  given: ExtractRequest,
  lake: Lake,
  owner: OwnerApi,
  clock: LoadClock,
  signal: AbortSignal,
): Promise<StreamExtract[]> {
  const unknown = discovered.filter((stream) => 'failure' in stream)
  const chosen = choose(
    discovered.flatMap((stream) => ('failure' in stream ? [] : [stream])),
    unknown,
    given,
  )
  const starts = Object.fromEntries(
    chosen.map((stream) => [stream.name, startsOf(stream, given.starts[stream.name])]),
  )
  const request: ExtractRequest = { ...given, starts }
  const confirmed = new Confirmations(owner, source)
  clock.passed(request.lastLoad)
  const stagers = new Map(
    chosen.map((stream) => [
      stream.name,
      new Stager({
        lake,
        clock,
        source: request.source,
        run: request.run,
        stream,
        full: request.full,
        starts: new Map(Object.entries(request.starts[stream.name] ?? {})),
        handOver: (load) => confirmed.handOver(load),
      }),
    ]),
  )
  const before = await countAll(source, chosen, signal)
  const report = reporter(request, owner, before)
  const failures = await readAll(source, chosen, request, stagers, report, signal)
  const errors = await confirmed.settle()
  const read = chosen.filter((stream) => !failures.has(stream.name))
  const after = signal.aborted ? new Map<string, number>() : await countAll(source, read, signal)
  const extracts = chosen.map((stream) => {
    const stager = stagers.get(stream.name)
    const error = errors.get(stream.name) ?? failures.get(stream.name)
    const counts = { before: before.get(stream.name), after: after.get(stream.name) }
    return {
      stream: stream.name,
      description: stream,
      rows: stager?.rows ?? 0,
      bytes: stager?.bytes ?? 0,
      ...(counts.before === undefined || counts.after === undefined
        ? {}
        : { counted: { before: counts.before, after: counts.after } }),
      ...(error === undefined ? {} : { error: toErrorReport(error) }),
    }
  })
  return [...extracts, ...unknown.map(withoutDescription)]
}

function withoutDescription({ stream, failure }: StreamFailure): StreamExtract {
  return { stream, rows: 0, bytes: 0, error: toErrorReport(failure) }
}

async function readAll(
  source: Source,
  chosen: readonly StreamDescription[],
  request: ExtractRequest,
  stagers: ReadonlyMap<string, Stager>,
  report: Reporter,
  signal: AbortSignal,
): Promise<Map<string, unknown>> {
  const streams = chosen.map((stream) => ({
    stream: stream.name,
    positions: request.full ? {} : adapterPositions(request.starts[stream.name] ?? {}),
    full: request.full,
  }))
  const failures = new Map<string, unknown>()
  const fail = async (stream: string, error: unknown): Promise<void> => {
    if (failures.has(stream)) return
    failures.set(stream, error)
    await (signal.aborted ? stagers.get(stream)?.discard() : stagers.get(stream)?.stop())
  }
  try {
    for await (const batch of source.read({ streams, signal })) {
      signal.throwIfAborted()
      const stager = stagerOf(stagers, batch.stream, request.source)
      if ('failure' in batch) {
        await fail(batch.stream, batch.failure)
        continue
      }
      if (failures.has(batch.stream)) continue
      try {
        await stager.take(batch)
      } catch (error) {
        failures.set(batch.stream, error)
        await stager.discard()
        if (failures.size === stagers.size) break
        continue
      }
      await report(batch.stream, stager)
    }
    for (const [stream, stager] of stagers) {
      if (!failures.has(stream)) await stager.finish().catch((error: unknown) => fail(stream, error))
    }
  } catch (error) {
    for (const stream of stagers.keys()) await fail(stream, error)
  }
  return failures
}

type Reporter = (stream: string, stager: Stager) => Promise<void>

/** Tells the owner now and then how far a stream has come. */
function reporter(
  { run, source, full, starts }: ExtractRequest,
  owner: OwnerApi,
  counted: ReadonlyMap<string, number>,
): Reporter {
  let lastReport = 0
  return async (stream, { rows, bytes }) => {
    if (Date.now() - lastReport < 200) return
    lastReport = Date.now()
    const isFromStart = full || Object.keys(adapterPositions(starts[stream] ?? {})).length === 0
    const total = isFromStart ? counted.get(stream) : undefined
    await owner.progress({ run, source, stream, rows, bytes, ...(total === undefined ? {} : { total }) })
  }
}

function adapterPositions(
  starts: Readonly<Record<string, { readonly envelope: { readonly adapter: JsonValue } }>>,
): Record<string, JsonValue> {
  return Object.fromEntries(
    Object.entries(starts).flatMap(([partition, { envelope }]) =>
      envelope.adapter === null ? [] : [[partition, envelope.adapter]],
    ),
  )
}

function stagerOf(stagers: ReadonlyMap<string, Stager>, stream: string, source: string): Stager {
  const stager = stagers.get(stream)
  if (stager !== undefined) return stager
  throw new CaudalError({
    code: 'CAUDAL_SOURCE_STREAM',
    message: `${source}: the source delivered a batch of the stream \`${stream}\`, which was not asked for. Nothing of the batch was kept.`,
    hint: 'Correct the source: a batch names the stream that it belongs to.',
    context: { source, stream },
  })
}

function choose(
  descriptions: readonly StreamDescription[],
  undiscovered: readonly StreamFailure[],
  request: ExtractRequest,
): readonly StreamDescription[] {
  if (request.streams.length === 0) return descriptions
  const known = descriptions.map((stream) => stream.name)
  return request.streams.flatMap((name) => {
    const found = descriptions.find((stream) => stream.name === name)
    if (found !== undefined) return found
    if (undiscovered.some(({ stream }) => stream === name)) return []
    throw new CaudalError({
      code: 'CAUDAL_STREAM_UNKNOWN',
      message: `${request.source}: there is no stream \`${name}\`; its streams are ${known.join(', ')}. Nothing was read.${suggestion(name, known)}`,
      hint: 'Name one of the streams, or run `caudal typegen` when the source has new ones.',
      context: { source: request.source, stream: name },
    })
  })
}

async function countAll(
  source: Source,
  streams: readonly StreamDescription[],
  signal: AbortSignal,
): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  if (!supportsCount(source)) return counts
  for (const stream of streams) {
    const count = await source.count(stream.name, signal)
    if (count !== undefined) counts.set(stream.name, count)
  }
  return counts
}

/** Loads that were handed over and are not in effect yet, in order; a refused load stops its stream. */
class Confirmations {
  readonly #owner: OwnerApi
  readonly #source: Source
  readonly #errors = new Map<string, Error>()
  readonly #pending: { readonly confirmed: Promise<void>; readonly bytes: number }[] = []

  constructor(owner: OwnerApi, source: Source) {
    this.#owner = owner
    this.#source = source
  }

  async handOver(load: StagedLoad): Promise<void> {
    const earlier = this.#errors.get(load.stream)
    if (earlier !== undefined) throw earlier
    const confirmed = this.#owner.staged(load).then(
      () => this.#acknowledge(load),
      (error: unknown) => {
        if (!this.#errors.has(load.stream)) this.#errors.set(load.stream, toError(error))
      },
    )
    this.#pending.push({ confirmed, bytes: bytesOf(load) })
    while (this.#isFull()) await this.#pending.shift()?.confirmed
  }

  #isFull(): boolean {
    const loads = this.#pending.length
    if (loads < unconfirmedMax) return false
    const bytes = this.#pending.reduce((sum, one) => sum + one.bytes, 0)
    return bytes > unconfirmedBytesMax || loads >= unconfirmedSmallMax
  }

  async settle(): Promise<ReadonlyMap<string, unknown>> {
    await Promise.all(this.#pending.map(({ confirmed }) => confirmed))
    return this.#errors
  }

  async #acknowledge(load: StagedLoad): Promise<void> {
    const envelope = load.position as { readonly adapter: JsonValue }
    if (supportsAcknowledge(this.#source) && envelope.adapter !== null) {
      await this.#source.acknowledge(load.stream, load.partition, envelope.adapter)
    }
  }
}

function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}
