import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

import type { LakeObject } from '@caudal/spec'

import { errnoOf, lakeError } from './lake-error.ts'
import { temporaryFolder } from './lake-key.ts'

/**
 * The objects below `root` whose keys start with `prefix` and stand above `after`, in the order of the keys' UTF-8 bytes. Folders that end
 * before `after` are not opened; one folder is in memory at a time per level.
 */
export async function* listObjects(root: string, prefix: string, after = ''): AsyncGenerator<LakeObject> {
  const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1)
  try {
    yield* walk(root, folder, prefix, after)
  } catch (thrown) {
    throw lakeError(thrown, { action: `list ${prefix}*`, root, state: 'The objects are unchanged.' })
  }
}

/** Names of the folders right below a prefix, in the order of the keys below them. */
export async function listFolders(root: string, prefix: string): Promise<readonly string[]> {
  try {
    const entries = await entriesInKeyOrder(join(root, prefix))
    return entries.flatMap((entry) =>
      entry.endsWith('/') && prefix + entry !== `${temporaryFolder}/` ? [entry.slice(0, -1)] : [],
    )
  } catch (thrown) {
    throw lakeError(thrown, { action: `list ${prefix}`, root, state: 'The objects are unchanged.' })
  }
}

async function* walk(
  root: string,
  folder: string,
  prefix: string,
  after: string,
): AsyncGenerator<LakeObject> {
  for (const entry of await entriesInKeyOrder(join(root, folder))) {
    const key = folder + entry
    if (key === `${temporaryFolder}/`) continue
    if (entry.endsWith('/')) {
      const isAfter = isAbove(key, after) || after.startsWith(key)
      if (isAfter && (key.startsWith(prefix) || prefix.startsWith(key))) yield* walk(root, key, prefix, after)
      continue
    }
    if (!key.startsWith(prefix) || !isAbove(key, after)) continue
    const bytes = await sizeOf(join(root, key))
    if (bytes !== undefined) yield { key, bytes }
  }
}

/** Whether a key stands above another in the order of their UTF-8 bytes. */
function isAbove(key: string, other: string): boolean {
  return Buffer.compare(Buffer.from(key), Buffer.from(other)) > 0
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
    .toSorted(Buffer.compare)
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
