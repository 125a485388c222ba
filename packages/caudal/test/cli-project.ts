import { execFile, spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Readable } from 'node:stream'
import type { TestContext } from 'node:test'

const root = path.join(import.meta.dirname, '..', '..', '..')
const binary = path.join(root, 'packages', 'caudal', 'bin', 'caudal.js')
const fixture = path.join(root, 'packages', 'engine', 'test', 'owner', 'fixtures', 'project')

/** How a command ended. */
export interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A command that runs. */
export interface Running {
  readonly child: ChildProcessByStdio<null, Readable, Readable>
  /** What it wrote so far, both streams. */
  readonly text: () => string
  /** Resolves with the first match in what it writes. */
  until(pattern: RegExp): Promise<RegExpExecArray>
  readonly ended: Promise<Outcome>
}

/** Two deals as the fixture's source delivers them. */
export const deals: readonly object[] = [
  { id: 'a', amount: '10.50', stage: 'won', updated: 1 },
  { id: 'b', amount: '3.00', stage: 'open', updated: 1 },
]

/** Processes that were started in a folder. */
const started = new Map<string, ChildProcessByStdio<null, Readable, Readable>[]>()

/** Ends what still runs in a folder: it would write into it while it is removed. */
async function endProcesses(folder: string): Promise<void> {
  for (const child of started.get(folder) ?? []) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    const closed = once(child, 'close')
    child.kill('SIGKILL')
    await closed
  }
  started.delete(folder)
}

/** A project in a folder of its own. */
export async function projectFrom(t: TestContext, files: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'caudal-cli-'))
  t.after(async () => {
    await endProcesses(folder)
    await rm(folder, { recursive: true, force: true })
  })
  await cp(files, folder, { recursive: true })
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'))
  return folder
}

/** The fixture project in a folder of its own. */
export async function project(t: TestContext, rows: readonly object[] = deals): Promise<string> {
  const folder = await projectFrom(t, fixture)
  await mkdir(path.join(folder, 'input'), { recursive: true })
  await writeFile(path.join(folder, 'input', 'deals.json'), JSON.stringify(rows))
  return folder
}

/** Replaces a text in a file of the project. */
export async function edit(folder: string, file: string, before: string, after: string): Promise<void> {
  const whole = path.join(folder, file)
  const text = await readFile(whole, 'utf8')
  if (!text.includes(before)) throw new Error(`${file} has no ${before}`)
  await writeFile(whole, text.replace(before, after))
}

/** Makes the source say `waiting` in `input/waiting` and wait there until {@link openGate}. */
async function closeGate(folder: string): Promise<void> {
  await edit(
    folder,
    'sources/crm.ts',
    'yield await readDeals()',
    `await writeFile(path.join(import.meta.dirname, '../input/waiting'), '')
        while (!existsSync(path.join(import.meta.dirname, '../input/go'))) {
          request.signal.throwIfAborted()
          await new Promise((resolve) => setTimeout(resolve, 10))
        }
        yield await readDeals()`,
  )
  await edit(folder, 'sources/crm.ts', 'function* ()', 'function* (request)')
  await edit(
    folder,
    'sources/crm.ts',
    'import { readFile }',
    "import { existsSync } from 'node:fs'\nimport { readFile, writeFile }",
  )
}

/** The fixture project whose source waits at a closed gate. */
export async function gatedProject(t: TestContext): Promise<string> {
  const folder = await project(t)
  await closeGate(folder)
  return folder
}

/** Starts a command that reads the source; resolves when the source waits at its gate. */
export async function startWaiting(
  t: TestContext,
  folder: string,
  ...parameters: readonly string[]
): Promise<Running> {
  const waiting = path.join(folder, 'input', 'waiting')
  await rm(waiting, { force: true })
  const running = start(folder, parameters)
  await fileThere(t, waiting)
  return running
}

/** Lets the source go on. */
export async function openGate(folder: string): Promise<void> {
  await writeFile(path.join(folder, 'input', 'go'), '')
}

/** Runs a command to its end. */
export function caudal(folder: string, ...parameters: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(process.execPath, [binary, ...parameters], { cwd: folder }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr })
    })
  })
}

/** Starts a command; it is killed before its project's folder is removed. */
export function start(
  folder: string,
  parameters: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Running {
  const child = spawn(process.execPath, [binary, ...parameters], {
    cwd: folder,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.set(folder, [...(started.get(folder) ?? []), child])
  const written = { stdout: '', stderr: '' }
  const listeners = new Set<() => void>()
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (chunk: Buffer) => {
      written[name] += chunk.toString('utf8')
      for (const listener of listeners) listener()
    })
  }
  const text = (): string => written.stdout + written.stderr
  return {
    child,
    text,
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(text())
          if (match === null) return
          listeners.delete(look)
          resolve(match)
        }
        listeners.add(look)
        child.once('close', () => reject(new Error(`It ended before it wrote ${pattern}:\n${text()}`)))
        look()
      }),
    ended: once(child, 'close').then(([code]) => ({ code: Number(code ?? -1), ...written })),
  }
}

/** Starts `caudal serve` or `dev` and waits for its address. */
export async function startServer(
  folder: string,
  command: 'serve' | 'dev' = 'serve',
  environment: NodeJS.ProcessEnv = {},
): Promise<Running & { readonly url: string }> {
  const running = start(folder, [command, '--port', '0'], environment)
  const [url] = await running.until(/http:\/\/127\.0\.0\.1:\d+/)
  return { ...running, url }
}

/** Resolves when a file is there. */
async function fileThere(t: TestContext, file: string): Promise<void> {
  const { existsSync, watch } = await import('node:fs')
  if (existsSync(file)) return
  await new Promise<void>((resolve) => {
    const watcher = watch(path.dirname(file), () => {
      if (!existsSync(file)) return
      watcher.close()
      resolve()
    })
    t.after(() => watcher.close())
    if (existsSync(file)) resolve()
  })
}
