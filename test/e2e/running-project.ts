import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { createLeads, type Lead } from './leads.ts'
import { OwnerDesk } from './owner-desk.ts'

const root = path.join(import.meta.dirname, '..', '..')
const binary = path.join(root, 'packages', 'caudal', 'bin', 'caudal.js')

/** A copy of the small project in a folder of its own, served by `caudal serve`. */
export class RunningProject implements AsyncDisposable {
  readonly folder: string
  readonly leads: Lead[] = createLeads(400)
  #server: ChildProcess | undefined
  #desk: OwnerDesk | undefined
  #port = 0

  private constructor(folder: string) {
    this.folder = folder
  }

  /** Copies the project, loads its leads and serves it. */
  static async start(): Promise<RunningProject> {
    const folder = await mkdtemp(path.join(tmpdir(), 'caudal-e2e-'))
    await using stack = new AsyncDisposableStack()
    const project = stack.use(new RunningProject(folder))
    await cp(path.join(import.meta.dirname, 'project'), folder, { recursive: true })
    await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'))
    await mkdir(path.join(folder, 'input'))
    await project.deliver()
    await project.serve()
    await project.desk.run()
    stack.move()
    return project
  }

  /** Where the console answers. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** Starts the server; after {@link stop} on the same port. */
  async serve(): Promise<void> {
    const parameters = [binary, 'serve', '--json', '--port', String(this.#port)]
    const server = spawn(process.execPath, parameters, {
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    this.#server = server
    this.#port = await announcedPort(server.stdout)
    this.#desk = await OwnerDesk.open(this.url, this.folder, 'data/sales.duckdb')
  }

  /** Stops the server as a person does. */
  async stop(): Promise<void> {
    const server = this.#server
    if (server === undefined) return
    this.#server = undefined
    this.#desk?.[Symbol.dispose]()
    const isEnded = once(server, 'exit')
    server.kill('SIGTERM')
    await isEnded
  }

  /** Gives the source more leads; the next run reads them. */
  async deliver(...more: readonly Lead[]): Promise<void> {
    this.leads.push(...more)
    await writeFile(path.join(this.folder, 'input', 'leads.json'), JSON.stringify(this.leads))
  }

  /** What a test asks of the server beside the page. */
  get desk(): OwnerDesk {
    if (this.#desk === undefined) throw new Error('The project is not served')
    return this.#desk
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
    await rm(this.folder, { recursive: true, force: true })
  }
}

async function announcedPort(output: Readable): Promise<number> {
  let printed = ''
  for await (const chunk of output.iterator({ destroyOnReturn: false })) {
    printed += String(chunk)
    const port = /http:\/\/127\.0\.0\.1:(\d+)/.exec(printed)?.[1]
    if (port !== undefined) return Number(port)
  }
  throw new Error(`The server ended before it listened; it printed: ${printed}`)
}
