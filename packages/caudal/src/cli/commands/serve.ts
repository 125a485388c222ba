import { CaudalError } from '@caudal/spec'
import { watch } from 'node:fs'
import path from 'node:path'
import { spawn } from 'node:child_process'
import { switchOption, textOption, type Command, type CommandContext } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { openSession, ownerNeeded, type Session } from '../session.ts'

const options = {
  port: { type: 'string', value: 'n', help: 'Port of the console on this machine; 0: any. Default: 4700.' },
  host: {
    type: 'string',
    value: 'address',
    help: 'Address of this machine to listen on. Default: 127.0.0.1.',
  },
  open: { type: 'boolean', help: 'Open the console in the browser.' },
} as const

/** `caudal serve`: the console and the schedules, until it is stopped. */
export const serveCommand: Command = {
  usage: '[--port n] [--open]',
  options,
  run: (context) => serveUntilStopped(context, 'serve', async () => {}),
}

/** `caudal dev`: one run, then the console; the project is loaded anew when a file changes. */
export const dev: Command = {
  usage: '[--port n] [--open]',
  options,
  run: (context) =>
    serveUntilStopped(context, 'dev', async (session) => {
      await session.service.runs.start({ select: [], trigger: 'dev' })
      watchProject(context, session)
    }),
}

async function serveUntilStopped(
  context: CommandContext,
  name: string,
  begin: (session: Session) => Promise<void>,
): Promise<number> {
  const { output } = context
  const session = await openSession(context, consoleAddress(context))
  const { owner, server } = session
  if (owner === undefined || server === undefined) throw ownerNeeded(name)
  const { url } = server
  output.json({ url })
  output.line(
    `${output.green('●')} ${session.project.manifest.name} on ${output.bold(url ?? '')}  ${output.dim('(Ctrl-C stops)')}`,
  )
  const { committed, abandoned, runs } = owner.recovery
  if (committed + abandoned + runs.length > 0) {
    output.line(
      output.dim(
        `  recovered: ${committed} staged loads committed, ${abandoned} abandoned, ${runs.length} runs of a dead process ended`,
      ),
    )
  }
  if (switchOption(context, 'open') && url !== undefined) openBrowser(url)
  try {
    await owner.startSchedules()
    await begin(session)
    await stopped(context.signal)
    output.line('Stopping …')
    return exitCodes.ok
  } finally {
    await session.stop()
  }
}

function consoleAddress(context: CommandContext): { port: number; host?: string } {
  const port = textOption(context, 'port') ?? '4700'
  const host = textOption(context, 'host')
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new CaudalError({
      code: 'CAUDAL_CLI_ARGUMENT',
      message: `--port takes a number from 0 to 65535, not \`${port}\`. Nothing was started.`,
      hint: 'caudal serve --port 4700; 0 takes any free one.',
    })
  }
  return { port: Number(port), ...(host === undefined ? {} : { host }) }
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

/** Loads the project anew a moment after its files changed. */
function watchProject(context: CommandContext, session: Session): void {
  const { output } = context
  let timer: NodeJS.Timeout | undefined
  const reload = async (): Promise<void> => {
    try {
      const before = session.owner?.manifest.fingerprint
      const manifest = await session.owner?.reload()
      if (manifest === undefined || manifest.fingerprint === before) return
      output.line(`${output.green('↻')} project loaded`)
      await session.service.runs.start({ select: [], skipSources: true, trigger: 'dev reload' })
    } catch (error) {
      output.error(error)
      output.line(output.dim('  The version before goes on.'))
    }
  }
  const watcher = watch(context.projectPath, { recursive: true }, (_event, file) => {
    if (file === null || !/\.(ts|sql|ya?ml)$/.test(file) || isIgnored(file)) return
    clearTimeout(timer)
    timer = setTimeout(() => void reload(), 150)
  })
  context.signal.addEventListener('abort', () => watcher.close(), { once: true })
}

function isIgnored(file: string): boolean {
  return file
    .split(path.sep)
    .some((part) => part === 'node_modules' || part.startsWith('.') || part === 'data')
}

function openBrowser(url: string): void {
  const command = { darwin: 'open', win32: 'explorer' }[process.platform as string] ?? 'xdg-open'
  const child = spawn(command, [url], { stdio: 'ignore', detached: true })
  child.once('error', () => undefined)
  child.unref()
}
