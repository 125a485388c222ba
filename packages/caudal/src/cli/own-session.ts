import { Owner, type ControlState, type StartedProject } from '@caudal/engine'
import { serve, socketPathFor, type RunningServer } from '@caudal/server'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { logTo } from './log.ts'
import { openControl } from './open-control.ts'
import type { Session, SessionContext, SessionOptions } from './session.ts'

/** What a session is opened with by the process that becomes the owner. */
export interface OwnSession {
  /** Path of the warehouse. */
  readonly warehouse: string
  readonly project: StartedProject
  readonly context: SessionContext
  readonly options: SessionOptions
  /** Called when the warehouse is closed. */
  readonly release: () => void
}

/** Loads what an owner needs while the worker loads the project. */
export async function preloadOwner(): Promise<void> {
  const loads = [import('@caudal/sqlite'), import('@caudal/duckdb').then(({ preload }) => preload())]
  await Promise.allSettled(loads)
}

/** Opens the warehouse and listens for other commands. @throws CaudalError with everything closed but the worker, when it has not begun. */
export async function becomeOwner(own: OwnSession): Promise<Session> {
  const { project, context, options, warehouse } = own
  const control = await openControl(context.projectPath)
  let opened: Owner | undefined
  try {
    const owner = await Owner.open({
      project,
      control,
      log: logTo(context.output, options.port === undefined ? 'warn' : 'info'),
      ...(context.target === undefined ? {} : { target: context.target }),
    })
    opened = owner
    const server = await serve({
      service: owner,
      socketPath: socketPathFor(warehouse),
      port: options.port ?? false,
      audit: control.audit,
      logLevel: 'warn',
      consoleFolder: consoleFolder(),
      ...(options.host === undefined ? {} : { host: options.host }),
    })
    return ownSession(own, owner, server, control)
  } catch (error) {
    await opened?.close()
    await control.close()
    throw error
  }
}

function ownSession(
  { project, context, release }: OwnSession,
  owner: Owner,
  server: RunningServer,
  control: ControlState,
): Session {
  let ending: Promise<void> | undefined
  const stop = (): Promise<void> => (ending ??= closeOwner(owner, server, control).finally(release))
  const stopped = new Promise<void>((resolve) => {
    if (context.stop.aborted) resolve()
    else context.stop.addEventListener('abort', () => resolve(), { once: true })
  })
  void stopped.then(stop)
  return {
    project,
    service: owner,
    owner,
    server,
    ownerGone: new Promise(() => undefined),
    close: async () => {
      let isSaid = false
      while (!context.stop.aborted && (!owner.isIdle || server.attached > 0)) {
        if (server.attached > 0 && !isSaid) {
          isSaid = true
          context.output.note(
            `Other commands use the warehouse through this process (${server.attached}): it ends with them. Ctrl-C ends them too.`,
          )
        }
        await Promise.race([stopped, owner.idle().then(() => server.whenDetached())])
      }
      await stop()
    },
    stop,
  }
}

/** How long those who are attached may take to read how their run ended. */
const farewellMsMax = 1_000

/** Runs are cancelled while those who follow them still hear of it; then the doors close, and what is behind them. */
async function closeOwner(owner: Owner, server: RunningServer, control: ControlState): Promise<void> {
  server.refuse()
  await owner.stopRuns()
  await Promise.race([server.whenDetached(), sleep(farewellMsMax, undefined, { ref: false })])
  await server.close()
  await owner.close()
  await control.close()
}

/** Folder of the built console. */
function consoleFolder(): string {
  return fileURLToPath(new URL('dist', import.meta.resolve('@caudal/console/package.json')))
}
