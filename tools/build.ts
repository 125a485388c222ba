import { join } from 'node:path'
import { assemble } from './build/assemble.ts'
import { buildConsole } from './build-console.ts'
import { root } from './root.ts'
import { runCommand, sourceEnvironment } from './run-command.ts'

/**
 * Compiles every package, builds the console, and puts the package that users install into `destination`.
 * @throws Error with what the compiler says.
 */
export async function buildPackage(destination: string): Promise<void> {
  const { code, output } = await runCommand('tsc', ['-b'], {
    cwd: root,
    environment: sourceEnvironment(root),
  })
  if (code !== 0) throw new Error(`The packages do not compile:\n${output}`)
  await buildConsole()
  await assemble(root, destination)
}

/** `npm run build`: the package that users install, in `build/caudal`. */
export async function main(): Promise<number> {
  const destination = join(root, 'build', 'caudal')
  await buildPackage(destination)
  console.log(`built ${destination}\nnpm pack ./build/caudal makes the archive that npm installs.`)
  return 0
}
