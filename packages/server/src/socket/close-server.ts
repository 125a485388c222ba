import type { Server } from 'node:http'

/** Resolves when every connection has ended, at the latest after `drainMs`. */
export function closeServer(server: Server, drainMs: number): Promise<void> {
  return new Promise((resolve) => {
    // A kept-alive connection whose last answer ends after `close` is not closed by Node itself.
    const idle = setInterval(() => server.closeIdleConnections(), 20)
    const cut = setTimeout(() => server.closeAllConnections(), drainMs)
    server.close(() => {
      clearInterval(idle)
      clearTimeout(cut)
      resolve()
    })
  })
}
