import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

/**
 * The `bin` folder of a Python environment with the packages, made outside the tree and kept for the next time.
 * @returns undefined when they cannot be installed here; `log` hears why.
 */
export async function pythonPeer(
  name: string,
  packages: readonly string[],
  log: (text: string) => void,
): Promise<string | undefined> {
  const folder = path.join(
    process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'),
    'caudal',
    'bench',
    name,
  )
  const done = path.join(folder, 'installed')
  const bin = path.join(folder, 'bin')
  if (existsSync(done)) return bin
  log(`installing ${packages.join(', ')}`)
  try {
    await promisify(execFile)('python3', ['-m', 'venv', folder])
    await promisify(execFile)(path.join(bin, 'pip'), ['install', '--quiet', ...packages])
    await writeFile(done, packages.join('\n'))
    return bin
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    log(`without ${name}: ${error instanceof Error ? error.message : String(error)}`)
    return undefined
  }
}
