import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/*
 * A list of deals in pages of 100: `deals?offset=…`. The pages at multiples of 100 are made beforehand,
 * so that the server costs the contenders as little as it can. Prints its port as `port 12345`.
 */

const [recordsText = '1000000', delayText = '0'] = process.argv.slice(2)
const total = Number(recordsText)
const delayMs = Number(delayText)
const pageSize = 100
const stages = ['lead', 'qualified', 'proposal', 'won', 'lost']

function deal(index: number): string {
  return JSON.stringify({
    id: index,
    name: `Deal ${index} of a company with a name`,
    stage: stages[index % 5],
    amount: `${(index % 90_000) + 100}.${String(index % 100).padStart(2, '0')}`,
    probability: index % 101,
    owner_id: index % 400,
    account_id: index % 20_000,
    is_won: index % 5 === 3,
    closes_on: `2026-${String((index % 12) + 1).padStart(2, '0')}-15`,
    updated_at: new Date(Date.UTC(2026, 0, 1) + index * 1000).toISOString(),
  })
}

function pageAt(from: number): Buffer {
  const records = Array.from({ length: Math.max(0, Math.min(pageSize, total - from)) }, (_, index) =>
    deal(from + index),
  )
  const next = from + pageSize < total ? `"${from + pageSize}"` : 'null'
  return Buffer.from(`{"total":${total},"next":${next},"data":[${records.join(',')}]}`)
}

const pages = Array.from({ length: total / pageSize }, (_, index) => pageAt(index * pageSize))

function send(response: ServerResponse, body: Buffer): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length })
  response.end(body)
}

const server = createServer((request, response) => {
  const query = /[?&]offset=(\d+)/.exec(request.url ?? '')
  const from = Number(query?.[1] ?? 0)
  const body = (from % pageSize === 0 ? pages[from / pageSize] : undefined) ?? pageAt(from)
  if (delayMs === 0) send(response, body)
  else setTimeout(send, delayMs, response, body)
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => process.stdout.write(`port ${(server.address() as AddressInfo).port}\n`))
