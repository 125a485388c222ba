import { join } from 'node:path'
import { buildPackage } from './build.ts'
import { root } from './root.ts'
import { runCommand, sourceEnvironment } from './run-command.ts'

/**
 * `npm run bench [name …]`: builds the package, runs benchmarks with it and keeps their results in `bench/results`; `-- --docs` writes
 * docs/benchmarks.md from what is kept.
 */
export async function main(parameters: readonly string[]): Promise<number> {
  if (!parameters.includes('--docs')) await buildPackage(join(root, 'build', 'caudal'))
  const options = { cwd: root, environment: sourceEnvironment(root), isShown: true }
  return (await runCommand('node', ['bench/main.ts', ...parameters], options)).code
}
