import type { Readers } from '@caudal/spec'
import { CountedReaders } from './readers.ts'

/** Who goes first when several wait for the writer lane. */
const lanePriorities = ['stream', 'load', 'publish'] as const

/** One of {@link lanePriorities}: stream flushes before loads before publications. */
export type LanePriority = (typeof lanePriorities)[number]

/** Longest that a write waits for readers: a dashboard that is asked all the time does not keep its own rows out. */
const patienceMs = 500

/**
 * The one lane through which every write of the embedded warehouse passes: short transactions, one at a time. Two writers side by side
 * would both commit and lose rows (a swap by rename beside an open insert), or kill each other (a new column beside an open load).
 */
export class WriterLane {
  readonly #readers: Readers
  readonly #waiting = new Map<LanePriority, (() => void)[]>(lanePriorities.map((priority) => [priority, []]))
  #isBusy = false

  constructor(readers: Readers = new CountedReaders()) {
    this.#readers = readers
  }

  /** Runs the work alone, in order of priority and then of arrival; all but stream flushes wait a moment for readers. */
  async run<T>(priority: LanePriority, work: () => Promise<T>): Promise<T> {
    if (this.#isBusy) await new Promise<void>((resolve) => this.#waiting.get(priority)?.push(resolve))
    this.#isBusy = true
    try {
      if (priority !== 'stream') await this.#readers.gone(patienceMs)
      return await work()
    } finally {
      this.#next()
    }
  }

  #next(): void {
    for (const priority of lanePriorities) {
      const next = this.#waiting.get(priority)?.shift()
      if (next !== undefined) return next()
    }
    this.#isBusy = false
  }
}
