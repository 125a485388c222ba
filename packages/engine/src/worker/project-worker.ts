import { CaudalError, type Manifest, type SourceCheck, type StreamDescription } from '@caudal/spec'
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { Channel } from './channel.ts'
import type { ExtractRequest, OwnerApi, Preview, StreamExtract } from './protocol.ts'

/** The module that runs in the worker process, beside the door of the package: built, bundled or neither. */
const door = import.meta.resolve('@caudal/engine')
const entry = fileURLToPath(new URL(`./worker/main${path.extname(door)}`, door))

/** The worker process of one version of a project, seen from the owner. */
export class ProjectWorker {
  readonly #child: ChildProcess
  readonly #channel: Channel
  #stderr = ''

  /** Forks the worker. It dies with its owner. */
  constructor(projectPath: string, owner: OwnerApi) {
    this.#child = fork(entry, [], {
      cwd: projectPath,
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString('utf8')).slice(-4000)
    })
    this.#child.stdout?.on('data', (chunk: Buffer) => process.stderr.write(chunk))
    this.#channel = new Channel(this.#child, { ...owner })
    this.#child.once('exit', (code, signal) => this.#channel.close(this.#died(code, signal)))
  }

  loadProject(projectPath: string): Promise<Manifest> {
    return this.#channel.call('loadProject', { projectPath })
  }

  extract(request: ExtractRequest, signal: AbortSignal): Promise<readonly StreamExtract[]> {
    return this.#channel.call('extract', request, signal)
  }

  discover(source: string, signal: AbortSignal): Promise<readonly StreamDescription[]> {
    return this.#channel.call('discover', { source }, signal)
  }

  check(source: string, signal: AbortSignal): Promise<SourceCheck> {
    return this.#channel.call('check', { source }, signal)
  }

  /** What the source counts of a stream now; `undefined` when it does not count. */
  count(source: string, stream: string, signal: AbortSignal): Promise<number | undefined> {
    return this.#channel.call('count', { source, stream }, signal)
  }

  preview(source: string, stream: string, limit: number, signal: AbortSignal): Promise<Preview> {
    return this.#channel.call('preview', { source, stream, limit }, signal)
  }

  /** Ends the process, gently and then not. */
  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const exited = once(this.#child, 'exit')
    if (this.#child.connected) this.#child.disconnect()
    const force = setTimeout(() => this.#child.kill('SIGKILL'), 2_000)
    await exited
    clearTimeout(force)
  }

  #died(code: number | null, signal: string | null): CaudalError {
    return new CaudalError({
      code: 'CAUDAL_WORKER_DIED',
      message: `The worker that runs the project's code ended (${signal ?? `exit code ${code ?? '?'}`}). Loads that were complete in the lake take effect; the rest is read again.${this.#stderr === '' ? '' : `\n${this.#stderr.trim()}`}`,
      hint: 'Look for process.exit or too much memory in the code of the source, then run again.',
      retryable: true,
      context: {},
    })
  }
}
