import {
  openControlState,
  Owner,
  startProject,
  targetOf,
  type ControlState,
  type OwnerService,
  type StartedProject,
} from '@caudal/engine'
import {
  attach,
  findSocket,
  serve,
  socketPathFor,
  type AttachedOwner,
  type RunningServer,
} from '@caudal/server'
import { CaudalError, type AdapterReference } from '@caudal/spec'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { release } from './release.ts'

/** What a command works on: the owner in this process, or the one that another process is. */
export interface Session {
  readonly project: StartedProject
  readonly service: Pick<OwnerService, 'runs' | 'status' | 'graph' | 'query' | 'subscribe' | 'target'>
  /** The owner when it is this process. */
  readonly owner: Owner | undefined
  readonly server: RunningServer | undefined
  /** Leaves: an owner first waits until its runs have ended and no other process is attached. */
  close(): Promise<void>
  /** Ends now: an owner cancels its runs and closes everything within 10 s. */
  stop(): Promise<void>
}

/** How a session is opened. */
export interface SessionOptions {
  readonly projectPath: string
  readonly target: string | undefined
  /** Port of the console; `false`: only other commands can attach. */
  readonly port: number | false
  readonly host?: string
}

/**
 * Attaches to the process that owns the target's warehouse, or becomes its owner: the first process on a warehouse, whatever its command.
 */
export async function openSession(options: SessionOptions): Promise<Session> {
  const starting = startProject(options.projectPath)
  const preloading = preloadOwner()
  const project = await starting
  try {
    const target = targetOf(project.manifest, options.target)
    const warehouse = warehousePath(target.warehouse, options.projectPath)
    const running = await findSocket(warehouse)
    if (running === undefined) {
      await preloading
      return await becomeOwner(project, options, socketPathFor(warehouse))
    }
    const attached = await attach({
      socketPath: running,
      target: target.name,
      projectPath: options.projectPath,
      fingerprint: project.manifest.fingerprint,
    })
    return attachedSession(project, attached)
  } catch (error) {
    await project.worker.close()
    throw error
  }
}

/** Loads what an owner needs while the worker loads the project. */
async function preloadOwner(): Promise<void> {
  const loads = [import('@caudal/sqlite'), import('@caudal/duckdb').then(({ preload }) => preload())]
  await Promise.allSettled(loads)
}

async function becomeOwner(
  project: StartedProject,
  options: SessionOptions,
  socketPath: string,
): Promise<Session> {
  const control = await openControl(options.projectPath)
  let owner: Owner | undefined
  try {
    const opened = await Owner.open({
      project,
      control,
      ...(options.target === undefined ? {} : { target: options.target }),
    })
    owner = opened
    const server = await serve({
      service: opened,
      socketPath,
      port: options.port,
      audit: control.audit,
      logLevel: 'warn',
      consoleFolder: consoleFolder(),
      ...(options.host === undefined ? {} : { host: options.host }),
    })
    return {
      project,
      service: opened,
      owner: opened,
      server,
      close: async () => {
        await opened.idle()
        await server.whenDetached()
        await closeOwner(opened, server, control)
      },
      stop: () => closeOwner(opened, server, control),
    }
  } catch (error) {
    await owner?.close()
    await control.close()
    throw error
  }
}

async function closeOwner(owner: Owner, server: RunningServer, control: ControlState): Promise<void> {
  await Promise.all([server.close(), owner.close()])
  await control.close()
}

function attachedSession(project: StartedProject, attached: AttachedOwner): Session {
  const leave = async (): Promise<void> => {
    attached.detach()
    await project.worker.close()
  }
  return { project, service: attached, owner: undefined, server: undefined, close: leave, stop: leave }
}

async function openControl(projectPath: string): Promise<ControlState> {
  const { openControlDatabase } = await import('@caudal/sqlite')
  return openControlState(
    openControlDatabase({ path: path.join(projectPath, '.caudal', 'control.sqlite') }),
    { release },
  )
}

/** What tells warehouses apart: the file of an embedded one, the whole reference of a shared one. */
export function warehousePath(reference: AdapterReference, projectPath: string): string {
  const file = reference.options['path']
  return typeof file === 'string' ? path.resolve(projectPath, file) : JSON.stringify(reference)
}

/** Folder of the built console. */
function consoleFolder(): string {
  return fileURLToPath(new URL('dist', import.meta.resolve('@caudal/console/package.json')))
}

/** The error for a command that must be the owner itself. */
export function ownerNeeded(command: string): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_OWNER_RUNNING',
    message: `caudal ${command} needs the warehouse for itself, and another process has it open. Nothing was done.`,
    hint: 'Stop the other process (caudal dev, caudal serve) and try again.',
  })
}
