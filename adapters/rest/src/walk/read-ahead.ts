import { CaudalError } from '@caudal/spec'
import type { RecordsPage } from '../page/records-page.ts'
import type { PageFacts, PageState, Paginator } from '../paginate/paginator.ts'

/** Fetches the page of a state; `undefined` for a status in `acceptStatus`. */
export type FetchState = (
  state: PageState,
  number: number,
  acceptStatus: readonly number[],
  signal: AbortSignal,
) => Promise<RecordsPage | undefined>

interface Ahead {
  readonly key: string
  readonly page: Promise<RecordsPage | undefined>
}

/**
 * Asks for pages before they are needed, where the paginator can say what follows. Guesses that turn out wrong are dropped; a page that
 * was guessed past the end never fails the stream. It begins with one page and doubles, so that short lists cost no extra requests.
 */
export class ReadAhead {
  readonly #paginator: Paginator
  readonly #fetch: FetchState
  readonly #signal: AbortSignal
  #guesses = new AbortController()
  #guessSignal: AbortSignal
  #queue: Ahead[] = []
  #width = 1

  constructor(paginator: Paginator, fetch: FetchState, signal: AbortSignal) {
    this.#paginator = paginator
    this.#fetch = fetch
    this.#signal = signal
    this.#guessSignal = AbortSignal.any([signal, this.#guesses.signal])
  }

  /** The page of a state, from the guesses if it was guessed; `undefined` for a status in `acceptStatus`. */
  async take(
    state: PageState,
    number: number,
    acceptStatus: readonly number[],
  ): Promise<RecordsPage | undefined> {
    const [ahead] = this.#queue
    if (ahead?.key !== this.#keyOf(state)) {
      this.drop()
      return this.#fetch(state, number, acceptStatus, this.#signal)
    }
    this.#queue.shift()
    try {
      return await ahead.page
    } catch (thrown) {
      const status = CaudalError.isInstance(thrown) ? Number(thrown.context['status']) : Number.NaN
      if (acceptStatus.includes(status)) return undefined
      throw thrown
    }
  }

  /** Asks for `state`, which comes next as page `number`, and for what will probably follow it. */
  fill(state: PageState, number: number, facts: PageFacts): void {
    const { readAhead = 1, predict } = this.#paginator
    if (predict === undefined || readAhead <= 1) return
    this.#width = Math.min(readAhead, this.#width * 2)
    let last: PageState | undefined = state
    for (let index = 0; index < this.#width; index++) {
      if (last === undefined) return
      const key = this.#keyOf(last)
      const guess = this.#queue[index]
      if (guess === undefined) this.#ask(key, last, number + index)
      else if (guess.key !== key) return
      last = predict(last, facts)
    }
  }

  /** Gives up all guesses. */
  drop(): void {
    if (this.#queue.length === 0) return
    this.#guesses.abort(new Error('read ahead of the end'))
    this.#guesses = new AbortController()
    this.#guessSignal = AbortSignal.any([this.#signal, this.#guesses.signal])
    this.#queue = []
    this.#width = 1
  }

  #ask(key: string, state: PageState, number: number): void {
    const page = this.#fetch(state, number, [], this.#guessSignal)
    page.catch(() => undefined)
    this.#queue.push({ key, page })
  }

  #keyOf(state: PageState): string {
    return JSON.stringify(this.#paginator.parameters(state))
  }
}
