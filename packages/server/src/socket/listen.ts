import { chmodSync, rmSync } from 'node:fs'
import type { Server } from 'node:http'
import { CaudalError } from '@caudal/spec'
import { isListening } from './find-socket.ts'
import { prepareSocketFolder } from './socket-path.ts'

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/

/**
 * Refuses to listen where others could connect.
 * @throws CaudalError `CAUDAL_SERVER_NOT_LOOPBACK`.
 */
export function checkLoopback(host: string): void {
  if (loopback.test(host)) return
  throw new CaudalError({
    code: 'CAUDAL_SERVER_NOT_LOOPBACK',
    message: `The server was told to listen on ${host}. There is no sign-in yet, so whoever reaches it would see everything: it listens on this machine alone. Nothing was started.`,
    hint: 'Use --host 127.0.0.1; from elsewhere, go through a tunnel: ssh -L 4700:127.0.0.1:4700 <this machine>.',
    context: { host },
  })
}

/**
 * Listens on a port. @returns the port, which the system chose when 0 was asked for.
 * @throws CaudalError `CAUDAL_SERVER_PORT_BUSY`, `CAUDAL_SERVER_LISTEN`.
 */
export async function listenOnPort(server: Server, host: string, port: number): Promise<number> {
  try {
    await listen(server, { host, port })
  } catch (cause) {
    throw codeOf(cause) === 'EADDRINUSE' ? portBusy(host, port) : listenFailed(`${host}:${port}`, cause)
  }
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : port
}

/**
 * Listens on a unix socket that its user alone can open. A socket left by a dead process is taken over; the caller must hold the
 * warehouse, which is what decides between two processes that start at once.
 * @throws CaudalError `CAUDAL_OWNER_RUNNING` when a process answers there, `CAUDAL_SOCKET_FOLDER`, `CAUDAL_SERVER_LISTEN`.
 */
export async function listenOnSocket(server: Server, socketPath: string): Promise<void> {
  prepareSocketFolder(socketPath)
  if (await isListening(socketPath)) throw ownerRunning(socketPath)
  rmSync(socketPath, { force: true })
  try {
    await listen(server, { path: socketPath })
  } catch (cause) {
    throw codeOf(cause) === 'EADDRINUSE' ? ownerRunning(socketPath) : listenFailed(socketPath, cause)
  }
  chmodSync(socketPath, 0o600)
}

function listen(server: Server, where: { host: string; port: number } | { path: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(where, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function codeOf(cause: unknown): string | undefined {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : undefined
}

function portBusy(host: string, port: number): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_SERVER_PORT_BUSY',
    message: `Port ${port} on ${host} is in use by another program. Nothing was started.`,
    hint: `Use another port: --port ${port + 1}.`,
    context: { host, port },
  })
}

function ownerRunning(socketPath: string): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_OWNER_RUNNING',
    message: `Another process owns this warehouse and answers on ${socketPath}.`,
    hint: 'Commands attach to it by themselves; to start another server, stop that one first.',
    retryable: true,
    context: { socketPath },
  })
}

function listenFailed(where: string, cause: unknown): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_SERVER_LISTEN',
    message: `The server cannot listen on ${where}: ${cause instanceof Error ? cause.message : String(cause)}. Nothing was started.`,
    hint: 'Ports below 1024 need rights; the folder of a socket must be writable. Use another --port, or set XDG_RUNTIME_DIR.',
    context: { where },
    cause,
  })
}
