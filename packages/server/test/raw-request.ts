import { request, type IncomingHttpHeaders } from 'node:http'

/** A request as it goes over the wire: any `Host`, any header. */
export interface RawRequest {
  readonly port?: number | undefined
  readonly socketPath?: string
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** Its answer. */
export interface RawAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** Sends a request without the rules that `fetch` puts on headers. */
export function rawRequest(asked: RawRequest): Promise<RawAnswer> {
  const { port, socketPath, method = 'GET', path, headers = {}, body } = asked
  return new Promise((resolve, reject) => {
    const where = socketPath === undefined ? { host: '127.0.0.1', port } : { socketPath }
    const outgoing = request({ ...where, method, path, headers, agent: false }, (incoming) => {
      let text = ''
      incoming.setEncoding('utf8')
      incoming.on('data', (part: string) => (text += part))
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text }))
      incoming.on('error', reject)
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
