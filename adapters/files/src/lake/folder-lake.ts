import { constants } from 'node:fs'
import { chmod, copyFile, link, open, readFile, rm, unlink, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'

import { CaudalError, type Lake, type LakeCapabilities, type LakeObject } from '@caudal/spec'

import { DurableFolders, makeFolders, syncFolder } from './durable-folders.ts'
import { errnoOf, lakeError } from './lake-error.ts'
import { checkKey, checkPrefix, temporaryFolder } from './lake-key.ts'
import { temporaryName } from './leftovers.ts'
import { listFolders, listObjects } from './list-objects.ts'

const capabilities: LakeCapabilities = Object.freeze({ isLocal: true })

/**
 * A lake in a folder of a local disk. An object is written to `.tmp/`, synced, and given its key by a hard link, which fails when the key
 * exists: so an object is whole or absent, and never overwritten. Objects are readable by the owner alone and writable by nobody.
 */
export class FolderLake implements Lake {
  readonly name = 'folder'
  readonly capabilities: LakeCapabilities = capabilities
  readonly #root: string
  readonly #folders: DurableFolders

  /** @param root - Absolute path of a folder that exists, with `.tmp` in it. */
  constructor(root: string) {
    this.#root = root
    this.#folders = new DurableFolders(root)
  }

  async putIfAbsent(key: string, body: Uint8Array | Readable): Promise<boolean> {
    const chunks = body instanceof Uint8Array ? [body] : (body as AsyncIterable<Uint8Array | string>)
    return this.#put(key, async (temporary) => {
      const handle = await this.#attempt(key, () => open(temporary, 'wx', 0o600))
      try {
        for await (const chunk of chunks) await this.#attempt(key, () => handle.writeFile(chunk))
        await this.#attempt(key, () => seal(handle))
      } finally {
        await handle.close()
      }
    })
  }

  /**
   * Copies by reflink where the disk has it, else byte by byte. Never a hard link to the given file: it would share its bytes with the
   * lake, and whoever edits the file in place would change an object that is immutable by contract.
   */
  async putFileIfAbsent(key: string, path: string): Promise<boolean> {
    return this.#put(key, async (temporary) => {
      await checkReadable(path)
      await this.#attempt(key, async () => {
        await copyFile(path, temporary, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL)
        await chmod(temporary, 0o600)
        const handle = await open(temporary, 'r+')
        try {
          await seal(handle)
        } finally {
          await handle.close()
        }
      })
    })
  }

  async get(key: string): Promise<Uint8Array> {
    const path = this.locate(key)
    try {
      return await readFile(path)
    } catch (thrown) {
      if (!['ENOENT', 'ENOTDIR', 'EISDIR'].includes(errnoOf(thrown) ?? '')) {
        throw lakeError(thrown, {
          action: `read ${key}`,
          root: this.#root,
          key,
          state: 'The object is unchanged.',
        })
      }
      throw new CaudalError({
        code: 'CAUDAL_LAKE_NOT_FOUND',
        message: `The lake in ${this.#root} has no object ${key}.`,
        hint: 'If a staged file was removed by hand, restore it from a backup: the lake is what tables are rebuilt from.',
        context: { root: this.#root, key },
        cause: thrown,
      })
    }
  }

  list(prefix: string, after?: string): AsyncIterable<LakeObject> {
    checkPrefix(prefix)
    return listObjects(this.#root, prefix, after)
  }

  async folders(prefix: string): Promise<readonly string[]> {
    checkPrefix(prefix)
    return listFolders(this.#root, prefix)
  }

  async delete(key: string): Promise<void> {
    const path = this.locate(key)
    try {
      await unlink(path)
      await syncFolder(dirname(path))
    } catch (thrown) {
      if (['ENOENT', 'ENOTDIR'].includes(errnoOf(thrown) ?? '')) return
      throw lakeError(thrown, {
        action: `delete ${key}`,
        root: this.#root,
        key,
        state: 'The object may still be there.',
      })
    }
  }

  locate(key: string): string {
    checkKey(key)
    return join(this.#root, ...key.split('/'))
  }

  async #put(key: string, write: (temporary: string) => Promise<void>): Promise<boolean> {
    const path = this.locate(key)
    const temporary = join(this.#root, temporaryFolder, temporaryName())
    try {
      await write(temporary)
      return await this.#attempt(key, () => this.#publish(temporary, path))
    } finally {
      await rm(temporary, { force: true })
    }
  }

  /** Gives the finished file its name. A lost race syncs the folder too: `false` means that the other's object is durable. */
  async #publish(temporary: string, path: string): Promise<boolean> {
    const folder = dirname(path)
    await this.#folders.ensure(folder)
    try {
      await link(temporary, path)
    } catch (thrown) {
      if (errnoOf(thrown) === 'ENOENT') return this.#publishAgain(temporary, path)
      if (errnoOf(thrown) !== 'EEXIST') throw thrown
      await syncFolder(folder)
      return false
    }
    await syncFolder(folder)
    return true
  }

  async #publishAgain(temporary: string, path: string): Promise<boolean> {
    this.#folders.forget()
    await this.#folders.ensure(dirname(path))
    await link(temporary, path)
    await syncFolder(dirname(path))
    return true
  }

  async #attempt<T>(key: string, action: () => Promise<T>): Promise<T> {
    try {
      return await action()
    } catch (thrown) {
      throw lakeError(thrown, {
        action: `write ${key}`,
        root: this.#root,
        key,
        state: 'The object was not created; what the lake holds is unchanged.',
      })
    }
  }
}

/** Makes the bytes durable and the file unwritable. */
async function seal(handle: FileHandle): Promise<void> {
  await handle.sync()
  await handle.chmod(0o400)
}

async function checkReadable(path: string): Promise<void> {
  try {
    const handle = await open(path, 'r')
    await handle.close()
  } catch (thrown) {
    throw new CaudalError({
      code: 'CAUDAL_LAKE_INPUT',
      message: `${path} could not be read (${errnoOf(thrown) ?? String(thrown)}). Nothing was put into the lake.`,
      hint: 'Check that the file is still there and that the user that runs Caudal may read it.',
      context: { path },
      cause: thrown,
    })
  }
}

/** Makes the folder and its `.tmp` ready. */
export async function prepareFolder(root: string): Promise<void> {
  try {
    await makeFolders(join(root, temporaryFolder), 0o700)
  } catch (thrown) {
    throw lakeError(thrown, { action: 'open the folder', root, state: 'Nothing was written.' })
  }
}
