import { writeErrorsPage } from './errors/page.ts'
import { root } from './root.ts'
import { runCommand, sourceEnvironment } from './run-command.ts'

/** `npm run fix`: what machines can mend: lint findings with a safe mend, format, generated pages. */
export async function main(): Promise<number> {
  const options = { cwd: root, environment: sourceEnvironment(root), isShown: true }
  writeErrorsPage(root)
  const lint = await runCommand('oxlint', ['--config', '.oxlintrc.json', '--fix', '--quiet'], options)
  const format = await runCommand('oxfmt', [], options)
  return Math.max(lint.code, format.code)
}
