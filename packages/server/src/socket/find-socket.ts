import { connect } from 'node:net'
import { socketPathsFor } from './socket-path.ts'

/** Whether somebody listens on a unix socket. */
export function isListening(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath)
    const settle = (isThere: boolean): void => {
      socket.destroy()
      resolve(isThere)
    }
    socket.once('connect', () => settle(true))
    socket.once('error', () => settle(false))
  })
}

/** The socket on which the owner of a warehouse listens now; `undefined` when there is none. */
export async function findSocket(warehousePath: string): Promise<string | undefined> {
  for (const path of socketPathsFor(warehousePath)) {
    if (await isListening(path)) return path
  }
  return undefined
}
