import type { PaginateOptions } from '../../src/options.ts'
import type { Asked } from './api.ts'

/** A record of the lists that tests page through. */
export interface Item {
  readonly id: string
}

/** Records with ids that sort as text. */
export function items(length: number): Item[] {
  return Array.from({ length }, (_, index) => ({ id: `i${String(index).padStart(4, '0')}` }))
}

/** A way of paging: what the source is told, and how a server of that kind answers. */
export interface Paging {
  readonly paginate: PaginateOptions
  readonly answer: (asked: Asked, list: readonly Item[]) => { readonly body: unknown; readonly link?: string }
}

const limit = 3

function page(list: readonly Item[], from: number): readonly Item[] {
  return list.slice(from, from + limit)
}

/** Every kind of `paginate`, with a server for it. */
export const pagings: Readonly<Record<string, Paging>> = {
  page: {
    paginate: { kind: 'page', param: 'p', limit },
    answer: ({ query }, list) => ({ body: { data: page(list, (Number(query['p']) - 1) * limit) } }),
  },
  'page from 0 with a number of pages': {
    paginate: { kind: 'page', start: 0, limit, limitParam: 'size', pages: 'meta.pages' },
    answer: ({ query }, list) => ({
      body: {
        data: page(list, Number(query['page']) * limit),
        meta: { pages: Math.ceil(list.length / limit) },
      },
    }),
  },
  offset: {
    paginate: { kind: 'offset', limit },
    answer: ({ query }, list) => ({ body: { data: page(list, Number(query['offset'])) } }),
  },
  'offset with a total': {
    paginate: { kind: 'offset', limit, total: 'total', overlap: 0 },
    answer: ({ query }, list) => ({
      body: { data: page(list, Number(query['offset'])), total: list.length },
    }),
  },
  cursor: {
    paginate: { kind: 'cursor', path: 'paging.next.after', param: 'after', limit },
    answer: ({ query }, list) => {
      const from = Number(query['after'] ?? 0)
      const isLast = from + limit >= list.length
      return {
        body: { data: page(list, from), paging: isLast ? {} : { next: { after: String(from + limit) } } },
      }
    },
  },
  'cursor with hasMore': {
    paginate: { kind: 'cursor', path: 'next', param: 'after', hasMore: 'more' },
    answer: ({ query }, list) => {
      const from = Number(query['after'] ?? 0)
      return { body: { data: page(list, from), next: from + limit, more: from + limit < list.length } }
    },
  },
  'next link': {
    paginate: { kind: 'next', path: 'links.next', limit },
    answer: ({ query }, list) => {
      const from = Number(query['from'] ?? 0)
      const next = from + limit < list.length ? `/items?from=${from + limit}` : null
      return { body: { data: page(list, from), links: { next } } }
    },
  },
  'Link header': {
    paginate: { kind: 'link' },
    answer: ({ query }, list) => {
      const from = Number(query['from'] ?? 0)
      const isLast = from + limit >= list.length
      return {
        body: { data: page(list, from) },
        link: isLast ? '' : `</items?from=${from + limit}>; rel="next"`,
      }
    },
  },
  keyset: {
    paginate: { kind: 'keyset', field: 'id', param: 'after_id', limit },
    answer: ({ query }, list) => {
      const from = list.findIndex(({ id }) => id > (query['after_id'] ?? ''))
      return { body: { data: from < 0 ? [] : page(list, from) } }
    },
  },
}
