import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Totals } from '../totals.ts'
import { Desk } from './desk.ts'
import type { Fault } from './faults.ts'
import type { Change } from './market.ts'
import type { SellOptions, ServeOptions } from './options.ts'

/** A served company. */
export interface CompanyServer {
  /** `http://127.0.0.1:…`, without a slash at the end. */
  readonly url: string
  readonly token: string
  /** The last 10,000 requests that were not to `/_control`, oldest first: method, path with query, status. */
  readonly requests: readonly string[]
  /** Advances the company by so many steps, one by default, without a timer; returns what changed, in order of `updated_at`. */
  tick(count?: number): Change[]
  /** Ticks by a timer, until told otherwise or closed. */
  sell(options: SellOptions): void
  /** Replaces the faults. */
  setFaults(faults: readonly Fault[]): void
  /** The truths about what is served now, with all that was sold. */
  totals(): Totals
  close(): Promise<void>
}

/** Serves a company as a paged REST API on loopback. Rejects when the port is taken. */
export async function serveCompany(options: ServeOptions): Promise<CompanyServer> {
  const desk = new Desk(options)
  const server = createServer((request, response) => void desk.handle(request, response))
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: desk.token,
    requests: desk.requests,
    tick: (count) => desk.tick(count),
    sell: (how) => desk.sell(how),
    setFaults: (faults) => desk.faults.set(faults),
    totals: () => desk.totals(),
    async close() {
      desk.sell({ everyMs: 0 })
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}
