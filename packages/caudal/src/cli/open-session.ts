import { startProject, targetOf, type StartedProject } from '@caudal/engine'
import { attach, claimWarehouse, findSocket } from '@caudal/server'
import { CaudalError, type AdapterReference } from '@caudal/spec'
import path from 'node:path'
import { becomeOwner, preloadOwner } from './own-session.ts'
import type { Session, SessionContext, SessionOptions } from './session.ts'
import { consoleRunning, waitForTurn } from './wait-for-turn.ts'

/**
 * Attaches to the process that owns the target's warehouse, or becomes its owner: the first process on a warehouse, whatever its command.
 * One that opens or closes it at this moment is waited for. With a port this process is the owner or nothing: it waits for commands that
 * serve no console, and is refused by a process that serves one.
 * @throws CaudalError `CAUDAL_OWNER_SERVES`, `CAUDAL_WAREHOUSE_LOCKED`, `CAUDAL_ATTACH_PROTOCOL`, …
 */
export async function openSession(context: SessionContext, options: SessionOptions = {}): Promise<Session> {
  const starting = startProject(context.projectPath)
  const preloading = preloadOwner()
  const project = await starting
  try {
    const target = targetOf(project.manifest, context.target)
    const warehouse = warehousePath(target.warehouse, context.projectPath)
    for (const waiting = waitForTurn(warehouse, context); ;) {
      try {
        const socketPath = await findSocket(warehouse)
        if (socketPath !== undefined) return await attachTo(socketPath, project, target.name, options)
        await preloading
        return await owning(warehouse, project, context, options)
      } catch (error) {
        await waiting.orThrow(error)
      }
    }
  } catch (error) {
    await project.worker.close()
    throw error
  }
}

async function owning(
  warehouse: string,
  project: StartedProject,
  context: SessionContext,
  options: SessionOptions,
): Promise<Session> {
  const release = claimWarehouse(warehouse)
  try {
    return await becomeOwner({ warehouse, project, context, options, release })
  } catch (error) {
    release()
    throw error
  }
}

async function attachTo(
  socketPath: string,
  project: StartedProject,
  target: string,
  options: SessionOptions,
): Promise<Session> {
  const { path: projectPath, fingerprint } = project.manifest
  const attached = await attach({ socketPath, target, projectPath, fingerprint })
  if (options.port !== undefined) {
    attached.detach()
    throw consoleRunning(attached.pid, attached.url)
  }
  const leave = async (): Promise<void> => {
    attached.detach()
    await project.worker.close()
  }
  return {
    project,
    service: attached,
    owner: undefined,
    server: undefined,
    ownerGone: attached.ended,
    close: leave,
    stop: leave,
  }
}

/** What tells warehouses apart: the file of an embedded one, the whole reference of a shared one. */
export function warehousePath(reference: AdapterReference, projectPath: string): string {
  const file = reference.options['path']
  return typeof file === 'string' ? path.resolve(projectPath, file) : JSON.stringify(reference)
}

/** The error for a command that must be the owner itself. */
export function ownerNeeded(command: string): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_OWNER_NEEDED',
    message: `caudal ${command} needs the warehouse for itself, and another process has it open. Nothing was done.`,
    hint: 'Stop the other process (caudal dev, caudal serve) and try again.',
  })
}
