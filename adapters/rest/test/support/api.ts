import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'

/** A request as the server saw it. */
export interface Asked {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** A real server on loopback. */
export interface Api {
  readonly url: string
  readonly asked: readonly Asked[]
}

/** What answers a request: a value is sent as JSON; `undefined` when the function wrote the answer itself. */
export type Answer = (asked: Asked, response: ServerResponse, count: number) => unknown

/** Starts a server that lives as long as its test. */
export async function startApi(test: TestContext, answer: Answer): Promise<Api> {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    void respond(request, response)
  })
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const received = await receive(request)
    asked.push(received)
    const value = await answer(received, response, asked.length)
    if (value !== undefined) sendJson(response, value)
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  test.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

/** Answers with text or JSON. */
export function sendJson(
  response: ServerResponse,
  value: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): undefined {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(typeof value === 'string' ? value : JSON.stringify(value))
  return undefined
}

async function receive(request: IncomingMessage): Promise<Asked> {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  const url = new URL(request.url ?? '', 'http://server')
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: request.headers,
    body,
  }
}
