import type { Command } from './command.ts'
import { commands } from './commands.ts'
import { globalOptions } from './global-options.ts'

/** The commands, one line each. */
export function generalHelp(): string {
  const names = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(14)} ${summary}`)
  return [
    'caudal: from your sources to a live sales dashboard.',
    '',
    'Usage: caudal <command> [options]',
    '',
    ...names,
    '',
    'caudal <command> --help shows its options.',
    'Exit codes: 0 done, 1 a run, check or test failed, 2 wrong command line or project, 3 something is not available, 130 cancelled.',
  ].join('\n')
}

/** A command with its options. */
export function commandHelp(name: string, summary: string, command: Command): string {
  const options = Object.entries({ ...command.options, ...globalOptions }).map(([option, definition]) => {
    const short = definition.short === undefined ? '' : `-${definition.short}, `
    const value = definition.value === undefined ? '' : ` <${definition.value}>`
    return `  ${`${short}--${option}${value}`.padEnd(26)} ${definition.help}`
  })
  return [summary, '', `Usage: caudal ${name} ${command.usage}`.trimEnd(), '', ...options].join('\n')
}
