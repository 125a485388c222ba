import type { Owner } from '@caudal/engine'
import { CaudalError } from '@caudal/spec'
import { spawn } from 'node:child_process'
import { startCollecting, type Collecting } from './collecting.ts'
import { switchOption, textOption, type CommandContext } from './command.ts'
import { exitCodes } from './exit-codes.ts'
import { openSession, ownerNeeded } from './open-session.ts'
import type { Session } from './session.ts'

/** A session whose owner is this process. */
export interface ServingSession extends Session {
  readonly owner: Owner
}

/** Options of the commands that serve the console. */
export const servingOptions = {
  port: { type: 'string', value: 'n', help: 'Port of the console on this machine; 0: any. Default: 4700.' },
  host: {
    type: 'string',
    value: 'address',
    help: 'Address of this machine to listen on. Default: 127.0.0.1.',
  },
  ingest: {
    type: 'string',
    value: '[host:]port',
    help: 'Where events of pipelines are sent to; it may be an address that others reach. Default: 127.0.0.1:4710.',
  },
  open: { type: 'boolean', help: 'Open the console in the browser.' },
} as const

/** Serves the console and runs the schedules until the process is stopped. @param begin what is done once the console is there */
export async function serveUntilStopped(
  context: CommandContext,
  name: string,
  begin: (session: ServingSession) => Promise<void>,
): Promise<number> {
  const { output } = context
  const session = await openSession(context, consoleAddress(context))
  const { owner, server } = session
  if (owner === undefined || server === undefined) throw ownerNeeded(name)
  const { url = '' } = server
  output.json({ url })
  output.line(
    `${output.green('●')} ${session.project.manifest.name} on ${output.bold(url)}  ${output.dim('(Ctrl-C stops)')}`,
  )
  const { committed, abandoned, runs } = owner.recovery
  if (committed + abandoned + runs.length > 0) {
    output.line(
      output.dim(
        `  recovered: ${committed} staged loads committed, ${abandoned} abandoned, ${runs.length} runs of a dead process ended`,
      ),
    )
  }
  if (switchOption(context, 'open')) openBrowser(url)
  let collecting: Collecting | undefined
  try {
    collecting = await startCollecting(context, owner)
    await owner.startSchedules()
    await begin({ ...session, owner })
    await stopped(context.signal)
    output.line('Stopping …')
    return exitCodes.ok
  } finally {
    await collecting?.close()
    await session.stop()
  }
}

/** Resolves when the signal is aborted. */
export function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

function consoleAddress(context: CommandContext): { port: number; host?: string } {
  const port = textOption(context, 'port') ?? '4700'
  const host = textOption(context, 'host')
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new CaudalError({
      code: 'CAUDAL_CLI_PORT',
      message: `--port takes a number from 0 to 65535, not \`${port}\`. Nothing was started.`,
      hint: 'caudal serve --port 4700; 0 takes any free one.',
    })
  }
  return { port: Number(port), ...(host === undefined ? {} : { host }) }
}

function openBrowser(url: string): void {
  const command = { darwin: 'open', win32: 'explorer' }[process.platform as string] ?? 'xdg-open'
  const child = spawn(command, [url], { stdio: 'ignore', detached: true })
  child.once('error', () => undefined)
  child.unref()
}
