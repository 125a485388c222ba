import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** What a command took, with the processes that it started. */
export interface Timed {
  readonly seconds: number
  /** Of every processor. */
  readonly cpuSeconds: number
  /** Largest sum of resident memory over the process and its descendants, sampled every 25 ms. */
  readonly peakBytes: number
  readonly stdout: string
}

/** How a command runs. */
export interface CommandOptions {
  readonly cwd: string
  readonly environment?: Readonly<Record<string, string>>
}

/** Runs a command to its end. Reads `/proc`: Linux only. @throws Error with the output when it fails. */
export async function timeCommand(
  command: string,
  parameters: readonly string[],
  options: CommandOptions,
): Promise<Timed> {
  const cpuBefore = childrenCpuSeconds()
  const startedAt = performance.now()
  const child = spawn(command, parameters, {
    cwd: options.cwd,
    env: { ...process.env, ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const out: Buffer[] = []
  const err: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
  let peakBytes = 0
  const watch = setInterval(() => (peakBytes = Math.max(peakBytes, residentBytes(child.pid))), 25)
  const { promise, resolve, reject } = Promise.withResolvers<number | null>()
  child.once('error', reject)
  child.once('close', resolve)
  const code = await promise.finally(() => clearInterval(watch))
  const seconds = (performance.now() - startedAt) / 1000
  const stdout = Buffer.concat(out).toString('utf8')
  if (code !== 0) {
    const output = stdout + Buffer.concat(err).toString('utf8')
    throw new Error(`${command} ${parameters.join(' ')} ended with ${code}:\n${output}`)
  }
  return { seconds, cpuSeconds: childrenCpuSeconds() - cpuBefore, peakBytes, stdout }
}

/** Resident memory of a process and its descendants. */
export function residentBytes(pid: number | undefined): number {
  if (pid === undefined) return 0
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1])
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
    const below = children === '' ? [] : children.split(' ').map(Number)
    return pages * 4096 + below.reduce((sum, child) => sum + residentBytes(child), 0)
  } catch {
    return 0
  }
}

/** Processor time of the children that have ended, with theirs. */
function childrenCpuSeconds(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[13]) + Number(fields[14])) / 100
}
