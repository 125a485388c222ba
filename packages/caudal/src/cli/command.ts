import { CaudalError } from '@caudal/spec'
import type { Output } from './output.ts'

/** An option of a command, as `node:util` parses it. */
export interface OptionDefinition {
  readonly type: 'string' | 'boolean'
  readonly short?: string
  readonly multiple?: boolean
  /** What it does, and its default. */
  readonly help: string
  /** What stands for its value in the help. */
  readonly value?: string
}

/** Parsed arguments. */
export interface Arguments {
  readonly positionals: readonly string[]
  readonly values: Readonly<Record<string, string | boolean | readonly string[] | undefined>>
}

/** What every command gets. */
export interface CommandContext extends Arguments {
  readonly output: Output
  /** Absolute path of the project. */
  readonly projectPath: string
  readonly target: string | undefined
  /** Aborted by Ctrl-C or SIGTERM: what the command does is cancelled. */
  readonly signal: AbortSignal
  /** Aborted by SIGTERM or a second Ctrl-C: the process ends within 10 s, whoever is attached to it. */
  readonly stop: AbortSignal
}

/** A command. Its module is imported only when it is called. */
export interface Command {
  /** After the name: `<source>.<stream> [--limit n]`. */
  readonly usage: string
  readonly options: Readonly<Record<string, OptionDefinition>>
  /** @returns the exit code. */
  run(context: CommandContext): Promise<number>
}

/** A text option. */
export function textOption(context: Arguments, name: string): string | undefined {
  const value = context.values[name]
  return typeof value === 'string' ? value : undefined
}

/** A whole number from 0. @throws CaudalError `CAUDAL_CLI_NUMBER`. */
export function numberOption(context: Arguments, name: string, fallback: number): number {
  const text = textOption(context, name)
  if (text === undefined) return fallback
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new CaudalError({
    code: 'CAUDAL_CLI_NUMBER',
    message: `--${name} takes a whole number from 0, not \`${text}\`. Nothing was done.`,
    hint: `--${name} ${fallback}`,
  })
}

/** A repeated text option; spaces part its values, as in a shell that did not. */
export function listOption(context: Arguments, name: string): readonly string[] {
  const value = context.values[name]
  return Array.isArray(value)
    ? value.flatMap((item: string) => item.split(/\s+/).filter((part) => part !== ''))
    : []
}

/** A switch. */
export function switchOption(context: Arguments, name: string): boolean {
  return context.values[name] === true
}
