import { startProject, type ControlState, type StartedProject } from '@caudal/engine'
import type { CommandContext } from './command.ts'
import { logTo } from './log.ts'
import { openControl } from './open-control.ts'

/** A project whose sources this command asks itself, without an owner. */
export interface AskedProject extends StartedProject {
  close(): Promise<void>
}

/**
 * Loads the project so that its sources can be asked: what they say comes to standard error, tokens that rotate are read from and stored in
 * the control database, as under an owner.
 */
export async function askProject(
  context: Pick<CommandContext, 'projectPath' | 'output'>,
  acceptsProblems = false,
): Promise<AskedProject> {
  const project = await startProject(context.projectPath, acceptsProblems)
  let opening: Promise<ControlState> | undefined
  const control = (): Promise<ControlState> => (opening ??= openControl(context.projectPath))
  const log = logTo(context.output, 'warn')
  const noLoads = (): never => {
    throw new Error('Invariant broken: a project that is only asked something wrote to the warehouse')
  }
  project.link({
    staged: noLoads,
    positions: noLoads,
    nextLoadId: noLoads,
    flush: noLoads,
    progress: noLoads,
    readSecret: async ({ source, name }) => (await (await control()).secrets.read(source, name)) ?? null,
    writeSecret: async ({ source, name, value }) => {
      await (await control()).secrets.write(source, name, value)
      return null
    },
    log: async ({ source, level, message, facts }) => {
      log(level, `${source}: ${message}`, facts)
      return null
    },
  })
  return {
    ...project,
    close: async () => {
      await project.worker.close()
      await (await opening?.catch(() => undefined))?.close()
    },
  }
}
