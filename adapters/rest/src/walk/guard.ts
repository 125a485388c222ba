import { CaudalError } from '@caudal/spec'
import type { RecordsPage } from '../page/records-page.ts'
import type { PageState } from '../paginate/paginator.ts'
import { identify, type RestStream } from '../rest-stream.ts'

/** States and pages that are remembered. */
const memoryMax = 10_000
const emptyPagesMax = 1_000
/** Alike pages in a row, where records without a key may be alike, or a list that grows in front may move a page along. */
const repeatsMax = 3
const knownPagesMax = 3

/** Sees when a list does not get on: a page that comes again and again, a cursor that does not move or goes in a circle. */
export class WalkGuard {
  readonly #stream: RestStream
  readonly #source: string
  readonly #states = new Map<string, number>()
  readonly #signatures = new Map<string, number>()
  #signature = ''
  #repeats = 0
  #knownPages = 0
  #emptyPages = 0

  constructor(source: string, stream: RestStream) {
    this.#source = source
    this.#stream = stream
  }

  /**
   * Notes a page.
   * @returns whether the list ended with the page before: this one is the same, and the one before was not full.
   * @throws CaudalError `CAUDAL_REST_PAGE_REPEATS`
   */
  isRepeatedEnd(page: RecordsPage, state: PageState, number: number): boolean {
    const { length } = page.records
    this.#emptyPages = length === 0 ? this.#emptyPages + 1 : 0
    if (this.#emptyPages > emptyPagesMax) {
      throw this.#error(
        number,
        page,
        `is empty, like the ${emptyPagesMax} before it, and the server keeps naming a next page`,
      )
    }
    const signature = length === 0 ? '' : this.#signatureOf(page)
    const isRepeat = signature !== '' && signature === this.#signature
    this.#signature = signature
    this.#repeats = isRepeat ? this.#repeats + 1 : 0
    this.#refuseCircle(page, signature, number)
    if (!isRepeat) return false
    if (this.#stream.paginator.mayRepeat(state)) return true
    const { key, paginator } = this.#stream
    const isHarmless = key.length === 0 || paginator.overlapped !== undefined
    if (isHarmless && this.#repeats < repeatsMax) return false
    throw this.#error(number, page, 'holds the same records as the page before: the cursor does not move')
  }

  /** Notes where the list goes on. @throws CaudalError `CAUDAL_REST_PAGE_REPEATS` for a state that was used twice before. */
  noteNext(state: PageState, page: RecordsPage, number: number): void {
    const key = JSON.stringify(state)
    if (countUse(this.#states, key) > 2)
      throw this.#error(number, page, `leads back to ${key.slice(0, 200)} for the third time`)
  }

  /** Several pages in a row that all came before: by their keys, for records without one may well be alike. */
  #refuseCircle(page: RecordsPage, signature: string, number: number): void {
    if (signature === '' || this.#stream.key.length === 0) return
    this.#knownPages = countUse(this.#signatures, signature) > 1 ? this.#knownPages + 1 : 0
    if (this.#knownPages < knownPagesMax) return
    throw this.#error(
      number,
      page,
      `and the ${knownPagesMax - 1} before it hold the records of earlier pages`,
    )
  }

  #signatureOf(page: RecordsPage): string {
    const { length } = page.records
    if (this.#stream.key.length === 0) return page.digestAll()
    const ends = [0, length >> 1, length - 1].map((index) => identify(this.#stream, page, index))
    return JSON.stringify([length, ...ends])
  }

  #error(number: number, page: RecordsPage, what: string): CaudalError {
    return new CaudalError({
      code: 'CAUDAL_REST_PAGE_REPEATS',
      message: `${this.#source}.${this.#stream.name}, page ${number} (${page.origin}) ${what}.`,
      hint: 'Check `paginate`: its parameter may be ignored by the server, or its path may point at the wrong value.',
      context: { source: this.#source, stream: this.#stream.name, page: number },
    })
  }
}

/** How often a thing was used, this time among them; the oldest are forgotten. */
function countUse(uses: Map<string, number>, key: string): number {
  const count = (uses.get(key) ?? 0) + 1
  uses.delete(key)
  uses.set(key, count)
  if (uses.size > memoryMax) uses.delete(uses.keys().next().value ?? '')
  return count
}
