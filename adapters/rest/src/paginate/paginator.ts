import {
  formatJsonPath,
  parseJsonPath,
  scalarText,
  valueAt,
  type JsonPath,
  type LosslessJson,
} from '@caudal/http'
import { CaudalError, type JsonObject } from '@caudal/spec'
import type { RecordsPage } from '../page/records-page.ts'

/** Where a list goes on: plain data that only its paginator understands. */
export type PageState = JsonObject

/** What a page's request has beyond the stream's own. */
interface PageParameters {
  readonly params?: Readonly<Record<string, string>>
  /** The whole address, where the server gives it. */
  readonly url?: string
}

/** A page with what the paginator needs to know of its stream. */
export interface PageFacts {
  readonly page: RecordsPage
  /** What names a record: its key, or a digest. */
  readonly identify: (index: number) => string
}

/** One way of paging. */
export interface Paginator {
  readonly limit: number | undefined
  readonly first: PageState
  parameters(state: PageState): PageParameters
  /** The state after a page; `undefined` at the end. */
  next(state: PageState, facts: PageFacts): PageState | undefined
  /** Statuses that mean "past the end" in this state. */
  endStatus(state: PageState): readonly number[]
  /** Whether a page that repeats the one before is the end rather than a fault: the page before was not full. */
  mayRepeat(state: PageState): boolean
  /** The state that will probably follow `state`, if pages go on like this one; `undefined` when nothing can be said. */
  predict?(state: PageState, facts: PageFacts): PageState | undefined
  /** Pages asked for at once. */
  readonly readAhead?: number
  /** How many leading records the page before has delivered already; `undefined`: the list has shifted, so step back. */
  overlapped?(state: PageState, facts: PageFacts): number | undefined
  /** One page back; `undefined` at the beginning. */
  back?(state: PageState): PageState | undefined
}

/** The parameter that asks for a page size, if one is set. */
export function limitParameter(limit: number | undefined, name = 'limit'): Readonly<Record<string, string>> {
  return limit === undefined ? {} : { [name]: String(limit) }
}

/** What a body says at a path, as text; `undefined` for null, nothing and the empty text. @throws CaudalError `CAUDAL_REST_PAGINATE_FIELD` for an object. */
export function textIn(page: RecordsPage, path: JsonPath): string | undefined {
  const value = valueAt(page.body as LosslessJson, path)
  const text = scalarText(value)
  if (text !== undefined || value === undefined || value === null) return text === '' ? undefined : text
  throw new CaudalError({
    code: 'CAUDAL_REST_PAGINATE_FIELD',
    message: `${page.origin}: \`${formatJsonPath(path)}\` holds ${JSON.stringify(value).slice(0, 100)} where a text or a number belongs.`,
    hint: 'Point the path under `paginate` at the value itself, for instance `paging.next.after`.',
    context: { field: formatJsonPath(path) },
  })
}

/** Whether the body says that there is more; `undefined` when it says nothing. */
export function saysMore(page: RecordsPage, hasMore: string | undefined): boolean | undefined {
  const text = hasMore === undefined ? undefined : textIn(page, parseJsonPath(hasMore))
  return text === undefined ? undefined : text !== 'false' && text !== '0'
}

/** Whether the list ends with this page, where an empty page is the end unless the body says otherwise. */
export function isEnd(page: RecordsPage, hasMore: string | undefined): boolean {
  return !(saysMore(page, hasMore) ?? page.records.length > 0)
}

/** A whole number in a body; `undefined` when there is none. */
export function countIn(page: RecordsPage, path: string | undefined): number | undefined {
  const text = path === undefined ? undefined : textIn(page, parseJsonPath(path))
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined
}

/**
 * Statuses by which servers refuse a page past the end; they count as the end only after a page that was not full, for then there is
 * reason to believe it.
 */
export const pastEndStatuses: readonly number[] = [400, 404, 416, 422]
