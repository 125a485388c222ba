import { existsSync, rmSync, statSync } from 'node:fs'
import type { RequestListener, Server } from 'node:http'
import type { Listeners } from './listeners.ts'
import type { ServeOptions } from './serve-options.ts'
import { closeServer } from './socket/close-server.ts'
import { checkLoopback, listenOnPort, listenOnSocket } from './socket/listen.ts'

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
  /** Takes no new event stream and no process that wants to attach; what is open goes on. */
  refuse(): void
  /** Stops accepting, ends event streams, lets requests finish, then cuts off the rest. Resolves within `drainMs` and a second. */
  close(): Promise<void>
}

const drainMsDefault = 8_000

/** Not by `import`: that evaluates a getter of the module which loads all of fetch (40 ms). */
const { createServer } = process.getBuiltinModule('node:http')

/**
 * Serves a project on a loopback port and on a unix socket.
 * @throws CaudalError `CAUDAL_SERVER_NOT_LOOPBACK`, `CAUDAL_SERVER_PORT_BUSY`, `CAUDAL_OWNER_RUNNING`, …; nothing is left listening then.
 */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const host = options.host ?? '127.0.0.1'
  const asked = options.port ?? 4700
  checkLoopback(host)
  let isClosing = false
  let port: number | undefined
  const address = (): string | undefined =>
    port === undefined ? undefined : `http://${host === '::1' ? '[::1]' : host}:${port}`
  const listeners = lazyListeners({
    ...options,
    isReady: () => !isClosing && options.isReady?.() !== false,
    url: address,
  })
  const servers: Server[] = []
  const enlist = (channel: keyof Listeners['on']): Server => {
    const server = createServer(deferred(async () => (await listeners.load()).on[channel]))
    servers.push(server)
    return server
  }
  const { socketPath } = options
  try {
    if (socketPath !== undefined) await listenOnSocket(enlist('socket'), socketPath)
    if (asked !== false) port = await listenOnPort(enlist('tcp'), host, asked)
  } catch (error) {
    await Promise.all(servers.map((server) => closeServer(server, 0)))
    throw error
  }
  const socketInode = socketPath === undefined ? undefined : inodeOf(socketPath)
  const url = address()
  if (url !== undefined) (await listeners.load()).log.info({ url, socketPath }, 'listening')
  let closing: Promise<void> | undefined
  const close = async (): Promise<void> => {
    isClosing = true
    const closed = servers.map((server) => closeServer(server, options.drainMs ?? drainMsDefault))
    listeners.loaded?.app.closeStreams()
    await Promise.all(closed)
    if (socketPath !== undefined && inodeOf(socketPath) === socketInode) rmSync(socketPath, { force: true })
  }
  return {
    url,
    port,
    socketPath,
    get attached() {
      return listeners.loaded?.app.attached ?? 0
    },
    whenDetached: async () => listeners.loaded?.app.whenDetached(),
    refuse: () => {
      isClosing = true
    },
    close: () => (closing ??= close()),
  }
}

/** The app and all that it is made of, loaded with the first request: most commands end before anybody attaches. */
function lazyListeners(options: ServeOptions): {
  readonly loaded: Listeners | undefined
  load(): Promise<Listeners>
} {
  let loading: Promise<Listeners> | undefined
  let loaded: Listeners | undefined
  const load = async (): Promise<Listeners> => {
    const { createListeners } = await import('./listeners.ts')
    return (loaded = createListeners(options))
  }
  return {
    get loaded() {
      return loaded
    },
    load: () => (loading ??= load()),
  }
}

/** A listener that is there at once and works once it is loaded. */
function deferred(load: () => Promise<RequestListener>): RequestListener {
  return (request, response) => {
    void load().then(
      (listener) => listener(request, response),
      () => response.destroy(),
    )
  }
}

function inodeOf(path: string): number | undefined {
  return existsSync(path) ? statSync(path).ino : undefined
}
