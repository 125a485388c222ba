import { CaudalError, type Manifest } from '@caudal/spec'
import type { Command, CommandContext } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { serveUntilStopped, servingOptions, stopped, type ServingSession } from '../serving.ts'
import { watchProject } from '../watch-project.ts'

/** `caudal dev`: one run, then the console; the project is loaded anew when a file changes. */
export const dev: Command = {
  usage: '[--port n] [--open]',
  options: servingOptions,
  run: async (context) => {
    const { output, signal } = context
    for (;;) {
      const early = firstChange(context)
      try {
        return await serveUntilStopped(context, 'dev', async (session) => {
          reloadOnChange(context, session, early.isThere())
          early.stop()
          await session.service.runs.start({ select: [], trigger: 'dev' })
        })
      } catch (error) {
        if (signal.aborted || !isBrokenProject(error)) throw error
        output.error(error)
        output.line(output.dim('  Waiting for a change of the files …'))
        await Promise.race([early.happened, stopped(signal)])
        if (signal.aborted) return exitCodes.ok
      } finally {
        early.stop()
      }
    }
  },
}

const brokenProject = new Set(['CAUDAL_PROJECT_PROBLEMS', 'CAUDAL_PROJECT_MODULE', 'CAUDAL_PROJECT_CONFIG'])

function isBrokenProject(error: unknown): boolean {
  return CaudalError.isInstance(error) && brokenProject.has(error.code)
}

/** The first change from now on: the watch begins before the project is loaded, so that none falls between. */
function firstChange({ projectPath }: CommandContext): {
  readonly happened: Promise<void>
  isThere(): boolean
  stop(): void
} {
  let isThere = false
  let stop = (): void => undefined
  const happened = new Promise<void>((resolve) => {
    stop = watchProject(projectPath, () => {
      isThere = true
      resolve()
    })
  })
  return { happened, isThere: () => isThere, stop }
}

/** Loads the project anew at each change, one load after the other; a broken version is shown, and the one before goes on. */
function reloadOnChange(context: CommandContext, session: ServingSession, hasChanged: boolean): void {
  const { output, signal } = context
  let work = Promise.resolve()
  let isWaiting = false
  const reload = async (): Promise<void> => {
    isWaiting = false
    if (signal.aborted) return
    const before = session.owner.manifest
    const wasBroken = session.owner.problems.length > 0
    try {
      const manifest = await session.owner.reload()
      if (manifest.fingerprint === before.fingerprint && !wasBroken) return
      output.line(`${output.green('↻')} The project was loaded anew.`)
      for (const request of runsFor(before, manifest)) await session.service.runs.start(request)
    } catch (error) {
      if (signal.aborted) return
      output.error(error)
      output.line(output.dim('  The version before goes on; the console shows what is wrong.'))
    }
  }
  const changed = (): void => {
    if (isWaiting) return
    isWaiting = true
    work = work.then(reload)
  }
  const stop = watchProject(context.projectPath, changed)
  if (hasChanged) changed()
  void stopped(signal).then(stop)
}

/** Sources that are new or changed are read; everything else is built on what is there. */
function runsFor(
  before: Manifest,
  after: Manifest,
): Parameters<ServingSession['service']['runs']['start']>[0][] {
  const known = new Map(before.sources.map((source) => [source.name, JSON.stringify(source)]))
  const changed = after.sources.filter((source) => known.get(source.name) !== JSON.stringify(source))
  const trigger = 'dev reload'
  return [
    ...(changed.length === 0 ? [] : [{ select: changed.map(({ name }) => `source:${name}+`), trigger }]),
    { select: [], skipSources: true, trigger },
  ]
}
