import {
  CaudalError,
  type Assignment,
  type Log,
  type PartitionOffset,
  type PipelineDeclaration,
  type StoredPosition,
} from '@caudal/spec'
import type { Destination } from '../flush/destination.ts'
import { Flusher, type FlushLimits } from '../flush/flusher.ts'
import { Program } from '../operators/program.ts'

/** What a pipeline runs with. */
export interface RunnerParts {
  readonly declaration: PipelineDeclaration
  readonly log: Log
  readonly destination: Destination
  /** Name of the run that its flushes belong to. */
  readonly run: string
  readonly limits?: Partial<FlushLimits>
  /** Something happened that an operator of the pipeline should know. */
  readonly onNotice?: (notice: CaudalError) => void
}

const limitsDefault: FlushLimits = { intervalMs: 100, eventsMax: 20_000 }

/** Runs a pipeline on the partitions that are assigned to it, until the signal aborts. */
export class PipelineRunner {
  readonly #parts: RunnerParts
  readonly #program: Program
  readonly #topic: string

  constructor(parts: RunnerParts) {
    this.#parts = parts
    this.#program = new Program(parts.declaration)
    this.#topic = parts.declaration.input.topic ?? parts.declaration.name
  }

  /**
   * Reads, works and commits. What was worked on when the signal aborts is committed first.
   * @throws CaudalError `CAUDAL_LOG_GAP`, `CAUDAL_LOG_BEHIND`, `CAUDAL_LOG_DAMAGED`, and what the warehouse refuses for good.
   */
  async run(signal: AbortSignal): Promise<void> {
    const sessions = new SessionSlot((assignment, ended) => this.#session(assignment, ended))
    const stop = AbortSignal.any([signal, sessions.failed])
    try {
      for await (const assignment of this.#parts.log.join(this.#parts.declaration.name, this.#topic, stop)) {
        await sessions.replace(assignment)
      }
    } finally {
      await sessions.end()
    }
  }

  /** One assignment, from its positions on. A flush that comes after another's begins again from what is stored now. */
  async #session(assignment: Assignment, ended: AbortSignal): Promise<void> {
    while (!ended.aborted) {
      try {
        await this.#readFrom(assignment, ended)
      } catch (error) {
        const isFenced = CaudalError.isInstance(error) && fencing.has(error.code)
        if (!isFenced) throw error
        this.#parts.onNotice?.(error)
      }
    }
  }

  async #readFrom({ partitions }: Assignment, ended: AbortSignal): Promise<void> {
    const { declaration, destination, log, run, limits, onNotice } = this.#parts
    const stored = await destination.positions(declaration.name)
    const { from, versions } = await this.#places(partitions, stored)
    const failed = new AbortController()
    const flusher = new Flusher({
      declaration,
      topic: this.#topic,
      run,
      destination,
      limits: { ...limitsDefault, ...limits },
      versions,
      signal: failed.signal,
      onFailure: () => failed.abort(),
      ...(onNotice === undefined ? {} : { onRetry: onNotice }),
    })
    try {
      const signal = AbortSignal.any([ended, failed.signal])
      for await (const batch of log.read({ topic: this.#topic, from, signal })) {
        this.#program.run(batch, flusher.open)
        await flusher.added()
      }
      await flusher.drain()
    } finally {
      await flusher.stop()
    }
  }

  /** Where each partition goes on: behind what is stored, else at the first event that there is. */
  async #places(
    partitions: readonly number[],
    stored: readonly StoredPosition[],
  ): Promise<{ from: PartitionOffset[]; versions: Map<number, number> }> {
    const mine = stored.filter(({ stream }) => stream === this.#topic)
    const known = new Map(mine.map((position) => [Number(position.partition), position]))
    const ranges = await this.#parts.log.ranges(this.#topic)
    const first = new Map(ranges.map((range) => [range.partition, range.first]))
    return {
      from: partitions.map((partition) => {
        const position = known.get(partition)?.position as { readonly offset: number } | null | undefined
        return { partition, offset: position?.offset ?? first.get(partition) ?? 0 }
      }),
      versions: new Map([...known].map(([partition, { version }]) => [partition, version])),
    }
  }
}

/** What a worker is told that another has taken its place, or that the position was moved by hand. */
const fencing: ReadonlySet<string> = new Set(['CAUDAL_LOAD_POSITION_MOVED', 'CAUDAL_LOAD_ID_TAKEN'])

/** Holds the session of the present assignment: never two at a time. */
class SessionSlot {
  readonly #begin: (assignment: Assignment, ended: AbortSignal) => Promise<void>
  readonly #failed = new AbortController()
  #ending = new AbortController()
  #session: Promise<void> = Promise.resolve()

  constructor(begin: (assignment: Assignment, ended: AbortSignal) => Promise<void>) {
    this.#begin = begin
  }

  /** Aborts when a session fails. */
  get failed(): AbortSignal {
    return this.#failed.signal
  }

  /** Ends the session, if there is one, and begins that of another assignment. */
  async replace(assignment: Assignment): Promise<void> {
    await this.end()
    this.#ending = new AbortController()
    this.#session = this.#begin(assignment, this.#ending.signal)
    this.#session.catch(() => this.#failed.abort())
  }

  /** Ends the session. @throws what made it fail. */
  async end(): Promise<void> {
    this.#ending.abort()
    await this.#session
  }
}
