import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { CaudalError } from '@caudal/spec'
import type { CollectorOrder, CollectorReport, CollectorStart } from './protocol.ts'
import type { StoredWriteKey } from './write-keys.ts'

/** The module that runs in the collector process, beside the door of the package: built, bundled or neither. */
const door = import.meta.resolve('@caudal/server')
const entry = fileURLToPath(new URL(`./collector/main${path.extname(door)}`, door))

/** What a collector is started with. */
export interface CollectorOptions extends Omit<CollectorStart, 'kind'> {
  /** It died, or another could not be started. */
  readonly onFailure: (error: CaudalError) => void
}

/** A collector that takes events, and the process that it is. */
interface Child {
  readonly process: ChildProcess
  readonly port: number
}

/** Milliseconds before a collector that died is replaced: one that dies at once does not keep the machine busy. */
const restartMs = 500

/** The collector of a project, seen from the owner. */
export class CollectorProcess {
  readonly #options: CollectorOptions
  #keys: readonly StoredWriteKey[]
  #child: Child
  #isClosing = false
  #work: Promise<void> = Promise.resolve()

  private constructor(options: CollectorOptions, child: Child) {
    this.#options = { ...options, port: child.port }
    this.#keys = options.keys
    this.#child = child
    this.#watch(child)
  }

  /** Resolves when events are taken. @throws CaudalError `CAUDAL_SERVER_PORT_BUSY`, and whatever else keeps the collector from beginning. */
  static async start(options: CollectorOptions): Promise<CollectorProcess> {
    return new CollectorProcess(options, await begin(options, options.keys))
  }

  /** Where events are sent to: `http://127.0.0.1:4710`. */
  get url(): string {
    const { host, port } = this.#options
    return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
  }

  /** Starts a process for the present version of the project; the one before has answered what it took. */
  reload(): Promise<void> {
    return (this.#work = this.#replace(this.#work))
  }

  async #replace(before: Promise<void>): Promise<void> {
    await before
    await end(this.#child)
    await this.#begin()
  }

  /** Other write keys from now on. */
  setKeys(keys: readonly StoredWriteKey[]): void {
    this.#keys = keys
    order(this.#child, { kind: 'keys', keys })
  }

  /** Takes nothing more, answers what was taken, and ends. */
  async close(): Promise<void> {
    this.#isClosing = true
    await this.#work
    await end(this.#child)
  }

  async #begin(): Promise<void> {
    if (this.#isClosing) return
    try {
      this.#child = await begin(this.#options, this.#keys)
      this.#watch(this.#child)
    } catch (error) {
      this.#options.onFailure(CaudalError.isInstance(error) ? error : died(null, String(error)))
    }
  }

  /** A collector that dies is replaced: what it had answered is in the log. */
  #watch(child: Child): void {
    child.process.once('exit', (code, signal) => {
      if (this.#isClosing || isAsked(child)) return
      this.#options.onFailure(died(code, signal))
      setTimeout(() => void (this.#work = this.#work.then(() => this.#begin())), restartMs)
    })
  }
}

const asked = new WeakSet<ChildProcess>()

/** Whether the process was told to end. */
function isAsked(child: Child): boolean {
  return asked.has(child.process)
}

/** Forks a collector and resolves when it takes events. */
async function begin(
  { onFailure: _onFailure, ...start }: CollectorOptions,
  keys: readonly StoredWriteKey[],
): Promise<Child> {
  const child = fork(entry, [], {
    cwd: start.projectPath,
    execArgv: process.execArgv,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const message: CollectorStart = { ...start, kind: 'start', keys }
  child.send(message)
  const said = await Promise.race([firstReport(child), firstExit(child)])
  if (said.kind === 'failed') throw CaudalError.fromReport(said.error)
  return { process: child, port: said.port }
}

async function firstReport(child: ChildProcess): Promise<CollectorReport> {
  const [said] = (await once(child, 'message')) as [CollectorReport]
  return said
}

async function firstExit(child: ChildProcess): Promise<never> {
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
  throw died(code, signal)
}

async function end({ process: child }: Child): Promise<void> {
  asked.add(child)
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  order({ process: child }, { kind: 'stop' })
  const force = setTimeout(() => child.kill('SIGKILL'), 8_000)
  await exited
  clearTimeout(force)
}

function order({ process: child }: Pick<Child, 'process'>, message: CollectorOrder): void {
  if (child.connected) child.send(message)
}

function died(code: number | null, signal: string | null): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_COLLECTOR_DIED',
    message: `The collector ended (${signal ?? `exit code ${code ?? '?'}`}). Events that it had answered are in the log; another one starts.`,
    hint: 'If it goes on dying, look at the memory of the machine and at the schemas of the pipelines.',
    retryable: true,
  })
}
