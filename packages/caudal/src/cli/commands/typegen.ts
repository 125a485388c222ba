import { layOutEmptyTables, renderTypes, startProject, writeRecordedSchema } from '@caudal/engine'
import { toErrorReport, type ErrorReport } from '@caudal/spec'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { listOption, type Command, type CommandContext } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { withScratch } from '../scratch.ts'

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
    const { written, errors } = await recordSchemas(context)
    const types = await writeTypes(context)
    const files = [...written, ...(types.isChanged ? ['caudal-types.ts'] : [])]
    const all = [...errors, ...types.problems]
    context.output.json({ written: files, tables: types.tables, problems: all })
    for (const file of files) context.output.line(`${context.output.green('✓')} ${file}`)
    if (types.problems.length > 0)
      context.output.line('caudal-types.ts stays as it is: correct the models below, then run it again.')
    else if (files.length === 0) context.output.line(`${types.tables} tables and models, nothing changed`)
    else context.output.line(`${types.tables} tables and models; commit what was written`)
    for (const problem of all) if (!context.output.isJson) context.output.error(problem)
    return all.length === 0 ? exitCodes.ok : exitCodes.failed
  },
}

/** Asks each source for its streams; one that does not answer keeps what was recorded. */
async function recordSchemas(
  context: CommandContext,
): Promise<{ readonly written: readonly string[]; readonly errors: readonly ErrorReport[] }> {
  const project = await startProject(context.projectPath, true)
  const written: string[] = []
  const errors: ErrorReport[] = []
  try {
    const chosen = listOption(context, 'source')
    const names = chosen.length > 0 ? chosen : project.manifest.sources.map((source) => source.name)
    for (const name of names) {
      try {
        const streams = await project.worker.discover(name, context.signal)
        if (await writeRecordedSchema(context.projectPath, name, streams))
          written.push(`schemas/${name}.json`)
      } catch (error) {
        context.signal.throwIfAborted()
        errors.push(toErrorReport(error))
      }
    }
  } finally {
    await project.worker.close()
  }
  return { written, errors }
}

/** Writes the types from a fresh look at the project, whose schemas are recorded now; while a model is broken they stay as they are. */
async function writeTypes(context: CommandContext): Promise<{
  readonly isChanged: boolean
  readonly tables: number
  readonly problems: readonly ErrorReport[]
}> {
  const project = await startProject(context.projectPath, true)
  await project.worker.close()
  const { manifest } = project
  const broken = manifest.problems.filter((problem) => problem.code.startsWith('CAUDAL_MODEL_'))
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
