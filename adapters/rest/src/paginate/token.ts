import { parseJsonPath } from '@caudal/http'
import type { PaginateOptions } from '../options.ts'
import { limitParameter, saysMore, textIn, type Paginator } from './paginator.ts'

/** A token in the body leads to the next page; without one the list ends. State: `{ cursor }`, empty for the first page. */
export function createTokenPaginator(options: Extract<PaginateOptions, { kind: 'cursor' }>): Paginator {
  const { param, limit, limitParam, hasMore } = options
  const path = parseJsonPath(options.path)
  return {
    limit,
    first: {},
    parameters({ cursor }) {
      const params = limitParameter(limit, limitParam)
      return { params: cursor === undefined ? params : { ...params, [param]: String(cursor) } }
    },
    next(state, { page }) {
      const cursor = textIn(page, path)
      const isCaughtUp = cursor === state['cursor'] && page.records.length === 0
      return cursor === undefined || isCaughtUp || saysMore(page, hasMore) === false ? undefined : { cursor }
    },
    endStatus: () => [],
    mayRepeat: () => false,
  }
}
