import { CaudalError, type JsonObject, type JsonValue } from '@caudal/spec'
import type { Connection } from '../connection.ts'
import { fetchPage } from '../page/fetch-page.ts'
import type { JsonRecord, RecordsPage } from '../page/records-page.ts'
import type { PageFacts, PageState } from '../paginate/paginator.ts'
import { identify, type RestStream } from '../rest-stream.ts'
import { WalkGuard } from './guard.ts'
import { ReadAhead, type FetchState } from './read-ahead.ts'
import type { WalkedPage, WalkRequest } from './walk.ts'

/** A walk over one list of pages: a stream without parent, or the children of one record. */
export interface PageWalkRequest extends WalkRequest {
  readonly parent?: JsonRecord
  /** Statuses of the first page that mean "no such list": the walk ends without a page. */
  readonly absentStatus?: readonly number[]
}

/** Walks the pages of one list in order, reading ahead where the paginator allows. */
export async function* walkPages(
  connection: Connection,
  stream: RestStream,
  request: PageWalkRequest,
): AsyncGenerator<WalkedPage> {
  const { paginator } = stream
  const guard = new WalkGuard(connection.source, stream)
  const fetch: FetchState = (state, number, acceptStatus, signal) =>
    fetchPage(connection, { ...request, stream, state, number, acceptStatus, signal })
  const ahead = new ReadAhead(paginator, fetch, request.signal)
  let { number, state } = parseAt(request.from, connection, stream)
  let absentStatus = request.from === undefined ? (request.absentStatus ?? []) : []
  try {
    for (;;) {
      const fetched = await ahead.take(state, number, [...paginator.endStatus(state), ...absentStatus])
      if (fetched === undefined) return
      const { page, skip, used } = await align({ connection, stream, ahead, number }, fetched, state)
      if (guard.isRepeatedEnd(page, used, number)) return
      const facts = factsOf(stream, page)
      const at = formatAt(stream, number, used)
      const next = paginator.next(used, facts)
      if (next === undefined) {
        warnIfFull(connection, stream, page, number)
        yield { page, skip, at }
        return
      }
      guard.noteNext(next, page, number)
      ahead.fill(next, number + 1, facts)
      yield { page, skip, at, next: formatAt(stream, number + 1, next) }
      number += 1
      state = next
      absentStatus = []
    }
  } finally {
    ahead.drop()
  }
}

interface Alignment {
  readonly connection: Connection
  readonly stream: RestStream
  readonly ahead: ReadAhead
  readonly number: number
}

/** Finds where the unread records of a page begin; goes back page by page when the list has shifted by more than the overlap. */
async function align(
  { connection, stream, ahead, number }: Alignment,
  fetched: RecordsPage,
  state: PageState,
): Promise<{ page: RecordsPage; skip: number; used: PageState }> {
  const { paginator } = stream
  if (paginator.overlapped === undefined) return { page: fetched, skip: 0, used: state }
  let used = state
  let page: RecordsPage | undefined = fetched
  while (page !== undefined) {
    const skip = paginator.overlapped(used, factsOf(stream, page))
    if (skip !== undefined) return { page, skip, used }
    const back = paginator.back?.(used)
    if (back === undefined) break
    ahead.drop()
    used = back
    page = await ahead.take(used, number, paginator.endStatus(used))
  }
  throw new CaudalError({
    code: 'CAUDAL_REST_PAGES_SHIFT',
    message: `${connection.source}.${stream.name}, page ${number}: none of the last records of the page before is in the list any more, so records may be skipped. What was delivered before stays.`,
    hint: 'Ask for a stable order (`params`), page by cursor or keyset if the server can, or set `overlap: 0` to read on unchecked.',
    retryable: true,
    context: { source: connection.source, stream: stream.name, page: number },
  })
}

function factsOf(stream: RestStream, page: RecordsPage): PageFacts {
  return { page, identify: (index) => identify(stream, page, index) }
}

function formatAt(stream: RestStream, page: number, state: PageState): JsonObject {
  return { paginate: stream.options.paginate?.kind ?? 'none', page, state }
}

function parseAt(
  from: JsonValue | undefined,
  connection: Connection,
  stream: RestStream,
): { number: number; state: PageState } {
  if (from === undefined) return { number: 1, state: stream.paginator.first }
  const { paginate, page, state } = from as JsonObject
  const kind = stream.options.paginate?.kind ?? 'none'
  if (paginate === kind) return { number: Number(page), state: state as PageState }
  throw new CaudalError({
    code: 'CAUDAL_REST_POSITION',
    message: `${connection.source}.${stream.name} stopped in mid-list with paginate kind \`${String(paginate)}\`; it is \`${kind}\` now, so reading cannot go on from there. What was loaded stays.`,
    hint: `Read it again from the start: caudal reset ${connection.source}.${stream.name}`,
    context: { source: connection.source, stream: stream.name },
  })
}

const roundSizes = new Set([10, 20, 25, 30, 50, 100, 200, 250, 500, 1000])

function warnIfFull(connection: Connection, stream: RestStream, page: RecordsPage, number: number): void {
  const { limit } = stream.paginator
  const { length } = page.records
  const kind = stream.options.paginate?.kind ?? 'none'
  const isSuspicious = limit === undefined ? kind === 'none' && roundSizes.has(length) : length >= limit
  if (number !== 1 || !isSuspicious) return
  connection.log(
    'warn',
    `${connection.source}.${stream.name} ended with its first page of exactly ${length} records: there may be more. Check \`paginate\`.`,
    { stream: stream.name, records: length },
  )
}
