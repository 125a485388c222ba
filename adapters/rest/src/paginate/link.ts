import { findLink, parseJsonPath } from '@caudal/http'
import type { PaginateOptions } from '../options.ts'
import { limitParameter, saysMore, textIn, type Paginator } from './paginator.ts'

/** The server gives the next page's address, in the body or in the `Link` header. State: `{ url }`, empty for the first page. */
export function createLinkPaginator(
  options: Extract<PaginateOptions, { kind: 'next' | 'link' }>,
  withoutSecrets: (url: string) => string,
): Paginator {
  const { limit, limitParam } = options
  return {
    limit,
    first: {},
    parameters: ({ url }) =>
      url === undefined ? { params: limitParameter(limit, limitParam) } : { url: String(url) },
    next(_state, { page }) {
      if (options.kind === 'next' && saysMore(page, options.hasMore) === false) return undefined
      const link =
        options.kind === 'next'
          ? textIn(page, parseJsonPath(options.path))
          : findLink(page.headers['link'], options.relation ?? 'next')
      return link === undefined ? undefined : { url: withoutSecrets(URL.parse(link, page.url)?.href ?? link) }
    },
    endStatus: () => [],
    mayRepeat: () => false,
  }
}
