import type { PaginateOptions } from '../options.ts'
import { countIn, limitParameter, pastEndStatuses, isEnd, type Paginator } from './paginator.ts'

/**
 * Numbered pages. The list ends with an empty page, or where the body says so: a page that is merely not full may be one that the server
 * keeps short. State: `{ page, short }`, `short` when the page before was not full.
 */
export function createPagePaginator(options: Extract<PaginateOptions, { kind: 'page' }>): Paginator {
  const { param = 'page', start = 1, limit, limitParam, hasMore, pages, endStatus = [] } = options
  return {
    limit,
    first: { page: start },
    readAhead: options.readAhead ?? 8,
    parameters: (state) => ({
      params: { [param]: String(state['page']), ...limitParameter(limit, limitParam) },
    }),
    next(state, { page }) {
      const { length } = page.records
      if (isEnd(page, hasMore)) return undefined
      const isShort = limit === undefined || length < limit
      const number = Number(state['page'])
      if (isShort && number - start + 1 >= (countIn(page, pages) ?? Infinity)) return undefined
      return { page: number + 1, ...(isShort ? { short: true } : {}) }
    },
    endStatus: (state) => (state['short'] === true ? [...endStatus, ...pastEndStatuses] : endStatus),
    mayRepeat: (state) => state['short'] === true,
    predict(state, { page }) {
      const number = Number(state['page']) + 1
      if (limit !== undefined && page.records.length < limit) return undefined
      return number - start + 1 > (countIn(page, pages) ?? Infinity) ? undefined : { page: number }
    },
  }
}
