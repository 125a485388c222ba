import { join } from 'node:path'
import { assemble } from './build/assemble.ts'
import { buildConsole } from './build-console.ts'
import { root } from './root.ts'
import { runCommand, sourceEnvironment } from './run-command.ts'

/** `npm run build`: compiles every package, builds the console, and puts the package that users install into `build/caudal`. */
export async function main(): Promise<number> {
  await runCommand('tsc', ['-b'], { cwd: root, environment: sourceEnvironment(root), isShown: true })
  await buildConsole()
  const destination = join(root, 'build', 'caudal')
  assemble(root, destination)
  console.log(`built ${destination}`)
  return 0
}
