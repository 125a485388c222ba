import { toErrorReport, type TileAnswer } from '@caudal/spec'
import { publicTile } from '../answer/public.ts'

/** Hears a tile's new answer; it includes every commit up to `covered`. */
export type TileListener = (answer: TileAnswer, covered: number) => void

/** How a live tile gets its answer. */
export interface LiveTileOptions {
  readonly tile: string
  readonly answer: (signal: AbortSignal) => Promise<TileAnswer>
  /** Smallest time between the starts of two answers. */
  readonly refreshMs: number
  /** Called when the last listener has left. */
  readonly onUnused: () => void
}

/**
 * One tile of one view, shared by all who look at it: it is answered once for all of them, at most once per `refreshMs`, and never twice
 * at a time; of several commits in between only the latest counts.
 */
export class LiveTile {
  readonly #options: LiveTileOptions
  readonly #listeners = new Set<TileListener>()
  readonly #abort = new AbortController()
  #latest: { readonly answer: TileAnswer; readonly covered: number } | undefined
  #wanted = 0
  #startedAt = -Infinity
  #isRunning = false
  #timer: NodeJS.Timeout | undefined

  constructor(options: LiveTileOptions) {
    this.#options = options
  }

  /** Listens from now on. @returns a function that ends it. */
  listen(listener: TileListener): () => void {
    this.#listeners.add(listener)
    return () => {
      if (this.#listeners.delete(listener) && this.#listeners.size === 0) this.#end()
    }
  }

  /** Asks for an answer that includes the commits up to `sequence`. The listener gets what is there at once when that does. */
  request(sequence: number, listener: TileListener): void {
    if (this.#latest !== undefined && this.#latest.covered >= sequence) {
      listener(this.#latest.answer, this.#latest.covered)
      return
    }
    this.#wanted = Math.max(this.#wanted, sequence)
    this.#schedule()
  }

  #schedule(): void {
    if (this.#isRunning || this.#timer !== undefined || this.#abort.signal.aborted) return
    const waitMs = this.#startedAt + this.#options.refreshMs - performance.now()
    if (waitMs <= 0) {
      void this.#refresh()
      return
    }
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      void this.#refresh()
    }, waitMs)
  }

  async #refresh(): Promise<void> {
    const covered = this.#wanted
    this.#isRunning = true
    this.#startedAt = performance.now()
    const answer = await this.#answer()
    this.#isRunning = false
    if (this.#abort.signal.aborted) return
    this.#latest = { answer, covered }
    for (const listener of this.#listeners) listener(answer, covered)
    if (this.#wanted > covered) this.#schedule()
  }

  async #answer(): Promise<TileAnswer> {
    try {
      return publicTile(await this.#options.answer(this.#abort.signal))
    } catch (error) {
      return publicTile({ tile: this.#options.tile, state: 'error', error: toErrorReport(error) })
    }
  }

  #end(): void {
    clearTimeout(this.#timer)
    this.#abort.abort()
    this.#options.onUnused()
  }
}
