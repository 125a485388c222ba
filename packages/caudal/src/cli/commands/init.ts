import { CaudalError, suggestion } from '@caudal/spec'
import { existsSync } from 'node:fs'
import { mkdir, readdir } from 'node:fs/promises'
import path from 'node:path'
import { textOption, type Command, type CommandContext } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { isTemplate, layOut, templates, type Template } from '../lay-out.ts'

/** `caudal init`: begin a project in a new folder, offline. */
export const init: Command = {
  usage: '<folder> [--template sales|blank]',
  options: {
    template: {
      type: 'string',
      value: 'name',
      help: 'sales: a small company, made up, with a board. blank: nothing but the folders. Default: sales.',
    },
  },
  run: async (context) => {
    const [name] = context.positionals
    if (name === undefined) {
      context.output.line('Name the folder: caudal init my-company')
      return exitCodes.usage
    }
    const template = wantedTemplate(textOption(context, 'template') ?? 'sales')
    const folder = path.resolve(context.projectPath, name)
    await makeFolder(folder)
    const files = await layOut(template, folder, new Date())
    printNextSteps(context, { name, folder, template, files })
    return exitCodes.ok
  },
}

function wantedTemplate(name: string): Template {
  if (isTemplate(name)) return name
  throw new CaudalError({
    code: 'CAUDAL_CLI_TEMPLATE',
    message: `There is no template \`${name}\`.${suggestion(name, templates)} Nothing was written.`,
    hint: `Templates: ${templates.join(', ')}.`,
    context: { template: name },
  })
}

/** Creates the folder; one that is there has to be empty but for what Git keeps. */
async function makeFolder(folder: string): Promise<void> {
  let found: string[]
  try {
    await mkdir(folder, { recursive: true })
    found = await readdir(folder)
  } catch (cause) {
    throw new CaudalError({
      code: 'CAUDAL_CLI_FOLDER',
      message: `${folder} cannot be used as a folder: ${cause instanceof Error ? cause.message : String(cause)}. Nothing was written.`,
      hint: 'Name another folder, or allow writing there.',
      context: { folder },
      cause,
    })
  }
  const [first, ...more] = found.filter((name) => name !== '.git')
  if (first === undefined) return
  throw new CaudalError({
    code: 'CAUDAL_CLI_FOLDER',
    message: `${folder} is not empty: ${first}${more.length > 0 ? ` and ${more.length} more` : ''}. Nothing was written.`,
    hint: 'Name a folder that is new or empty.',
    context: { folder },
  })
}

interface Begun {
  readonly name: string
  readonly folder: string
  readonly template: Template
  readonly files: readonly string[]
}

function printNextSteps({ output }: CommandContext, { name, folder, template, files }: Begun): void {
  const steps = [
    [`cd ${/\s/.test(name) ? JSON.stringify(name) : name}`, ''],
    ...(isInstalledFor(folder) ? [] : [['npm install', '']]),
    ['npx caudal run', 'sources → lake → warehouse → models'],
    ['npx caudal dev', 'the board; what you edit is loaded at once'],
  ] as const
  output.json({ folder, template, files, next: steps.map(([command]) => command) })
  output.line(`${output.green('✓')} ${name}: a project of the template ${template}`)
  output.line()
  for (const [command, note] of steps)
    output.line(`  ${output.bold(command.padEnd(16))}${output.dim(note)}`.trimEnd())
  output.line()
  output.line(
    `README.md says what is where${template === 'sales' ? ', and what to replace by your own' : ''}.`,
  )
}

/** Whether a module in the folder would find `caudal`. */
function isInstalledFor(folder: string): boolean {
  if (existsSync(path.join(folder, 'node_modules', 'caudal'))) return true
  const above = path.dirname(folder)
  return above !== folder && isInstalledFor(above)
}
