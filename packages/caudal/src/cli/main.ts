import { CaudalError, suggestion } from '@caudal/spec'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { Command } from './command.ts'
import { commands } from './commands.ts'
import { exitCodeOf, exitCodes } from './exit-codes.ts'
import { globalOptions } from './global-options.ts'
import { commandHelp, generalHelp } from './help.ts'
import { listenForInterrupts } from './interrupt.ts'
import { Output } from './output.ts'

/** The command line. @returns the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const output = new Output({
    isJson: argv.includes('--json'),
    isTerminal: process.stderr.isTTY,
    hasColour: process.stdout.isTTY && process.stderr.isTTY && process.env['NO_COLOR'] === undefined,
  })
  const interrupts = listenForInterrupts(output)
  process.stdout.on('error', letReaderGo)
  try {
    const { name, rest } = commandName(argv)
    if (name === undefined) {
      output.line(generalHelp())
      return exitCodes.ok
    }
    const entry = commands[name]
    if (entry === undefined) throw unknownCommand(name)
    const command = await entry.load()
    const parsed = parse(name, command, rest)
    if (parsed.values['help'] === true) {
      output.line(commandHelp(name, entry.summary, command))
      return exitCodes.ok
    }
    const projectPath = path.resolve(String(parsed.values['project'] ?? '.'))
    if (!existsSync(projectPath)) throw missingFolder(projectPath)
    loadEnvironment(projectPath)
    return await command.run({
      ...parsed,
      output,
      projectPath,
      target: parsed.values['target'] === undefined ? undefined : String(parsed.values['target']),
      signal: interrupts.signal,
      stop: interrupts.stop,
    })
  } catch (error) {
    return exitCodeOf(output.error(error).code)
  } finally {
    interrupts.release()
  }
}

/** A reader that has seen enough (`| head`) ends nothing: the command goes on, its output goes nowhere. */
function letReaderGo(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}

/** Variables of the project's `.env`; what the environment has already stays. */
function loadEnvironment(projectPath: string): void {
  const file = path.join(projectPath, '.env')
  if (existsSync(file)) process.loadEnvFile(file)
}

function missingFolder(projectPath: string): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_CLI_FOLDER_MISSING',
    message: `There is no folder ${projectPath}. Nothing was done.`,
    hint: 'Name the folder of a project with --project, or begin one: caudal init my-company.',
    context: { path: projectPath },
  })
}

function commandName(argv: readonly string[]): { name: string | undefined; rest: string[] } {
  const index = argv.findIndex((argument) => !argument.startsWith('-'))
  const first = argv[index]
  if (first === undefined || first === 'help') return { name: undefined, rest: [] }
  const pair = `${first} ${argv[index + 1] ?? ''}`
  const length = pair in commands ? 2 : 1
  const rest = [...argv.slice(0, index), ...argv.slice(index + length)]
  return { name: length === 2 ? pair : first, rest }
}

function parse(
  name: string,
  command: Command,
  rest: readonly string[],
): { positionals: string[]; values: Record<string, string | boolean | string[] | undefined> } {
  const options = { ...command.options, ...globalOptions }
  try {
    const parsed = parseArgs({
      args: [...rest],
      options: Object.fromEntries(
        Object.entries(options).map(([option, { type, short, multiple }]) => [
          option,
          {
            type,
            ...(short === undefined ? {} : { short }),
            ...(multiple === undefined ? {} : { multiple }),
          },
        ]),
      ),
      allowPositionals: true,
    })
    return {
      positionals: parsed.positionals,
      values: { ...parsed.values } as Record<string, string | boolean | string[]>,
    }
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    const option = /'(--?[\w-]+)/.exec(text)?.[1] ?? ''
    throw new CaudalError({
      code: 'CAUDAL_CLI_OPTION',
      message: `caudal ${name}: ${text.split('. ')[0] ?? text}.${suggestion(
        option,
        Object.keys(options).map((known) => `--${known}`),
      )} Nothing was done.`,
      hint: `See the options: caudal ${name} --help.`,
    })
  }
}

function unknownCommand(name: string): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_CLI_COMMAND',
    message: `There is no command \`${name}\`.${nearCommand(name)} Nothing was done.`,
    hint: 'See the commands: caudal --help.',
    context: { command: name },
  })
}

/** The near command; of one in two words the first is near too. */
function nearCommand(name: string): string {
  const names = Object.keys(commands)
  const pair = names.find((known) => known.startsWith(`${name} `))
  return pair === undefined ? suggestion(name, names) : ` Did you mean \`${pair}\`?`
}
