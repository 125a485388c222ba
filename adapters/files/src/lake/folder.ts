import { readdir, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'

import { CaudalError, unknownKeys, type AdapterReference, type JsonObject, type Lake } from '@caudal/spec'

import { FolderLake, prepareFolder } from './folder-lake.ts'
import { temporaryFolder } from './lake-key.ts'

const leftoverAgeMsMax = 24 * 60 * 60 * 1000

/** Options of {@link folder}. */
export interface FolderOptions {
  /** The lake's folder, relative to the project or absolute. Created when it is absent, readable by its owner alone. */
  readonly path: string
}

/**
 * A lake in a folder, for `targets.<name>.lake` of a project.
 *
 * @example
 * ```ts
 * import { folder } from 'caudal'
 * const lake = folder({ path: 'data/lake' })
 * ```
 */
export function folder(options: FolderOptions): AdapterReference {
  const problems = unknownKeys(options, ['path'], '')
  return {
    module: '@caudal/files',
    options: { path: options.path },
    ...(problems.length === 0 ? {} : { problems }),
  }
}

/**
 * Opens the lake of a reference that {@link folder} made: how the owner process opens any lake. Leftovers of interrupted writes that are
 * older than a day are removed.
 *
 * @throws CaudalError `CAUDAL_LAKE_OPTIONS` (no path), `CAUDAL_LAKE_NOT_A_FOLDER`, `CAUDAL_LAKE_PERMISSION`, `CAUDAL_LAKE_READ_ONLY`,
 * `CAUDAL_LAKE_FULL`.
 */
export async function openLake(options: JsonObject, place: { readonly projectPath: string }): Promise<Lake> {
  const path = options['path']
  if (typeof path !== 'string' || path === '') {
    throw new CaudalError({
      code: 'CAUDAL_LAKE_OPTIONS',
      message: `The lake has no folder: \`path\` is ${JSON.stringify(path) ?? 'absent'}. Nothing was opened.`,
      hint: "Write lake: folder({ path: 'data/lake' }) in the target.",
    })
  }
  const root = resolve(place.projectPath, path)
  await prepareFolder(root)
  await removeLeftovers(join(root, temporaryFolder))
  return new FolderLake(root)
}

async function removeLeftovers(temporary: string): Promise<void> {
  for (const name of await readdir(temporary)) {
    const path = join(temporary, name)
    const facts = await stat(path).catch(() => undefined)
    if (facts !== undefined && Date.now() - facts.mtimeMs > leftoverAgeMsMax) await rm(path, { force: true })
  }
}
