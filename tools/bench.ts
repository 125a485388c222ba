import { root } from './root.ts'
import { runCommand, sourceEnvironment } from './run-command.ts'

/** `npm run bench [name …]`: runs benchmarks and keeps their results in `bench/results`; `-- --docs` writes docs/benchmarks.md from them. */
export async function main(parameters: readonly string[]): Promise<number> {
  const options = { cwd: root, environment: sourceEnvironment(root), isShown: true }
  return (await runCommand('node', ['bench/main.ts', ...parameters], options)).code
}
