import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'

/** Folders in which no code of the project lies; those whose name begins with a dot are left out too. */
const ignored = new Set(['node_modules', 'data', 'dist'])

/** A digest of the project's TypeScript and JavaScript: what its functions do is not in the manifest, and yet another version. */
export async function codeDigest(projectPath: string): Promise<string> {
  const hash = createHash('sha256')
  for (const file of (await codeFiles(projectPath)).toSorted()) {
    hash
      .update(`${path.relative(projectPath, file)}\0`)
      .update(await readFile(file))
      .update('\0')
  }
  return hash.digest('hex')
}

async function codeFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const found = await Promise.all(
    entries.map(async (entry) => {
      const whole = path.join(folder, entry.name)
      if (entry.isDirectory()) {
        return ignored.has(entry.name) || entry.name.startsWith('.') ? [] : codeFiles(whole)
      }
      return entry.isFile() && /\.[cm]?[jt]sx?$/.test(entry.name) ? [whole] : []
    }),
  )
  return found.flat()
}
