import { sourceContract, type SourceFactory, type SourceRecord } from '@caudal/testkit'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { rest, type RestStreamOptions } from '../src/index.ts'

const limit = 4

/** Notes behind a real server, read as the options say. */
function served(options: Partial<RestStreamOptions>): SourceFactory {
  return async (initial) => {
    let records: readonly SourceRecord[] = initial
    let isBroken = false
    const server = createServer((request, response) => {
      const { pathname, searchParams: query } = new URL(request.url ?? '', 'http://server')
      const since = query.get('since') ?? ''
      const found = records.filter((record) => record.updated_at >= since)
      const from = Number(query.get('offset') ?? query.get('after') ?? 0)
      const isFailing = isBroken && from >= limit
      response.writeHead(isFailing ? 500 : 200, { 'content-type': 'application/json' })
      const next = from + limit < found.length ? String(from + limit) : null
      const answer =
        pathname === '/count' ? { n: records.length } : { data: found.slice(from, from + limit), next }
      response.end(JSON.stringify(isFailing ? { message: 'out of order' } : answer))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    return {
      stream: 'notes',
      settings: { NOTES_URL: `http://127.0.0.1:${port}` },
      create: () =>
        rest({
          baseUrl: { kind: 'env', name: 'NOTES_URL' },
          retry: { attemptsMax: 2, baseMs: 1 },
          streams: {
            notes: { path: 'notes', records: 'data', count: { path: 'count', field: 'n' }, ...options },
          },
        }).create(),
      async put(next) {
        records = next
      },
      async fail() {
        isBroken = true
      },
      async close() {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      },
    }
  }
}

const text = { type: { kind: 'text' } } as const
const columns = { id: text, title: text, updated_at: text }
const byCursor = { kind: 'cursor', path: 'next', param: 'after' } as const
const changes = { field: 'updated_at', param: 'since' } as const

sourceContract('rest, whole', served({ columns, paginate: byCursor }))
sourceContract(
  'rest, whole by key, columns sampled',
  served({ primaryKey: 'id', disposition: 'merge', paginate: { kind: 'offset', limit, overlap: 0 } }),
)
sourceContract(
  'rest, changes by key',
  served({ columns, primaryKey: 'id', cursor: changes, paginate: { kind: 'offset', limit } }),
)
sourceContract(
  'rest, changes with a lag',
  served({ columns, primaryKey: 'id', cursor: { ...changes, lagSeconds: 3 }, paginate: byCursor }),
)
sourceContract('rest, an append of events', served({ columns, cursor: changes, paginate: byCursor }))
