import type { PaginateOptions } from '../options.ts'
import {
  countIn,
  limitParameter,
  pastEndStatuses,
  isEnd,
  type PageFacts,
  type PageState,
  type Paginator,
} from './paginator.ts'

const anchorsMax = 20

/**
 * Records counted from the beginning. A page begins with the last records of the page before; where it does not, records were inserted or
 * removed meanwhile, and reading goes on behind the last one that is found again.
 * State: `{ offset, anchors, short }`: records before it, and what names the last of them, newest last.
 */
export function createOffsetPaginator(options: Extract<PaginateOptions, { kind: 'offset' }>): Paginator {
  const { param = 'offset', limit, limitParam, hasMore, total, endStatus = [], overlap = 1 } = options
  const asked = (offset: number): number => Math.max(0, offset - overlap)
  return {
    limit,
    first: { offset: 0 },
    readAhead: options.readAhead ?? 8,
    parameters: (state) => ({
      params: { [param]: String(asked(Number(state['offset']))), ...limitParameter(limit, limitParam) },
    }),
    next(state, { page, identify }) {
      const { length } = page.records
      const from = asked(Number(state['offset']))
      const offset = from + length
      if (isEnd(page, hasMore)) return undefined
      const isShort = limit === undefined || length < limit
      if (offset <= Number(state['offset']) && isShort && state['searching'] !== true) return undefined
      if (isShort && offset >= (countIn(page, total) ?? Infinity)) return undefined
      const count = overlap === 0 ? 0 : Math.min(length, anchorsMax)
      const anchors = Array.from({ length: count }, (_, index) => identify(length - count + index))
      return { offset, ...(count === 0 ? {} : { anchors }), ...(isShort ? { short: true } : {}) }
    },
    endStatus: (state) => (state['short'] === true ? [...endStatus, ...pastEndStatuses] : endStatus),
    mayRepeat: (state) => state['short'] === true,
    predict(state, { page }) {
      const { length } = page.records
      if (limit !== undefined && length < limit) return undefined
      const before = Number(state['offset'])
      const offset = asked(before) + length
      if (offset <= before || offset >= (countIn(page, total) ?? Infinity)) return undefined
      return { offset }
    },
    ...(overlap === 0 ? {} : { overlapped, back }),
  }

  function back(state: PageState): PageState | undefined {
    const offset = Number(state['offset'])
    const step = Math.max(1, (limit ?? anchorsMax) - 1)
    return asked(offset) === 0 ? undefined : { ...state, offset: Math.max(0, offset - step), searching: true }
  }
}

function overlapped(state: PageState, { page, identify }: PageFacts): number | undefined {
  const anchors = Array.isArray(state['anchors']) ? state['anchors'] : []
  if (anchors.length === 0) return 0
  const names = page.records.map((_, index) => identify(index))
  for (const anchor of anchors.toReversed()) {
    const found = names.lastIndexOf(String(anchor))
    if (found >= 0) return found + 1
  }
  return undefined
}
