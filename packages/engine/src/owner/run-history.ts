import { toErrorReport, type Manifest } from '@caudal/spec'
import type { RunWriter } from '../state/run-writer.ts'

/** What is kept of the history of runs unless the project says otherwise: see `runHistory` of a project. */
const defaults = { days: 90, runs: 1000 }

const dayMs = 24 * 60 * 60 * 1000
const betweenMs = 60 * 60 * 1000

/** What {@link RunHistory} needs of its owner. */
export interface RunHistoryOptions {
  readonly runs: Pick<RunWriter, 'prune'>
  readonly target: string
  readonly manifest: () => Pick<Manifest, 'runHistory'>
  readonly log: (level: string, message: string, facts: Readonly<Record<string, unknown>>) => void
}

/** The history of a target's runs, kept as long as the project says. */
export class RunHistory {
  readonly #options: RunHistoryOptions
  #prunedAt = 0

  constructor(options: RunHistoryOptions) {
    this.#options = options
  }

  /** Forgets runs that are too old, once an hour at most: called after each run. A failure is logged and tried again. */
  async prune(now: number = Date.now()): Promise<void> {
    if (now - this.#prunedAt < betweenMs) return
    this.#prunedAt = now
    const { runs, target, manifest, log } = this.#options
    const { days, runs: keep } = { ...defaults, ...manifest().runHistory }
    try {
      const forgotten = await runs.prune({ target, before: new Date(now - days * dayMs).toISOString(), keep })
      if (forgotten > 0) log('info', 'Old runs were forgotten', { runs: forgotten, days, keep })
    } catch (error) {
      log('warn', 'Old runs could not be forgotten', { error: toErrorReport(error).message })
    }
  }
}
