import { CaudalError, type FlushLoad, type PipelineDeclaration } from '@caudal/spec'
import { setTimeout as delay } from 'node:timers/promises'
import type { Destination } from './destination.ts'
import { FlushBuilder, type Flush } from './flush-builder.ts'

/** When a flush is sealed. */
export interface FlushLimits {
  /** The oldest event has waited that long. Default: 100. */
  readonly intervalMs: number
  /** It has so many events. Default: 20,000. */
  readonly eventsMax: number
}

/** What a flusher is made of. */
export interface FlusherParts {
  readonly declaration: PipelineDeclaration
  readonly topic: string
  readonly run: string
  readonly destination: Destination
  readonly limits: FlushLimits
  /** Version of the stored position of each partition; 0: none. */
  readonly versions: Map<number, number>
  /** Ends the attempts of a flush that waits to be tried again. */
  readonly signal: AbortSignal
  /** A flush was refused for good: nothing more is committed. */
  readonly onFailure: () => void
  /** A flush waits and is tried again. */
  readonly onRetry?: (error: CaudalError) => void
}

const waitFirstMs = 100
const waitMostMs = 30_000

/**
 * Commits what operators make: one flush commits while the next one fills, and when both are full nothing more is taken. A flush that
 * fails for a reason that may pass is tried again, as it is; any other error ends the session.
 */
export class Flusher {
  readonly #parts: FlusherParts
  #open: FlushBuilder
  #timer: NodeJS.Timeout | undefined
  #committing: Promise<void> | undefined
  #failure: { readonly error: unknown } | undefined

  constructor(parts: FlusherParts) {
    this.#parts = parts
    this.#open = new FlushBuilder(parts.declaration.tables)
  }

  /** The flush that is being filled. */
  get open(): FlushBuilder {
    return this.#open
  }

  /** Called after events went into the open flush; resolves when it may take more. @throws the error that ended the session. */
  async added(): Promise<void> {
    this.#throwFailure()
    if (this.#open.events >= this.#parts.limits.eventsMax) {
      await this.#committing
      this.#throwFailure()
      this.#seal()
    } else if (this.#open.events > 0) {
      this.#timer ??= setTimeout(() => this.#due(), this.#parts.limits.intervalMs)
    }
  }

  /** Commits what is open. @throws the error that ended the session. */
  async drain(): Promise<void> {
    await this.#committing
    this.#throwFailure()
    if (this.#open.events > 0) this.#seal()
    await this.#committing
    this.#throwFailure()
  }

  /** Forgets what is open. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer)
    await this.#committing
  }

  #due(): void {
    this.#timer = undefined
    if (this.#failure !== undefined) return
    if (this.#committing === undefined) this.#seal()
    else void this.#committing.then(() => this.#due())
  }

  #seal(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#open.events === 0) return
    const flush = this.#open.seal()
    this.#open = new FlushBuilder(this.#parts.declaration.tables)
    this.#committing = this.#commit(flush).then(
      () => (this.#committing = undefined),
      (error: unknown) => {
        this.#committing = undefined
        this.#failure = { error }
        this.#parts.onFailure()
      },
    ) as Promise<void>
  }

  async #commit(flush: Flush): Promise<void> {
    const load = this.#loadOf(flush, await this.#parts.destination.nextLoadId())
    for (let waitMs = waitFirstMs; ; waitMs = Math.min(waitMs * 2, waitMostMs)) {
      try {
        await this.#parts.destination.flush(load, this.#parts.signal)
        break
      } catch (error) {
        if (!CaudalError.isInstance(error) || !error.retryable) throw error
        this.#parts.onRetry?.(error)
        await delay(waitMs * (0.5 + Math.random() / 2), undefined, { signal: this.#parts.signal })
      }
    }
    for (const { partition, expectedVersion } of load.positions)
      this.#parts.versions.set(Number(partition), expectedVersion + 1)
  }

  #loadOf(flush: Flush, id: string): FlushLoad {
    const { declaration, topic, run, versions } = this.#parts
    return {
      id,
      pipeline: declaration.name,
      topic,
      run,
      tables: flush.tables.map(({ table, rows }) => {
        const [schema = '', name = ''] = table.name.split('.')
        return { table: { schema, name }, columns: table.columns, key: table.key, rows }
      }),
      letters: flush.letters,
      counts: flush.counts,
      positions: flush.partitions.map(({ partition, next }) => ({
        stream: topic,
        partition: String(partition),
        expectedVersion: versions.get(partition) ?? 0,
        position: { offset: next },
      })),
    }
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error
  }
}
