import { Readable } from 'node:stream'

/** Not by `import`: that evaluates a getter of the module which loads all of fetch (40 ms). */
const { request } = process.getBuiltinModule('node:http')

/** `fetch` over a unix socket: the request's URL gives the path alone. Bodies are text. */
export function socketFetch(socketPath: string, headers: Readonly<Record<string, string>>): typeof fetch {
  return async (input, init) => {
    const asked = new Request(input, init)
    const { pathname, search } = new URL(asked.url)
    const body = asked.body === null ? undefined : await asked.text()
    return new Promise<Response>((resolve, reject) => {
      const outgoing = request(
        {
          socketPath,
          path: pathname + search,
          method: asked.method,
          headers: { ...Object.fromEntries(asked.headers), ...headers, host: 'localhost' },
          signal: asked.signal,
        },
        (incoming) => {
          const answerHeaders = new Headers()
          for (const [name, value] of Object.entries(incoming.headers)) {
            for (const one of [value ?? []].flat()) answerHeaders.append(name, one)
          }
          const status = incoming.statusCode ?? 500
          const hasBody = ![204, 205, 304].includes(status)
          const stream = hasBody ? (Readable.toWeb(incoming) as ReadableStream<Uint8Array>) : null
          resolve(new Response(stream, { status, headers: answerHeaders }))
        },
      )
      outgoing.once('error', reject)
      outgoing.end(body)
    })
  }
}
