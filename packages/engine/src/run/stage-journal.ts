import type { StageRecord } from '@caudal/spec'

/** How long a stage's record may wait for others, so that a run of many short stages does not wait for the disk at each. */
const collectMs = 50

/** Keeps the records of a run's stages: the newest of each, several in one write. */
export class StageJournal {
  readonly #write: (stages: readonly StageRecord[]) => Promise<void>
  readonly #waiting = new Map<string, StageRecord>()
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> = Promise.resolve()
  #failure: { readonly error: unknown } | undefined

  constructor(write: (stages: readonly StageRecord[]) => Promise<void>) {
    this.#write = write
  }

  /** Takes a record. @throws what an earlier write threw. */
  async record(stage: StageRecord): Promise<void> {
    this.#waiting.set(stage.stage.id, stage)
    this.#timer ??= setTimeout(() => this.#begin(), collectMs)
    if (this.#failure !== undefined) throw this.#failure.error
  }

  /** Resolves when everything is written. @throws what a write threw. */
  async flush(): Promise<void> {
    this.#begin()
    await this.#writing
    if (this.#failure !== undefined) throw this.#failure.error
  }

  #begin(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const stages = [...this.#waiting.values()]
    this.#waiting.clear()
    if (stages.length === 0) return
    this.#writing = this.#writing
      .then(() => this.#write(stages))
      .catch((error: unknown) => void (this.#failure ??= { error }))
  }
}
