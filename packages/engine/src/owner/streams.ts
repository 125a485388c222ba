import { CaudalError, toErrorReport, type ErrorReport, type Manifest, type TargetNode } from '@caudal/spec'
import { setTimeout as delay } from 'node:timers/promises'
import type { ProjectWorker } from '../worker/project-worker.ts'
import type { OwnerApi, PipelineRequest } from '../worker/protocol.ts'
import { startProject } from './start-project.ts'

/** How long a pipeline waits before it looks again for its topic: the collector makes it when it starts. */
const topicWaitMs = 200

/** What pipelines run with. */
export interface StreamsOptions {
  readonly target: TargetNode
  readonly api: OwnerApi
  readonly log: (level: string, message: string, facts?: Readonly<Record<string, unknown>>) => void
}

/** A pipeline as it stands now. */
export interface PipelineState {
  readonly state: 'running' | 'failed'
  readonly error?: ErrorReport
}

/** The pipelines of one version of the project, in a worker of their own: what a source does to its worker does not touch them. */
interface Session {
  readonly worker: ProjectWorker
  readonly stop: AbortController
  readonly ended: Promise<unknown>
}

/** Runs the pipelines of the project until it is closed. A pipeline that fails for good stays so until the project is loaded anew. */
export class Streams {
  readonly #options: StreamsOptions
  readonly #states = new Map<string, PipelineState>()
  #session: Session | undefined
  #work: Promise<void> = Promise.resolve()

  constructor(options: StreamsOptions) {
    this.#options = options
  }

  /** How each pipeline stands. */
  get states(): ReadonlyMap<string, PipelineState> {
    return this.#states
  }

  /** Runs the pipelines of a version in place of those before; what these had read is committed first. */
  run(manifest: Manifest): Promise<void> {
    return (this.#work = this.#work.then(() => this.#replace(manifest)))
  }

  /** Commits what the pipelines have read, and ends them. */
  close(): Promise<void> {
    return (this.#work = this.#work.then(() => this.#end()))
  }

  async #replace(manifest: Manifest): Promise<void> {
    await this.#end()
    const { log } = this.#options.target
    if (manifest.pipelines.length === 0) return
    if (log === undefined) return this.#refuseAll(manifest)
    const { worker, link } = await startProject(manifest.path)
    link(this.#options.api)
    const stop = new AbortController()
    const run = `stream-${manifest.fingerprint.slice(0, 8)}`
    const pipelines = manifest.pipelines.map(async ({ name }) => {
      await this.#runOne(worker, { pipeline: name, log, run }, stop.signal)
    })
    this.#session = { worker, stop, ended: Promise.all(pipelines) }
  }

  /** Runs a pipeline to its end; while its topic is not there yet, it waits. */
  async #runOne(worker: ProjectWorker, request: PipelineRequest, signal: AbortSignal): Promise<void> {
    const { pipeline } = request
    while (!signal.aborted) {
      this.#states.set(pipeline, { state: 'running' })
      try {
        await worker.runPipeline(request, signal)
      } catch (error) {
        const isEarly = CaudalError.isInstance(error) && error.code === 'CAUDAL_LOG_TOPIC'
        if (!isEarly) return this.#failed(pipeline, error)
        await delay(topicWaitMs, undefined, { signal }).catch(() => undefined)
      }
    }
  }

  async #end(): Promise<void> {
    const session = this.#session
    this.#session = undefined
    this.#states.clear()
    if (session === undefined) return
    session.stop.abort()
    await session.ended
    await session.worker.close()
  }

  #refuseAll({ pipelines }: Manifest): void {
    const { name } = this.#options.target
    for (const pipeline of pipelines) {
      this.#failed(
        pipeline.name,
        new CaudalError({
          code: 'CAUDAL_PIPELINE_LOG',
          message: `Pipeline ${pipeline.name} cannot run: the target ${name} names no log. Nothing is read.`,
          hint: "Add a log to the target: log: segmentLog({ path: 'data/log' }).",
          context: { pipeline: pipeline.name, target: name },
        }),
      )
    }
  }

  #failed(name: string, error: unknown): void {
    const report = toErrorReport(error)
    this.#states.set(name, { state: 'failed', error: report })
    this.#options.log('error', `pipeline ${name}: ${report.message}`, report.context)
  }
}
