import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { glob, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from './root.ts'
import { runCommand, sourceEnvironment } from './run-command.ts'

const folder = join(root, 'packages', 'console')
/** In the folder that a build empties: a build by other means leaves none, and the next one here builds again. */
const stamp = join(folder, 'dist', '.sources')
const sources = [
  'packages/console/{src,public}/**/*.*',
  'packages/console/{index.html,package.json,vite.config.ts}',
  'packages/spec/src/**/*.ts',
  'package-lock.json',
]

/**
 * Builds the console into `packages/console/dist`, unless it was built from the same sources.
 * @returns whether it was built.
 * @throws Error when Vite refuses, with what it printed.
 */
export async function buildConsole(): Promise<boolean> {
  const fingerprint = await sourceFingerprint()
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === fingerprint) return false
  const { code, output } = await runCommand('vite', ['build', '--logLevel', 'warn'], {
    cwd: folder,
    environment: sourceEnvironment(root),
  })
  if (code !== 0) throw new Error(`The console was not built (vite ended with code ${code}).\n${output}`)
  await writeFile(stamp, fingerprint)
  return true
}

async function sourceFingerprint(): Promise<string> {
  const files: string[] = []
  for await (const file of glob(sources, { cwd: root })) files.push(file)
  const hash = createHash('sha256')
  for (const file of files.toSorted()) hash.update(`${file}\0`).update(await readFile(join(root, file)))
  return hash.digest('hex')
}

/** `node tools/run.js build-console`: what the other tools do before they serve the console. */
export async function main(): Promise<number> {
  console.log((await buildConsole()) ? 'built the console' : 'the console is built already')
  return 0
}
