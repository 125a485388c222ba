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

/** A repeated text option. */
export function listOption(context: Arguments, name: string): readonly string[] {
  const value = context.values[name]
  return Array.isArray(value)
    ? value.flatMap((item: string) => item.split(/[\s,]+/).filter((part) => part !== ''))
    : []
}

/** A switch. */
export function switchOption(context: Arguments, name: string): boolean {
  return context.values[name] === true
}
