import { existsSync, rmSync, statSync } from 'node:fs'
import type { Server } from 'node:http'
import type { OwnerService } from '@caudal/engine'
import { createAdaptorServer } from '@hono/node-server'
import { createApp, type CaudalApp } from './app.ts'
import type { AppOptions, Channel } from './context.ts'
import { createLogger } from './log.ts'
import { checkLoopback, listenOnPort, listenOnSocket } from './socket/listen.ts'

/** How a project is served. */
export interface ServeOptions extends AppOptions {
  readonly service: OwnerService
  /** Default: `127.0.0.1`. Only this machine's own addresses are accepted. */
  readonly host?: string
  /** Default: 4700; 0: any free one; `false`: no port, the socket alone. */
  readonly port?: number | false
  /** {@link socketPathFor} the warehouse. Absent: no other process can attach. */
  readonly socketPath?: string
  /** How long requests may take to finish on close before they are cut off. Default: 8,000. */
  readonly drainMs?: number
}

/** A running server. */
export interface RunningServer {
  /** `http://127.0.0.1:4700`; absent without a port. */
  readonly url: string | undefined
  readonly port: number | undefined
  readonly socketPath: string | undefined
  /** Processes that are attached now. */
  readonly attached: number
  /** Resolves when no process is attached. */
  whenDetached(): Promise<void>
  /** Stops accepting, ends event streams, lets requests finish, then cuts off the rest. Resolves within `drainMs` and a second. */
  close(): Promise<void>
}

const drainMsDefault = 8_000

/**
 * Serves a project on a loopback port and on a unix socket.
 * @throws CaudalError `CAUDAL_SERVER_NOT_LOOPBACK`, `CAUDAL_SERVER_PORT_BUSY`, `CAUDAL_OWNER_RUNNING`, …; nothing is left listening then.
 */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const host = options.host ?? '127.0.0.1'
  const asked = options.port ?? 4700
  checkLoopback(host)
  const log = options.log ?? createLogger()
  let isClosing = false
  const app = createApp(options.service, {
    ...options,
    log,
    isReady: () => !isClosing && options.isReady?.() !== false,
  })
  const servers: Server[] = []
  const { socketPath } = options
  let port: number | undefined
  try {
    if (socketPath !== undefined) await listenOnSocket(enlist(servers, app, 'socket'), socketPath)
    if (asked !== false) port = await listenOnPort(enlist(servers, app, 'tcp'), host, asked)
  } catch (error) {
    await Promise.all(servers.map((server) => closeServer(server, 0)))
    throw error
  }
  const socketInode = socketPath === undefined ? undefined : inodeOf(socketPath)
  const url = port === undefined ? undefined : `http://${host === '::1' ? '[::1]' : host}:${port}`
  log.info({ url, socketPath }, 'listening')
  let closing: Promise<void> | undefined
  const close = async (): Promise<void> => {
    isClosing = true
    const closed = servers.map((server) => closeServer(server, options.drainMs ?? drainMsDefault))
    app.closeStreams()
    await Promise.all(closed)
    if (socketPath !== undefined && inodeOf(socketPath) === socketInode) rmSync(socketPath, { force: true })
  }
  return {
    url,
    port,
    socketPath,
    get attached() {
      return app.attached
    },
    whenDetached: () => app.whenDetached(),
    close: () => (closing ??= close()),
  }
}

function enlist(servers: Server[], app: CaudalApp, channel: Channel): Server {
  const server = createAdaptorServer({
    fetch: (request) => app.fetch(request, { channel }),
    overrideGlobalObjects: false,
  }) as Server
  servers.push(server)
  return server
}

/** Resolves when every connection has ended, at the latest after `drainMs`. */
function closeServer(server: Server, drainMs: number): Promise<void> {
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

function inodeOf(path: string): number | undefined {
  return existsSync(path) ? statSync(path).ino : undefined
}
