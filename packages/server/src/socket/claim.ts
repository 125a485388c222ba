import { closeSync, openSync, readdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { prepareSocketFolder, socketPathFor, socketPathsFor } from './socket-path.ts'

/**
 * Says that this process opens a warehouse, has it open or is closing it, so that a command which finds it locked knows whether to wait.
 * @returns a function that takes it back
 */
export function claimWarehouse(warehousePath: string): () => void {
  const socketPath = socketPathFor(warehousePath)
  prepareSocketFolder(socketPath)
  const claim = claimPath(socketPath, process.pid)
  closeSync(openSync(claim, 'w', 0o600))
  return () => rmSync(claim, { force: true })
}

/** Ids of the living processes that claim a warehouse; what dead ones left is removed. */
export function claimants(warehousePath: string): readonly number[] {
  return socketPathsFor(warehousePath).flatMap((socketPath) => {
    const stem = `${basename(socketPath)}.`
    return namesIn(dirname(socketPath)).flatMap((name) => {
      const pid = Number(
        name.startsWith(stem) ? /^(\d+)\.claim$/.exec(name.slice(stem.length))?.[1] : Number.NaN,
      )
      if (Number.isNaN(pid) || pid === process.pid) return []
      if (isAlive(pid)) return [pid]
      rmSync(claimPath(socketPath, pid), { force: true })
      return []
    })
  })
}

function claimPath(socketPath: string, pid: number): string {
  return join(dirname(socketPath), `${basename(socketPath)}.${pid}.claim`)
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
