import { join, resolve } from 'node:path'

import { CaudalError, unknownKeys, type AdapterReference, type JsonObject, type Lake } from '@caudal/spec'

import { FolderLake, prepareFolder } from './folder-lake.ts'
import { temporaryFolder } from './lake-key.ts'
import { removeLeftovers } from './leftovers.ts'

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
 * Opens the lake of a reference that {@link folder} made: how the owner process opens any lake. What a process of this machine left
 * unfinished when it ended is removed, and anything unfinished that is older than a day.
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
