import { parseJsonPath, scalarText, valueAt, type LosslessJson } from '@caudal/http'
import { CaudalError } from '@caudal/spec'
import type { PaginateOptions } from '../options.ts'
import { limitParameter, pastEndStatuses, isEnd, type Paginator } from './paginator.ts'

/** Each page asks for what follows the last record. The list ends with an empty page, or where the body says so. State: `{ after, short }`. */
export function createKeysetPaginator(options: Extract<PaginateOptions, { kind: 'keyset' }>): Paginator {
  const { param, limit, limitParam, hasMore, endStatus = [] } = options
  const path = parseJsonPath(options.field)
  return {
    limit,
    first: {},
    parameters({ after }) {
      const params = limitParameter(limit, limitParam)
      return { params: after === undefined ? params : { ...params, [param]: String(after) } }
    },
    next(_state, { page }) {
      const last = page.records.at(-1)
      if (last === undefined || isEnd(page, hasMore)) return undefined
      const after = scalarText(valueAt(last as LosslessJson, path))
      if (after === undefined) {
        throw new CaudalError({
          code: 'CAUDAL_REST_KEYSET_FIELD',
          message: `${page.origin}: the last record has no \`${options.field}\`, so the next page cannot be asked for.`,
          hint: 'Set `paginate.field` to a field that every record has.',
          context: { field: options.field },
        })
      }
      const isShort = limit === undefined || page.records.length < limit
      return { after, ...(isShort ? { short: true } : {}) }
    },
    endStatus: (state) => (state['short'] === true ? [...endStatus, ...pastEndStatuses] : endStatus),
    mayRepeat: (state) => state['short'] === true,
  }
}
