import {
  layOutEmptyTables,
  recordedSources,
  removeRecordedSchema,
  renderTypes,
  startProject,
  writeRecordedSchema,
} from '@caudal/engine'
import { CaudalError, suggestion, toErrorReport, type ErrorReport } from '@caudal/spec'
import { existsSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { askProject } from '../ask-project.ts'
import { listOption, type Command, type CommandContext } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { withScratch } from '../scratch.ts'

/** What became of `schemas/`. */
interface Recorded {
  readonly written: readonly string[]
  readonly removed: readonly string[]
  readonly errors: readonly ErrorReport[]
}

/** What became of `caudal-types.ts`. */
interface WrittenTypes {
  readonly isChanged: boolean
  readonly tables: number
  readonly problems: readonly ErrorReport[]
}

/** `caudal typegen`: records what the sources have in `schemas/` and writes `caudal-types.ts`; both are committed. */
export const typegen: Command = {
  usage: '[--source <name>]',
  options: {
    source: {
      type: 'string',
      multiple: true,
      value: 'name',
      help: 'Ask only this source again. Default: every source.',
    },
  },
  run: async (context) => {
    const { written, removed, errors, types } = await generate(context)
    const files = [...written, ...(types.isChanged ? ['caudal-types.ts'] : [])]
    const all = [...errors, ...types.problems]
    context.output.json({ written: files, removed, tables: types.tables, problems: all })
    for (const file of files) context.output.line(`${context.output.green('✓')} ${file}`)
    for (const file of removed) context.output.line(`${context.output.yellow('−')} ${file} is removed`)
    if (types.problems.length > 0)
      context.output.line('caudal-types.ts stays as it is: correct what stands below, then run it again.')
    else if (files.length + removed.length === 0)
      context.output.line(`${types.tables} tables and models, nothing changed`)
    else context.output.line(`${types.tables} tables and models; commit what was written`)
    for (const problem of all) if (!context.output.isJson) context.output.error(problem)
    return all.length === 0 ? exitCodes.ok : exitCodes.failed
  },
}

const emptyTypes =
  "import { authoring } from 'caudal'\n\nexport const { metric, dashboard, tile, check, modelTest } = authoring()\n"

async function generate(context: CommandContext): Promise<Recorded & { readonly types: WrittenTypes }> {
  const end = await beginTypes(context.projectPath)
  try {
    const recorded = await recordSchemas(context)
    return { ...recorded, types: await writeTypes(context) }
  } finally {
    await end()
  }
}

/** Modules that import `caudal-types.ts` can only be read once it is there. @returns what takes it away again when nothing better came. */
async function beginTypes(projectPath: string): Promise<() => Promise<void>> {
  const file = path.join(projectPath, 'caudal-types.ts')
  if (existsSync(file) || !existsSync(path.join(projectPath, 'caudal.config.ts')))
    return async () => undefined
  await writeFile(file, emptyTypes)
  return async () => {
    if ((await readFile(file, 'utf8')) === emptyTypes) await rm(file)
  }
}

/** Asks each source for its streams; one that does not answer keeps what was recorded, one that left the project loses it. */
async function recordSchemas(context: CommandContext): Promise<Recorded> {
  const { projectPath, signal } = context
  const project = await askProject(context, true)
  const written: string[] = []
  const errors: ErrorReport[] = []
  try {
    const known = project.manifest.sources.map((source) => source.name)
    const chosen = listOption(context, 'source')
    for (const name of chosen) if (!known.includes(name)) throw unknownSource(name, known)
    for (const name of chosen.length > 0 ? chosen : known) {
      try {
        const streams = await project.worker.discover(name, signal)
        if (await writeRecordedSchema(projectPath, name, streams)) written.push(`schemas/${name}.json`)
      } catch (error) {
        signal.throwIfAborted()
        errors.push(undiscovered(name, error))
      }
    }
    const hasBrokenModule = project.manifest.problems.some(isBrokenModule)
    const removed = chosen.length > 0 || hasBrokenModule ? [] : await removeLeftOver(projectPath, known)
    return { written, removed, errors }
  } finally {
    await project.close()
  }
}

async function removeLeftOver(projectPath: string, known: readonly string[]): Promise<readonly string[]> {
  const leftOver = (await recordedSources(projectPath)).filter((name) => !known.includes(name))
  for (const name of leftOver) await removeRecordedSchema(projectPath, name)
  return leftOver.map((name) => `schemas/${name}.json`)
}

/** Of a module with sources or models: what it declares is not known. */
function isBrokenModule({ code, context }: ErrorReport): boolean {
  return code === 'CAUDAL_PROJECT_MODULE' && /^(sources|models)\//.test(String(context['file']))
}

function undiscovered(source: string, error: unknown): ErrorReport {
  const report = toErrorReport(error)
  return {
    ...report,
    message: `source \`${source}\` could not be discovered; schemas/${source}.json stays as it was. ${report.message}`,
  }
}

function unknownSource(name: string, known: readonly string[]): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_CLI_ARGUMENT',
    message: `There is no source \`${name}\`; there ${known.length === 1 ? 'is' : 'are'} ${known.join(', ') || 'none'}. Nothing was written.${suggestion(name, known)}`,
    hint: 'Name one of them, or none for all.',
    context: { source: name },
  })
}

/** Writes the types from a fresh look at the project, whose schemas are recorded now; while a model is broken they stay as they are. */
async function writeTypes(context: CommandContext): Promise<WrittenTypes> {
  const project = await startProject(context.projectPath, true)
  await project.worker.close()
  const { manifest } = project
  const broken = manifest.problems.filter(
    (problem) => problem.code.startsWith('CAUDAL_MODEL_') || isBrokenModule(problem),
  )
  if (broken.length > 0) return { isChanged: false, tables: 0, problems: broken }
  return withScratch(context.projectPath, async (scratch) => {
    const { tables, problems } = await layOutEmptyTables(manifest, scratch)
    if (problems.length > 0) return { isChanged: false, tables: 0, problems }
    const file = path.join(context.projectPath, 'caudal-types.ts')
    const text = renderTypes(tables)
    const isChanged = (await readFile(file, 'utf8').catch(() => undefined)) !== text
    if (isChanged) await writeFile(file, text)
    return { isChanged, tables: tables.length, problems: [] }
  })
}
