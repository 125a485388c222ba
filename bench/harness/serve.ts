import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { commandLine, type BenchProject } from './project.ts'

/** `caudal serve` or `caudal dev` on a project. */
export interface ServedProject {
  readonly url: string
  readonly pid: number
  /** From the start of the process until it said its address. */
  readonly seconds: number
  stop(): Promise<void>
}

/** Starts the console on any free port; resolves when it says where. @throws Error with what it printed when it ends before. */
export async function serveProject(project: BenchProject, command = 'serve'): Promise<ServedProject> {
  const startedAt = performance.now()
  const child = spawn(process.execPath, [commandLine, command, '--port', '0'], {
    cwd: project.path,
    env: { ...process.env, ...project.environment, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let printed = ''
  const read = (chunk: Buffer): void => {
    printed += chunk.toString('utf8')
    const [url] = /http:\/\/[\d.:]+/.exec(printed) ?? []
    if (url !== undefined) resolve(url)
  }
  child.stdout.on('data', read)
  child.stderr.on('data', read)
  const ended = once(child, 'exit')
  void ended.then(() => reject(new Error(`caudal ${command} ended:\n${printed}`)))
  const url = await promise
  return {
    url,
    pid: child.pid ?? 0,
    seconds: (performance.now() - startedAt) / 1000,
    stop: async () => {
      child.kill('SIGTERM')
      await ended
    },
  }
}
