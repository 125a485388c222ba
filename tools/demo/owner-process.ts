import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { root } from '../root.ts'
import { sourceEnvironment } from '../run-command.ts'

/** A `caudal dev` that serves a board. */
export interface OwnerProcess {
  readonly url: string
  /** Resolves when it has ended: to 0 when it was asked to, else to 1. */
  readonly ended: Promise<number>
  /** Asks it to end and waits for it. */
  stop(): Promise<void>
}

/**
 * Starts `caudal dev` in a project's folder on a free port, and waits until its first run has ended well.
 * @throws Error with what it said when it ends, or its first run fails, before that.
 */
export async function startOwner(
  folder: string,
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<OwnerProcess> {
  const child = spawn(
    process.execPath,
    [join(root, 'packages', 'caudal', 'bin', 'caudal.js'), 'dev', '--port', '0', '--json'],
    {
      cwd: folder,
      env: { ...process.env, ...sourceEnvironment(root), ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const exited = once(child, 'exit')
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    await exited
  }
  signal.addEventListener('abort', () => void stop(), { once: true })
  try {
    const url = await announcedUrl(child)
    await firstRun(url, signal)
    return { url, stop, ended: exited.then(() => (signal.aborted ? 0 : 1)) }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The address is the first thing on its standard output, as JSON. */
async function announcedUrl(child: ChildProcess): Promise<string> {
  let [output, complaint] = ['', '']
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text
    const url = /"url": "(http[^"]+)"/.exec(output)?.[1]
    if (url !== undefined) resolve(url)
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint += text
  })
  child.once('exit', () =>
    reject(new Error(`caudal dev ended before it served anything.\n${output}${complaint}`)),
  )
  return promise
}

interface Run {
  readonly state: string
  readonly error?: { readonly message: string }
}

async function firstRun(url: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    const runs = (await (await fetch(`${url}/api/v1/runs`, { signal })).json()) as Run[]
    const first = runs.at(-1)
    if (first?.state === 'succeeded') return
    if (first?.state === 'failed')
      throw new Error(`The first run failed: ${first.error?.message ?? 'no reason given'}`)
    await wait(100, undefined, { signal })
  }
}
