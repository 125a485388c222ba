import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

import type { LakeObject } from '@caudal/spec'

import { errnoOf, lakeError } from './lake-error.ts'
import { temporaryFolder } from './lake-key.ts'

/** The objects below `root` whose keys start with `prefix`, in the order of the keys' UTF-8 bytes. One folder is in memory at a time per level. */
export async function* listObjects(root: string, prefix: string): AsyncGenerator<LakeObject> {
  const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1)
  try {
    yield* walk(root, folder, prefix)
  } catch (thrown) {
    throw lakeError(thrown, { action: `list ${prefix}*`, root, state: 'The objects are unchanged.' })
  }
}

async function* walk(root: string, folder: string, prefix: string): AsyncGenerator<LakeObject> {
  for (const entry of await entriesInKeyOrder(join(root, folder))) {
    const key = folder + entry
    if (key === `${temporaryFolder}/`) continue
    if (entry.endsWith('/')) {
      if (key.startsWith(prefix) || prefix.startsWith(key)) yield* walk(root, key, prefix)
      continue
    }
    if (!key.startsWith(prefix)) continue
    const bytes = await sizeOf(join(root, key))
    if (bytes !== undefined) yield { key, bytes }
  }
}

/** Names in a folder, folders with a `/` at the end, so that their order is the order of the keys below them. */
async function entriesInKeyOrder(folder: string): Promise<string[]> {
  let entries: Dirent[]
  try {
    entries = await readdir(folder, { withFileTypes: true })
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT' || errnoOf(thrown) === 'ENOTDIR') return []
    throw thrown
  }
  return entries
    .map((entry) => Buffer.from(entry.isDirectory() ? `${entry.name}/` : entry.name))
    .sort(Buffer.compare)
    .map(String)
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT') return undefined
    throw thrown
  }
}
