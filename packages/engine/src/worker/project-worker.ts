import { CaudalError, type Manifest, type SourceCheck } from '@caudal/spec'
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import os from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import type { RecordedStream } from '../project/recorded-schema.ts'
import { Channel, type Service } from './channel.ts'
import { SecretMask } from './secret-mask.ts'
import type {
  ExtractRequest,
  ObservedStream,
  OwnerApi,
  PipelineRequest,
  Preview,
  StreamExtract,
} from './protocol.ts'

/** The module that runs in the worker process, beside the door of the package: built, bundled or neither. */
const door = import.meta.resolve('@caudal/engine')
const entry = fileURLToPath(new URL(`./worker/main${path.extname(door)}`, door))

/** Batches are garbage at once: with more room for it than this the worker holds twice the memory, and is no faster. */
const youngSpace = '--max-semi-space-size=16'

/** The worker process of one version of a project, seen from the owner. */
export class ProjectWorker {
  readonly #child: ChildProcess
  readonly #channel: Channel
  readonly #mask = new SecretMask()
  #stderr = ''

  /** Forks the worker. It dies with its owner. */
  constructor(projectPath: string, owner: OwnerApi) {
    this.#child = fork(entry, [], {
      cwd: projectPath,
      execArgv: [...process.execArgv, youngSpace],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + this.#mask.apply(chunk.toString('utf8'))).slice(-4000)
    })
    this.#child.stdout?.on('data', (chunk: Buffer) =>
      process.stderr.write(this.#mask.apply(chunk.toString('utf8'))),
    )
    this.#channel = new Channel(this.#child, this.#masked(owner), (value) => this.#mask.apply(value))
    this.#child.once('exit', (code, signal) => this.#channel.close(this.#died(code, signal)))
  }

  async loadProject(projectPath: string): Promise<Manifest> {
    const manifest = await this.#channel.call<Manifest>('loadProject', { projectPath })
    this.#mask.learn(manifest)
    return manifest
  }

  /** Lets answers of dashboards go first from now on. Not at the lowest priority: on a busy machine its loads would hardly come at all. */
  giveWay(): void {
    if (this.#child.pid === undefined || this.#child.exitCode !== null) return
    os.setPriority(this.#child.pid, os.constants.priority.PRIORITY_BELOW_NORMAL)
  }

  extract(request: ExtractRequest, signal: AbortSignal): Promise<readonly StreamExtract[]> {
    return this.#channel.call('extract', request, signal)
  }

  discover(source: string, signal: AbortSignal): Promise<readonly RecordedStream[]> {
    return this.#channel.call('discover', { source }, signal)
  }

  observe(source: string, signal: AbortSignal): Promise<readonly ObservedStream[]> {
    return this.#channel.call('observe', { source }, signal)
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

  /** Runs a pipeline until the signal aborts; what it has read then is committed first. */
  runPipeline(request: PipelineRequest, signal: AbortSignal): Promise<null> {
    return this.#channel.call('runPipeline', request, signal)
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

  /** What the project's code says reaches the owner without its secrets. */
  #masked(owner: OwnerApi): Service {
    return {
      ...owner,
      log: (said: Parameters<OwnerApi['log']>[0]) => owner.log(this.#mask.apply(said)),
      readSecret: async (which: Parameters<OwnerApi['readSecret']>[0]) => {
        const value = await owner.readSecret(which)
        if (value !== null) this.#mask.learnValue(value)
        return value
      },
      writeSecret: (secret: Parameters<OwnerApi['writeSecret']>[0]) => {
        this.#mask.learnValue(secret.value)
        return owner.writeSecret(secret)
      },
    }
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
