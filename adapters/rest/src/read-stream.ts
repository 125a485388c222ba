import { scalarText, valueAt, type LosslessJson } from '@caudal/http'
import {
  CaudalError,
  type BatchPayload,
  type JsonValue,
  type Operation,
  type SourceBatch,
  type StreamRequest,
} from '@caudal/spec'
import type { Connection } from './connection.ts'
import { toRestPosition } from './increment/position.ts'
import { openWindow, type ReadWindow } from './increment/window.ts'
import type { RestStream } from './rest-stream.ts'
import type { JsonRecord } from './page/records-page.ts'
import { walkStream } from './walk/walk-children.ts'
import type { WalkedPage } from './walk/walk.ts'

const emptyPagesMax = 100

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
  const stored = request.full ? undefined : request.positions['']
  const window = openWindow(connection, stream, toRestPosition(stored))
  const delivered = { records: 0, pages: 0 }
  try {
    yield* readWindow({ connection, stream, window, stored, signal, delivered })
  } catch (thrown) {
    signal.throwIfAborted()
    throw locate(thrown, connection.source, stream, delivered)
  }
}

interface Reading {
  readonly connection: Connection
  readonly stream: RestStream
  readonly window: ReadWindow
  readonly stored: JsonValue | undefined
  readonly signal: AbortSignal
  readonly delivered: { records: number; pages: number }
}

async function* readWindow(reading: Reading): AsyncGenerator<SourceBatch> {
  const { stream, window, delivered } = reading
  let emptyPages = 0
  for await (const walked of walkFrom(reading)) {
    const kept = window.take(walked.page, walked.skip)
    const payload = payloadOf(stream, walked, kept)
    const rows = payload.kind === 'ndjson' ? payload.rows : payload.kind === 'rows' ? payload.rows.length : 0
    if (walked.next === undefined) {
      yield* finish(reading, payload, rows, walked.page.origin)
      return
    }
    emptyPages = rows === 0 ? emptyPages + 1 : 0
    if (rows === 0 && emptyPages % emptyPagesMax !== 0) continue
    delivered.records += rows
    delivered.pages += 1
    yield { stream: stream.name, payload, position: window.during(walked.next), origin: walked.page.origin }
  }
  yield* finish(reading, { kind: 'ndjson', bytes: new Uint8Array(), rows: 0, fields: [] }, 0)
}

function* finish(
  { stream, window, stored, delivered }: Reading,
  payload: BatchPayload,
  rows: number,
  origin?: string,
): Generator<SourceBatch> {
  const position = window.after()
  const isNothingNew = rows === 0 && !window.isWhole && delivered.pages === 0
  if (isNothingNew && JSON.stringify(position) === JSON.stringify(stored)) return
  delivered.records += rows
  delivered.pages += 1
  yield {
    stream: stream.name,
    payload,
    position,
    ...(origin === undefined ? {} : { origin }),
    ...(window.isWhole ? { complete: true } : {}),
  }
}

/** Walks from where the window stands. A place that the server has forgotten is left, where beginning anew does no harm. */
async function* walkFrom({ connection, stream, window, signal }: Reading): AsyncGenerator<WalkedPage> {
  const { from, params } = window
  if (from === undefined) return yield* walkStream(connection, stream, { params, signal })
  const resumed = walkStream(connection, stream, { from, params, signal })
  let first: IteratorResult<WalkedPage>
  try {
    first = await resumed.next()
  } catch (thrown) {
    refuseRestart(connection, stream, thrown)
    window.restart()
    return yield* walkStream(connection, stream, { params, signal })
  }
  if (first.done === true) return
  yield first.value
  yield* resumed
}

/** Throws unless the stream can be read again from the beginning of its window without doubling records. */
function refuseRestart(connection: Connection, stream: RestStream, thrown: unknown): void {
  const isForgotten = CaudalError.isInstance(thrown) && /^CAUDAL_HTTP_(REFUSED|NOT_FOUND)$/.test(thrown.code)
  if (!isForgotten) throw thrown
  const where = `${connection.source}.${stream.name}`
  const { disposition } = stream
  if (stream.key.length > 0 && (disposition === 'merge' || disposition === 'history')) {
    connection.log(
      'info',
      `${where}: the server does not know the page where the last read stopped; reading begins anew.`,
      {
        stream: stream.name,
      },
    )
    return
  }
  throw new CaudalError({
    code: 'CAUDAL_REST_RESUME_EXPIRED',
    message: `${where}: the server does not know the page any more where the last read stopped, and beginning anew would double what was loaded since (${disposition}). ${thrown.message}`,
    hint: `Read it again from the start: caudal reset ${where}`,
    context: { source: connection.source, stream: stream.name },
    cause: thrown,
  })
}

function payloadOf(
  stream: RestStream,
  { page, extra }: WalkedPage,
  kept: readonly boolean[] | undefined,
): BatchPayload {
  if (extra !== undefined) refuseTaken(stream, page.records[0], Object.keys(extra))
  const operations = operationsOf(stream, page.records)
  if (operations === undefined) return page.lines(kept, extra)
  const isKept = (index: number): boolean => kept === undefined || kept[index] === true
  return {
    kind: 'rows',
    rows: page.records.filter((_, index) => isKept(index)).map((record) => ({ ...record, ...extra })),
    operations: operations.filter((_, index) => isKept(index)),
  }
}

/** What happens to each record's key; `undefined` when all have values. */
function operationsOf(stream: RestStream, records: readonly JsonRecord[]): readonly Operation[] | undefined {
  const { deleted } = stream.options
  if (deleted === undefined) return undefined
  const path = deleted.field.split('.')
  const operations = records.map((record): Operation => {
    const value = valueAt(record as LosslessJson, path)
    if (deleted.equals !== undefined)
      return scalarText(value) === String(deleted.equals) ? 'delete' : 'upsert'
    return value === undefined || value === null || value === false || value === '' ? 'upsert' : 'delete'
  })
  return operations.includes('delete') ? operations : undefined
}

function refuseTaken(stream: RestStream, record: JsonRecord | undefined, names: readonly string[]): void {
  const taken = names.find((name) => record !== undefined && Object.hasOwn(record, name))
  if (taken === undefined) return
  throw new CaudalError({
    code: 'CAUDAL_REST_INCLUDE_TAKEN',
    message: `The records of \`${stream.name}\` have a field \`${taken}\` of their own, which \`parent.include\` would overwrite.`,
    hint: `Name it otherwise: include: { parent_${taken}: '…' }.`,
    context: { stream: stream.name, field: taken },
  })
}

function locate(
  thrown: unknown,
  source: string,
  stream: RestStream,
  delivered: { readonly records: number; readonly pages: number },
): unknown {
  if (!CaudalError.isInstance(thrown)) return thrown
  const before =
    delivered.pages === 0
      ? `Nothing of \`${stream.name}\` was read.`
      : `${delivered.records} records of \`${stream.name}\` were read before; the next read goes on behind what was loaded of them.`
  return new CaudalError({
    ...thrown.toJSON(),
    message: `${thrown.message} ${before}`,
    context: { ...thrown.context, source, stream: stream.name, recordsBefore: delivered.records },
    cause: thrown,
  })
}
