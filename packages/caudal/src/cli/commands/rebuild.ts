import { existsSync, renameSync } from 'node:fs'
import { findSocket } from '@caudal/server'
import { describeMissing, startProject, targetOf } from '@caudal/engine'
import { CaudalError } from '@caudal/spec'
import type { Command } from '../command.ts'
import { followRun } from '../follow-run.ts'
import { printRun } from '../print-run.ts'
import { exitCodes } from '../exit-codes.ts'
import { openSession, ownerNeeded, warehousePath } from '../open-session.ts'

/** `caudal rebuild`: a new warehouse from the lake alone; the old file is kept beside it. */
export const rebuild: Command = {
  usage: '',
  options: {},
  run: async (context) => {
    const { output } = context
    const kept = await moveAside(context.projectPath, context.target)
    const session = await openSession(context)
    try {
      const recovery = session.owner?.recovery
      output.line(
        `${output.green('✓')} ${recovery?.committed ?? 0} loads of the lake applied${kept === undefined ? '' : `; the warehouse before is ${kept}`}`,
      )
      const missing = recovery?.missing ?? []
      for (const one of missing) output.line(`${output.red('✗')} ${describeMissing(one)}`)
      const run = await followRun(session, { select: [], skipSources: true, trigger: 'cli rebuild' }, context)
      printRun(output, run)
      return run.state === 'succeeded' && missing.length === 0 ? exitCodes.ok : exitCodes.failed
    } finally {
      await session.close()
    }
  },
}

async function moveAside(projectPath: string, targetName: string | undefined): Promise<string | undefined> {
  const project = await startProject(projectPath)
  try {
    const target = targetOf(project.manifest, targetName)
    const file = warehousePath(target.warehouse, projectPath)
    if (typeof target.warehouse.options['path'] !== 'string') {
      throw new CaudalError({
        code: 'CAUDAL_CLI_REBUILD',
        message: `The warehouse of target \`${target.name}\` is not a file of this machine. Nothing was changed.`,
        hint: 'Name an empty database in the target and run: what is in the lake is loaded first.',
      })
    }
    if ((await findSocket(file)) !== undefined) throw ownerNeeded('rebuild')
    if (!existsSync(file)) return undefined
    const kept = `${file}.before-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`
    // The log first: a new file beside an old log would take it for its own. What the log alone held comes from the lake again.
    if (existsSync(`${file}.wal`)) renameSync(`${file}.wal`, `${kept}.wal`)
    renameSync(file, kept)
    return kept
  } finally {
    await project.worker.close()
  }
}
