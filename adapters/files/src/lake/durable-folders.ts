import { mkdir, open, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

import { errnoOf } from './lake-error.ts'

/** Makes folders below a root so that their names survive a power cut, and remembers which ones do. */
export class DurableFolders {
  readonly #root: string
  readonly #durable = new Set<string>()

  constructor(root: string) {
    this.#root = root
  }

  /** Creates the folder with its parents and syncs each parent's entry for it. */
  async ensure(folder: string): Promise<void> {
    if (this.#durable.has(folder)) return
    await makeFolders(folder)
    for (let at = folder; at.length > this.#root.length && !this.#durable.has(at); at = dirname(at)) {
      await syncFolder(dirname(at))
    }
    this.#durable.add(folder)
  }

  /** Forgets what it knows: somebody removed a folder. */
  forget(): void {
    this.#durable.clear()
  }
}

/**
 * Makes a folder and its parents. Not Node's own `recursive`: that reports a read-only disk as `ENOENT`
 * (https://github.com/nodejs/node/issues/47098).
 */
export async function makeFolders(folder: string, mode?: number): Promise<void> {
  try {
    await mkdir(folder, { mode })
  } catch (thrown) {
    const errno = errnoOf(thrown)
    if (errno === 'EEXIST' && (await stat(folder)).isDirectory()) return
    if (errno !== 'ENOENT' || dirname(folder) === folder) throw thrown
    await makeFolders(dirname(folder), mode)
    await makeFolders(folder, mode)
  }
}

/** Makes names that were added to or removed from a folder durable. Windows does that by itself and cannot open a folder. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
