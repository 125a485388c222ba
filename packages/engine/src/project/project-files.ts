import { readdir } from 'node:fs/promises'
import path from 'node:path'

/** Files below a folder of the project with one of the endings, relative to the project with `/`, in order. A missing folder has none. */
export async function projectFiles(
  projectPath: string,
  folder: string,
  endings: readonly string[],
): Promise<string[]> {
  const entries = await readdir(path.join(projectPath, folder), {
    recursive: true,
    withFileTypes: true,
  }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  })
  return entries
    .filter(
      (entry) =>
        entry.isFile() &&
        endings.some((ending) => entry.name.endsWith(ending)) &&
        !entry.name.endsWith('.d.ts'),
    )
    .map((entry) =>
      path.relative(projectPath, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'),
    )
    .toSorted()
}
