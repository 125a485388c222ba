import type { PaginateOptions } from '../options.ts'
import { createKeysetPaginator } from './keyset.ts'
import { createLinkPaginator } from './link.ts'
import { createOffsetPaginator } from './offset.ts'
import { createPagePaginator } from './page.ts'
import { limitParameter, type Paginator } from './paginator.ts'
import { createTokenPaginator } from './token.ts'

/** The paginator that the options describe. `withoutSecrets` takes credentials out of an address that is to be kept. */
export function createPaginator(
  options: PaginateOptions,
  withoutSecrets: (url: string) => string,
): Paginator {
  switch (options.kind) {
    case 'none':
      return singlePage(options.limit, options.limitParam)
    case 'page':
      return createPagePaginator(options)
    case 'offset':
      return createOffsetPaginator(options)
    case 'cursor':
      return createTokenPaginator(options)
    case 'next':
    case 'link':
      return createLinkPaginator(options, withoutSecrets)
    case 'keyset':
      return createKeysetPaginator(options)
  }
}

function singlePage(limit: number | undefined, limitParam: string | undefined): Paginator {
  return {
    limit,
    first: {},
    parameters: () => ({ params: limitParameter(limit, limitParam) }),
    next: () => undefined,
    endStatus: () => [],
    mayRepeat: () => false,
  }
}
