import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand, sourceEnvironment } from '../run-command.ts'
import { tidy } from '../tidy/run.ts'
import { checkExamples } from '../examples/check-examples.ts'

/** One checker: what it looks at, and how to ask it. `problems` is empty when all is well. */
export interface CheckStep {
  readonly name: string
  readonly problems: (root: string) => Promise<string>
}

/** The checkers of `npm run check`, in the order in which their findings are printed. */
export const checkSteps: readonly CheckStep[] = [
  { name: 'types', problems: types },
  {
    name: 'lint',
    problems: (root) => ask(root, 'oxlint', ['--config', '.oxlintrc.json', '--format', 'unix']),
  },
  { name: 'format', problems: (root) => ask(root, 'oxfmt', ['--check']) },
  { name: 'unused', problems: (root) => ask(root, 'knip', ['--no-progress', '--no-config-hints']) },
  { name: 'tidy', problems: async (root) => tidy(root).join('\n') },
  { name: 'examples', problems: checkExamples },
]

async function types(root: string): Promise<string> {
  const console = existsSync(join(root, 'packages/console')) ? [['-p', 'packages/console']] : []
  const projects = [['-b'], ['-p', 'tsconfig.check.json'], ...console]
  const findings: string[] = []
  for (const project of projects) findings.push(await ask(root, 'tsc', project))
  return findings.filter((finding) => finding !== '').join('\n')
}

async function ask(root: string, command: string, parameters: readonly string[]): Promise<string> {
  const { code, output } = await runCommand(command, parameters, {
    cwd: root,
    environment: sourceEnvironment(root),
  })
  return code === 0 ? '' : output.trim() || `${command} ended with code ${code}.`
}
