import { join } from 'node:path'
import { assemble } from './build/assemble.ts'
import { root } from './root.ts'
import { runCommand, sourceEnvironment } from './run-command.ts'

/** `npm run build`: compiles every package, builds the console, and puts the package that users install into `build/caudal`. */
export async function main(): Promise<number> {
  const environment = sourceEnvironment(root)
  const steps = [
    { command: 'tsc', parameters: ['-b'], cwd: root },
    { command: 'vite', parameters: ['build', '--logLevel', 'warn'], cwd: join(root, 'packages', 'console') },
  ]
  for (const { command, parameters, cwd } of steps) {
    const { code } = await runCommand(command, parameters, { cwd, environment, isShown: true })
    if (code !== 0 && command !== 'tsc') return code
  }
  const destination = join(root, 'build', 'caudal')
  assemble(root, destination)
  console.log(`built ${destination}`)
  return 0
}
