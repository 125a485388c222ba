import { CaudalError, protocolVersion } from '@caudal/spec'
import type { Context, MiddlewareHandler } from 'hono'
import { channelOf, type AttachRequest, type ServerContext, type ServerEnv } from './context.ts'

/** Headers by which an attached process says what it is; over the unix socket alone. Paths are percent-encoded. */
export const attachHeaders = {
  protocol: 'caudal-protocol',
  target: 'caudal-target',
  fingerprint: 'caudal-fingerprint',
  projectPath: 'caudal-project-path',
} as const

/** Refuses a process of another protocol or for another target before it asks for anything. */
export function attachGuard({ service }: ServerContext): MiddlewareHandler<ServerEnv> {
  return async (context, next) => {
    if (channelOf(context) === 'socket') {
      checkProtocol(context.req.header(attachHeaders.protocol))
      checkTarget(context.req.header(attachHeaders.target), service.target)
    }
    await next()
  }
}

/** What the attached process says of itself; `undefined` when it says nothing. */
export function attachRequestOf(context: Context<ServerEnv>): AttachRequest | undefined {
  const fingerprint = context.req.header(attachHeaders.fingerprint)
  const projectPath = context.req.header(attachHeaders.projectPath)
  if (fingerprint === undefined || projectPath === undefined) return undefined
  return { fingerprint, projectPath: decodeURIComponent(projectPath) }
}

/** Refuses what only processes of the same user on this machine may do. */
export function socketOnly(): MiddlewareHandler<ServerEnv> {
  return async (context, next) => {
    if (channelOf(context) !== 'socket') {
      throw new CaudalError({
        code: 'CAUDAL_REQUEST_LOCAL_ONLY',
        message: `${context.req.path} is answered over the unix socket of the owner process alone.`,
        hint: 'Use the command line: caudal query "select …".',
      })
    }
    await next()
  }
}

function checkProtocol(found: string | undefined): void {
  if (found === String(protocolVersion)) return
  throw new CaudalError({
    code: 'CAUDAL_ATTACH_PROTOCOL',
    message:
      `This command speaks protocol ${found ?? '(none)'}; the process ${process.pid} that owns the warehouse ` +
      `speaks protocol ${protocolVersion}: they are different releases of Caudal. Nothing was done.`,
    hint: `Stop that process (Ctrl-C in its terminal, or kill ${process.pid}) and run the command again.`,
    context: { found: found ?? null, protocol: protocolVersion, pid: process.pid },
  })
}

function checkTarget(found: string | undefined, target: string): void {
  if (found === undefined || found === target) return
  throw new CaudalError({
    code: 'CAUDAL_ATTACH_TARGET',
    message:
      `This command is for the target \`${found}\`; the process ${process.pid} has the same warehouse open ` +
      `for the target \`${target}\`. Nothing was done.`,
    hint: `Use --target ${target}, or give the targets different warehouse files in caudal.config.ts.`,
    context: { found, target, pid: process.pid },
  })
}
