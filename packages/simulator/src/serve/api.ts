import { type Company, SHAPES } from '../company/company.ts'
import { DEALS_MAX } from '../company/ids.ts'
import { type Answer, Refusal } from './answer.ts'
import type { FaultKind } from './faults.ts'
import { PAGES, type PageRequest, PAGING_STYLES, type PagingStyle, sinceOf } from './pages.ts'
import type { RateLimiter } from './rate-limit.ts'
import { type Served, StreamStore } from './store.ts'
import { SERVED_STREAMS, type ServedStream, type Stores } from './stores.ts'

/** What the API reads from. */
export interface Api {
  readonly company: Company
  readonly stores: Stores
  readonly limiter: RateLimiter
  readonly pageSize: number
}

/** Answers an authenticated GET under `/v1` or `/paging`. Throws a refusal for what does not exist. */
export function answerApi(api: Api, url: URL, fault: FaultKind | undefined): Answer {
  const [, root, first, second, third, ...more] = url.pathname.split('/')
  const twist = fault === 'repeat-page' || fault === 'stuck-cursor' ? fault : undefined
  const page = {
    params: url.searchParams,
    address: `${url.origin}${url.pathname}`,
    pageSize: api.pageSize,
    twist,
  }
  if (root === 'paging' && isStyle(first) && third === undefined) {
    return PAGES[first]({ ...page, store: storeOf(api, second) })
  }
  if (root !== 'v1' || more.length > 0) throw notFound(url)
  if (first === 'account' && second === undefined) return { status: 200, body: accountBody(api) }
  const store = storeOf(api, first)
  if (second === undefined) return PAGES.cursor({ ...page, store })
  if (second === 'count' && third === undefined) {
    return { status: 200, body: { count: store.count(sinceOf(url.searchParams)) } }
  }
  const row = store.get(Number(second))
  if (row === undefined) throw notFound(url)
  if (third === undefined) return { status: 200, body: row }
  if (first !== 'deals' || third !== 'notes') throw notFound(url)
  return notesOf(api, row.id, page)
}

function isStyle(name: string | undefined): name is PagingStyle {
  return PAGING_STYLES.some((style) => style === name)
}

function storeOf(api: Api, name: string | undefined): StreamStore<Served> {
  if (!SERVED_STREAMS.some((stream) => stream === name)) {
    throw new Refusal(404, `no stream ${name ?? ''}: the streams are ${SERVED_STREAMS.join(', ')}`)
  }
  return api.stores[name as ServedStream]
}

function notFound(url: URL): Refusal {
  return new Refusal(404, `nothing at ${url.pathname}`)
}

/** The company and the rights of whoever asks, and what is left of the quota. */
function accountBody(api: Api): object {
  return {
    company: 'Riada',
    user: 'integration@riada.example',
    scopes: SERVED_STREAMS.map((stream) => `${stream}.read`),
    quota: api.limiter.quota(),
  }
}

/** The notes of a deal; deals that the seller made have none. */
function notesOf(api: Api, deal: number, page: Omit<PageRequest, 'store'>): Answer {
  const unit = Math.floor(((deal - SHAPES.deals.digit) / 10 - 1) / DEALS_MAX)
  const { units, rows } = SHAPES.notes
  const { world } = api.company
  const all = unit < units(world) ? rows(world, unit).filter((note) => note.deal_id === deal) : []
  const shape = { digit: SHAPES.notes.digit, slots: Number.MAX_SAFE_INTEGER, units: () => 1, rows: () => all }
  return PAGES.cursor({ ...page, store: new StreamStore<Served>(world, shape) })
}
