import { createHash } from 'node:crypto'
import { chmodSync, lstatSync, mkdirSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { CaudalError } from '@caudal/spec'

/** The kernel allows 107 bytes on Linux and 103 on macOS. */
const pathBytesMax = 100

/**
 * The unix socket on which the owner of a warehouse listens: at most 100 bytes, the same for every way of writing the warehouse's path,
 * in a folder of the user (`$XDG_RUNTIME_DIR/caudal`, else `caudal-<uid>` under the temporary folder).
 */
export function socketPathFor(warehousePath: string): string {
  return socketPathsFor(warehousePath)[0] ?? join('/tmp', socketName(warehousePath))
}

/**
 * Everywhere that an owner may listen, the preferred place first: the environment of a service and of a terminal differ, and a command
 * must find the owner whichever started it.
 */
export function socketPathsFor(warehousePath: string): readonly string[] {
  const user = `caudal-${process.getuid?.() ?? 'user'}`
  const runtime = process.env['XDG_RUNTIME_DIR'] ?? (process.getuid && `/run/user/${process.getuid()}`)
  const folders = [
    ...(runtime === undefined || !isFolder(runtime) ? [] : [join(runtime, 'caudal')]),
    join(tmpdir(), user),
    join('/tmp', user),
  ]
  const name = socketName(warehousePath)
  const paths = folders.map((folder) => join(folder, name))
  return [...new Set(paths)].filter((path) => Buffer.byteLength(path) <= pathBytesMax)
}

/**
 * Creates the folder of a socket, open to its user alone.
 * @throws CaudalError `CAUDAL_SOCKET_FOLDER` when somebody else made it.
 */
export function prepareSocketFolder(socketPath: string): void {
  const folder = dirname(socketPath)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const found = lstatSync(folder)
  const isOurs = process.getuid === undefined || found.uid === process.getuid()
  if (!found.isDirectory() || !isOurs) {
    throw new CaudalError({
      code: 'CAUDAL_SOCKET_FOLDER',
      message: `The folder ${folder}, in which commands find this process, belongs to somebody else. Nothing was started.`,
      hint: `Remove it, or set XDG_RUNTIME_DIR to a folder of your own.`,
      context: { folder },
    })
  }
  if ((found.mode & 0o077) !== 0) chmodSync(folder, 0o700)
}

function socketName(warehousePath: string): string {
  return `${createHash('sha256')
    .update(canonical(resolve(warehousePath)))
    .digest('hex')
    .slice(0, 24)}.sock`
}

/** The path with symbolic links followed as far as it exists. */
function canonical(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    const parent = dirname(path)
    return parent === path ? path : join(canonical(parent), basename(path))
  }
}

function isFolder(path: string): boolean {
  try {
    return lstatSync(path).isDirectory()
  } catch {
    return false
  }
}
