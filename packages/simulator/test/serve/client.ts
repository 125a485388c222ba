import { after } from 'node:test'
import { type CompanyServer, serveCompany, type ServeOptions } from '@caudal/simulator'

export const now = '2026-06-30T12:00:00.000Z'

export interface Row {
  readonly id: number
  readonly updated_at: string
  readonly [field: string]: unknown
}

export interface Page {
  readonly data: Row[]
  readonly paging?: { readonly next: { readonly after: string } }
  readonly [field: string]: unknown
}

/** Serves a company until the surrounding suite ends. */
export async function serve(options: Partial<ServeOptions> = {}): Promise<CompanyServer> {
  const server = await serveCompany({ seed: 7, records: 5000, now, clock: () => Date.parse(now), ...options })
  after(() => server.close())
  return server
}

export function get(server: CompanyServer, path: string, token: string = server.token): Promise<Response> {
  const url = path.startsWith('http') ? path : server.url + path
  return fetch(url, { headers: { authorization: `Bearer ${token}` } })
}

export async function getJson<Body = Page>(server: CompanyServer, path: string): Promise<Body> {
  return (await (await get(server, path)).json()) as Body
}

/** Every row of a collection of `/v1`, following its cursors. */
export async function readAll(server: CompanyServer, path: string): Promise<Row[]> {
  const rows: Row[] = []
  let cursor: string | undefined
  do {
    const join = path.includes('?') ? '&' : '?'
    const page = await getJson(server, cursor === undefined ? path : `${path}${join}after=${cursor}`)
    rows.push(...page.data)
    cursor = page.paging?.next.after
  } while (cursor !== undefined)
  return rows
}
