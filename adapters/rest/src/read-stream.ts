import { CaudalError, type JsonValue, type SourceBatch, type StreamRequest } from '@caudal/spec'
import type { Connection } from './connection.ts'
import { toRestPosition } from './increment/position.ts'
import { openWindow, type ReadWindow } from './increment/window.ts'
import { payloadOf } from './page/payload.ts'
import type { RestStream } from './rest-stream.ts'
import { walkStream } from './walk/walk-children.ts'
import type { WalkedPage } from './walk/walk.ts'

/** A position is handed on after so many pages without a record. */
const emptyPagesMax = 100

/** How often a read begins anew before it is given up. */
const restartsMax = 3

const nothing = { kind: 'ndjson', bytes: new Uint8Array(), rows: 0, fields: [] } as const

/**
 * Reads one stream: a batch for every page with records, each with the position after it, and at the end of a whole read a batch that says
 * `complete`. Errors say what was delivered before them.
 */
export async function* readStream(
  connection: Connection,
  stream: RestStream,
  request: StreamRequest,
  signal: AbortSignal,
): AsyncGenerator<SourceBatch> {
  const reading = new Reading(connection, stream, request, signal)
  try {
    yield* reading.batches()
  } catch (thrown) {
    signal.throwIfAborted()
    throw reading.locate(thrown)
  }
}

class Reading {
  readonly #connection: Connection
  readonly #stream: RestStream
  readonly #signal: AbortSignal
  readonly #stored: JsonValue | undefined
  readonly #window: ReadWindow
  #hasBegun: boolean
  #records = 0
  #batches = 0

  constructor(connection: Connection, stream: RestStream, request: StreamRequest, signal: AbortSignal) {
    this.#connection = connection
    this.#stream = stream
    this.#signal = signal
    this.#stored = request.full ? undefined : request.positions['']
    this.#window = openWindow(connection, stream, toRestPosition(this.#stored))
    this.#hasBegun = this.#window.from !== undefined
  }

  async *batches(): AsyncGenerator<SourceBatch> {
    const window = this.#window
    let emptyPages = 0
    for await (const walked of this.#walk()) {
      const kept = window.take(walked.page, walked.skip)
      const payload = payloadOf(this.#stream, walked, kept)
      if (walked.next === undefined) return yield* this.#last(payload, walked.page.origin)
      emptyPages = isEmpty(payload) ? emptyPages + 1 : 0
      if (emptyPages % emptyPagesMax !== 0) continue
      yield this.#batch({ payload, position: window.during(walked.next), origin: walked.page.origin })
    }
    yield* this.#last(nothing)
  }

  /** The error with what was read before it. */
  locate(thrown: unknown): unknown {
    if (!CaudalError.isInstance(thrown)) return thrown
    const { name } = this.#stream
    const before =
      this.#batches === 0
        ? `Nothing of \`${name}\` was read.`
        : `${this.#records} records of \`${name}\` were read before; the next read goes on behind what was loaded of them.`
    return new CaudalError({
      ...thrown.toJSON(),
      message: `${thrown.message} ${before}`,
      context: {
        ...thrown.context,
        source: this.#connection.source,
        stream: name,
        recordsBefore: this.#records,
      },
      cause: thrown,
    })
  }

  *#last(payload: SourceBatch['payload'], origin?: string): Generator<SourceBatch> {
    const position = this.#window.after()
    const { isWhole } = this.#window
    const isNothingNew = !isWhole && this.#batches === 0 && isEmpty(payload)
    if (isNothingNew && JSON.stringify(position) === JSON.stringify(this.#stored)) return
    yield this.#batch({
      payload,
      position,
      ...(origin === undefined ? {} : { origin }),
      ...(isWhole ? { complete: true } : {}),
    })
  }

  #batch(facts: Omit<SourceBatch, 'stream'>): SourceBatch {
    const begins = this.#window.isWhole && !this.#hasBegun
    this.#hasBegun = true
    this.#batches += 1
    this.#records += rowsOf(facts.payload)
    return { stream: this.#stream.name, ...facts, ...(begins ? { begins } : {}) }
  }

  /** Walks from where the window stands; begins anew where the place is lost and that does no harm. */
  async *#walk(): AsyncGenerator<WalkedPage> {
    for (let restarts = 0; ; restarts++) {
      const { from, params } = this.#window
      const place = from === undefined ? {} : { from }
      let isFirst = true
      try {
        for await (const walked of walkStream(this.#connection, this.#stream, {
          ...place,
          params,
          signal: this.#signal,
        })) {
          isFirst = false
          yield walked
        }
        return
      } catch (thrown) {
        this.#signal.throwIfAborted()
        const isLost = hasShifted(thrown) || (from !== undefined && isFirst && isForgotten(thrown))
        if (!isLost || restarts === restartsMax) throw thrown
        this.#restart(thrown as CaudalError)
      }
    }
  }

  /** Forgets how far reading has come. @throws CaudalError `CAUDAL_REST_RESUME_EXPIRED` where records would be doubled. */
  #restart(thrown: CaudalError): void {
    const where = `${this.#connection.source}.${this.#stream.name}`
    const why = hasShifted(thrown)
      ? 'the list has shifted, so the place where reading stood is not found again'
      : 'the server does not know the page any more where the last read stopped'
    if (!this.#canRepeat()) {
      throw new CaudalError({
        code: 'CAUDAL_REST_RESUME_EXPIRED',
        message: `${where}: ${why}, and beginning anew would double what was loaded since (${this.#stream.disposition}). ${thrown.message}`,
        hint: `Read it again from the start: caudal reset ${where}`,
        context: { source: this.#connection.source, stream: this.#stream.name },
        cause: thrown,
      })
    }
    this.#connection.log('info', `${where}: ${why}; reading begins anew.`, { stream: this.#stream.name })
    this.#window.restart()
    this.#hasBegun = false
  }

  /** Whether records that come twice do no harm: their key removes them, or the read begins a table of its own. */
  #canRepeat(): boolean {
    const { disposition, key } = this.#stream
    return disposition === 'replace' || (key.length > 0 && disposition !== 'append')
  }
}

function hasShifted(thrown: unknown): boolean {
  return CaudalError.isInstance(thrown) && thrown.code === 'CAUDAL_REST_PAGES_SHIFT'
}

function isForgotten(thrown: unknown): boolean {
  return CaudalError.isInstance(thrown) && /^CAUDAL_HTTP_(REFUSED|NOT_FOUND)$/.test(thrown.code)
}

function isEmpty(payload: SourceBatch['payload']): boolean {
  return rowsOf(payload) === 0
}

function rowsOf(payload: SourceBatch['payload']): number {
  if (payload.kind === 'file') return 0
  return payload.kind === 'ndjson' ? payload.rows : payload.rows.length
}
