import { type Answer, Refusal } from './answer.ts'
import type { Position, Served, StreamStore } from './store.ts'

/** A request for a page of a stream. */
export interface PageRequest {
  readonly store: StreamStore<Served>
  readonly params: URLSearchParams
  /** Address of the collection without its query, for links. */
  readonly address: string
  readonly pageSize: number
  /** A fault of paging that this answer shows. */
  readonly twist?: 'repeat-page' | 'stuck-cursor' | undefined
}

export const PAGING_STYLES = ['cursor', 'page', 'offset', 'link', 'next', 'keyset'] as const
export type PagingStyle = (typeof PAGING_STYLES)[number]

/** How each style turns a request into a page. */
export const PAGES: { readonly [Style in PagingStyle]: (request: PageRequest) => Answer } = {
  cursor: cursorPage,
  page: numberedPage,
  offset: offsetPage,
  link: linkPage,
  next: nextPage,
  keyset: keysetPage,
}

/** `{ data, paging: { next: { after } } }`; no `paging` on the last page. */
function cursorPage(request: PageRequest): Answer {
  const { rows, after } = walk(request)
  return {
    status: 200,
    body: { data: rows, ...(after === undefined ? {} : { paging: { next: { after } } }) },
  }
}

/** A bare array, and the next page's address in the `Link` header. */
function linkPage(request: PageRequest): Answer {
  const { rows, after } = walk(request)
  if (after === undefined) return { status: 200, body: rows }
  return { status: 200, body: rows, headers: { link: `<${addressOf(request, after)}>; rel="next"` } }
}

/** `{ data, next }` with the next page's address, null on the last. */
function nextPage(request: PageRequest): Answer {
  const { rows, after } = walk(request)
  return { status: 200, body: { data: rows, next: after === undefined ? null : addressOf(request, after) } }
}

/** `?page=` from 1 and `?per_page=`: `{ data, page, per_page, pages, total }`. */
function numberedPage(request: PageRequest): Answer {
  const page = whole(request.params, 'page', 1, 1)
  const perPage = sizeOf(request, 'per_page')
  const { rows, total } = skipped(request, (page - 1) * perPage, perPage)
  return {
    status: 200,
    body: { data: rows, page, per_page: perPage, pages: Math.ceil(total / perPage), total },
  }
}

/** `?offset=` and `?limit=`: `{ data, offset, limit, total }`. */
function offsetPage(request: PageRequest): Answer {
  const offset = whole(request.params, 'offset', 0, 0)
  const limit = sizeOf(request, 'limit')
  const { rows, total } = skipped(request, offset, limit)
  return { status: 200, body: { data: rows, offset, limit, total } }
}

/** `?after_id=` and `?limit=`, in order of id: `{ data, has_more }`. */
function keysetPage(request: PageRequest): Answer {
  const limit = sizeOf(request, 'limit')
  const after = request.twist === undefined ? whole(request.params, 'after_id', 0, 0) : 0
  const ids = request.store.idsById({ after, limit: limit + 1 })
  return {
    status: 200,
    body: { data: request.store.rows(ids.slice(0, limit)), has_more: ids.length > limit },
  }
}

function skipped(request: PageRequest, skip: number, limit: number): { rows: Served[]; total: number } {
  const { store, params } = request
  const since = sinceOf(params)
  const slice = { skip: request.twist === 'repeat-page' ? 0 : skip, limit }
  const ids =
    since === undefined
      ? store.idsById({ after: 0, ...slice })
      : store.idsByUpdate({ after: { at: since, id: -1 }, ...slice })
  return { rows: store.rows(ids), total: store.count(since) }
}

/** A cursor's content: the order by update or by id, and the place in it. `turn` makes a repeated page's cursors differ. */
type Cursor = (Position | { readonly id: number }) & { readonly turn?: number }

function walk(request: PageRequest): { rows: Served[]; after: string | undefined } {
  const { store, params, twist } = request
  const limit = sizeOf(request, 'limit')
  const since = sinceOf(params)
  const first: Cursor = since === undefined ? { id: 0 } : { at: since, id: -1 }
  const given = cursorOf(params.get('after')) ?? first
  const from = twist === 'repeat-page' ? first : given
  const size = limit + 1
  const ids =
    'at' in from
      ? store.idsByUpdate({ after: from, limit: size })
      : store.idsById({ after: from.id, limit: size })
  const rows = store.rows(ids.slice(0, limit))
  if (twist === 'repeat-page') return { rows, after: encode({ ...first, turn: (given.turn ?? 0) + 1 }) }
  if (twist === 'stuck-cursor') return { rows, after: encode(given) }
  const last = ids.length > limit ? rows.at(-1) : undefined
  if (last === undefined) return { rows, after: undefined }
  return {
    rows,
    after: encode('at' in from ? { at: Date.parse(last.updated_at), id: last.id } : { id: last.id }),
  }
}

function encode(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url')
}

function cursorOf(text: string | null): Cursor | undefined {
  if (text === null) return undefined
  try {
    const cursor = JSON.parse(Buffer.from(text, 'base64url').toString()) as Partial<Position> | null
    if (typeof cursor?.id === 'number') return cursor as Cursor
  } catch {
    // Not JSON: refused below like any other text that is no cursor.
  }
  throw new Refusal(400, `after=${text}: not a cursor of this API`)
}

function addressOf(request: PageRequest, after: string): string {
  const params = new URLSearchParams(request.params)
  params.set('after', after)
  return `${request.address}?${params.toString()}`
}

const PAGE_SIZE_MAX = 1000

function sizeOf({ params, pageSize }: PageRequest, name: string): number {
  const size = whole(params, name, pageSize, 1)
  const most = Math.max(PAGE_SIZE_MAX, pageSize)
  if (size > most) throw new Refusal(400, `${name}=${size}: at most ${most}`)
  return size
}

function whole(params: URLSearchParams, name: string, otherwise: number, least: number): number {
  const text = params.get(name)
  if (text === null) return otherwise
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < least) {
    throw new Refusal(400, `${name}=${text}: not a whole number ≥ ${least}`)
  }
  return value
}

/** `updated_since` in milliseconds. */
export function sinceOf(params: URLSearchParams): number | undefined {
  const text = params.get('updated_since')
  if (text === null) return undefined
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(at)) throw new Refusal(400, `updated_since=${text}: not an ISO 8601 time`)
  return at
}
