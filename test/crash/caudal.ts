import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, watch, type FSWatcher } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const root = path.join(import.meta.dirname, '..', '..')
const binary = path.join(root, 'packages', 'caudal', 'bin', 'caudal.js')

/** How a process of the command line ended. */
export interface Ended {
  readonly code: number | null
  readonly signal: string | null
  readonly output: string
  readonly tookMs: number
}

/** When the process is killed from outside: after a time, or after a number of changes that are seen in a folder of the project. */
export type KillAt =
  | { readonly kind: 'time'; readonly afterMs: number }
  | {
      readonly kind: 'change'
      readonly folder: string
      readonly matching: RegExp
      readonly nth: number
      readonly afterMs: number
    }

/** Starts a command of the real command line in a project of its own. */
export function startCaudal(folder: string, parameters: readonly string[], environment = {}): ChildProcess {
  return spawn(process.execPath, ['--conditions=@caudal/source', binary, ...parameters], {
    cwd: folder,
    env: { ...process.env, CAUDAL_NO_COLOR: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** Runs a command to its end, or until `killAt` ends it with SIGKILL. Resolves when its workers are gone too. */
export async function runCaudal(
  folder: string,
  parameters: readonly string[],
  killAt?: KillAt,
  environment = {},
): Promise<Ended> {
  const began = performance.now()
  const child = startCaudal(folder, parameters, environment)
  const chunks: Buffer[] = []
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk))
  const workers = new Set<number>()
  const look = setInterval(() => childrenOf(child.pid).forEach((pid) => workers.add(pid)), 20)
  const watcher = killAt === undefined ? undefined : killLater(child, folder, killAt)
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  clearInterval(look)
  watcher?.close()
  for (const pid of workers) await gone(pid)
  return { code, signal, output: Buffer.concat(chunks).toString('utf8'), tookMs: performance.now() - began }
}

function killLater(child: ChildProcess, folder: string, killAt: KillAt): { close(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  const kill = (afterMs: number): void => {
    timer ??= setTimeout(() => child.kill('SIGKILL'), afterMs)
  }
  if (killAt.kind === 'time') {
    kill(killAt.afterMs)
    return { close: () => clearTimeout(timer) }
  }
  let seen = 0
  const watched = path.join(folder, killAt.folder)
  const watcher: FSWatcher = watch(watched, (_event, name) => {
    if (name === null || !killAt.matching.test(name) || seen++ < killAt.nth) return
    if (killAt.afterMs === 0) child.kill('SIGKILL')
    else kill(killAt.afterMs)
  })
  return {
    close: () => {
      watcher.close()
      clearTimeout(timer)
    },
  }
}

function childrenOf(pid: number | undefined): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    return text.split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}

/** A worker whose owner was killed ends by itself: else it would go on writing into the lake. */
async function gone(pid: number): Promise<void> {
  for (let waited = 0; existsSync(`/proc/${pid}`) && !isZombie(pid); waited += 20) {
    if (waited > 5_000) throw new Error(`the worker ${pid} outlived its owner by 5 s`)
    await pause(20)
  }
}

function isZombie(pid: number): boolean {
  try {
    return / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return true
  }
}
