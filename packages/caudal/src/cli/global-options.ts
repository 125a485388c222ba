import type { OptionDefinition } from './command.ts'

/** Options of every command. */
export const globalOptions: Readonly<Record<string, OptionDefinition>> = {
  project: { type: 'string', short: 'p', value: 'folder', help: 'The project. Default: this folder.' },
  target: {
    type: 'string',
    short: 't',
    value: 'name',
    help: "The target. Default: the project's default target.",
  },
  json: { type: 'boolean', help: 'One JSON document on standard output instead of lines.' },
  help: { type: 'boolean', short: 'h', help: 'Show the command and its options.' },
}
