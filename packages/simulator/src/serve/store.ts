import type { StreamShape } from '../company/company.ts'
import { idOf } from '../company/ids.ts'
import type { World } from '../company/world.ts'
import { DAY } from '../calendar.ts'

/** What every served row has. */
export interface Served {
  readonly id: number
  readonly updated_at: string
}

/** A place in the order by `updated_at` (milliseconds) and id. */
export interface Position {
  readonly at: number
  readonly id: number
}

/** Which ids to list: after a position, leaving out the first `skip`, at most `limit`. */
export interface Slice<From> {
  readonly after: From
  readonly skip?: number
  readonly limit: number
}

/** An update time in seconds and a place share one double: 27 bits and 25 bits. */
const PLACES = 2 ** 25
const CACHED_UNITS = 4096

/**
 * The rows of one stream as the API serves them: the company's, which are computed when asked for, and over them
 * those that the seller added or changed. It holds two numbers per row, computed at the first use.
 */
export class StreamStore<Row extends Served> {
  readonly #world: World
  readonly #shape: StreamShape<Row>
  readonly #origin: number
  readonly #cache = new Map<number, Row[]>()
  readonly #changed = new Map<number, { readonly row: Row; readonly at: number }>()
  #changes: Position[] = []
  readonly #added: number[] = []
  #lists: { readonly ids: Uint32Array; readonly updates: Float64Array } | undefined

  constructor(world: World, shape: StreamShape<Row>) {
    this.#world = world
    this.#shape = shape
    this.#origin = world.start - 1000 * DAY
  }

  get(id: number): Row | undefined {
    const changed = this.#changed.get(id)
    if (changed !== undefined) return changed.row
    const place = (id - this.#shape.digit) / 10 - 1
    const unit = Math.floor(place / this.#shape.slots)
    if (!Number.isInteger(place) || unit < 0 || unit >= this.#shape.units(this.#world)) return undefined
    return this.#unit(unit).find((row) => row.id === id)
  }

  /** The rows of these ids, in their order. */
  rows(ids: readonly number[]): Row[] {
    return ids.map((id) => this.get(id) as Row)
  }

  /** How many rows there are, or how many were updated at `since` (milliseconds) or later. */
  count(since?: number): number {
    if (since === undefined) return this.#base().ids.length + this.#added.length
    const { updates } = this.#base()
    const from = this.#firstUpdateAfter({ at: since, id: -1 })
    let count = updates.length - from
    for (const [id, { at }] of this.#changed) {
      if (this.#baseUpdateOf(id) >= since) count--
      if (at >= since) count++
    }
    return count
  }

  /** Ids in ascending order. */
  idsById({ after, skip = 0, limit }: Slice<number>): number[] {
    const { ids } = this.#base()
    const from = firstIndex(ids.length, (index) => (ids[index] as number) > after) + skip
    const found = [...ids.subarray(from, from + limit)]
    const addedFrom = firstIndex(this.#added.length, (index) => (this.#added[index] as number) > after)
    const left = Math.max(0, from - ids.length)
    return [...found, ...this.#added.slice(addedFrom + left, addedFrom + left + limit - found.length)]
  }

  /** Ids in order of update, ties by id. */
  idsByUpdate({ after, skip = 0, limit }: Slice<Position>): number[] {
    const found: number[] = []
    let left = skip
    for (const id of this.#updatedAfter(after)) {
      if (left-- > 0) continue
      if (found.length === limit) break
      found.push(id)
    }
    return found
  }

  /** Every row in order of id. */
  *all(): Generator<Row, void, undefined> {
    for (const id of this.#base().ids) yield this.get(id) as Row
    for (const id of this.#added) yield this.get(id) as Row
  }

  /** The id that the next {@link put} of a new row must have. */
  nextId(): number {
    return idOf(this.#shape.units(this.#world) * this.#shape.slots + this.#added.length, this.#shape.digit)
  }

  /** Adds or replaces a row, whose `updated_at` is later than that of every row before. */
  put(row: Row): void {
    const at = Date.parse(row.updated_at)
    if (row.id === this.nextId()) this.#added.push(row.id)
    this.#changed.set(row.id, { row, at })
    this.#changes.push({ at, id: row.id })
    if (this.#changes.length > 2 * this.#changed.size + 100) {
      this.#changes = this.#changes.filter((change) => this.#isCurrent(change))
    }
  }

  *#updatedAfter(after: Position): Generator<number, void, undefined> {
    const { updates } = this.#base()
    for (let index = this.#firstUpdateAfter(after); index < updates.length; index++) {
      const id = idOf((updates[index] as number) % PLACES, this.#shape.digit)
      if (!this.#changed.has(id)) yield id
    }
    const changes = this.#changes
    const isAfter = ({ at, id }: Position): boolean => at > after.at || (at === after.at && id > after.id)
    for (let index = firstIndex(changes.length, (one) => isAfter(changes[one] as Position)); ; index++) {
      const change = changes[index]
      if (change === undefined) return
      if (this.#isCurrent(change)) yield change.id
    }
  }

  #isCurrent({ id, at }: Position): boolean {
    return this.#changed.get(id)?.at === at
  }

  #firstUpdateAfter({ at, id }: Position): number {
    const { updates } = this.#base()
    const seconds = at / 1000 - this.#origin
    const place = Math.max(-1, Math.floor((id - this.#shape.digit) / 10) - 1)
    const key = Number.isInteger(seconds) ? seconds * PLACES + place : Math.ceil(seconds) * PLACES - 1
    return firstIndex(updates.length, (index) => (updates[index] as number) > key)
  }

  /** When the company's own version of a row was updated, in milliseconds; before all time for an added row. */
  #baseUpdateOf(id: number): number {
    const unit = Math.floor(((id - this.#shape.digit) / 10 - 1) / this.#shape.slots)
    if (unit >= this.#shape.units(this.#world)) return -Infinity
    return Date.parse(this.#unit(unit).find((row) => row.id === id)?.updated_at ?? '')
  }

  #unit(unit: number): Row[] {
    const rows = this.#cache.get(unit) ?? this.#shape.rows(this.#world, unit)
    this.#cache.delete(unit)
    this.#cache.set(unit, rows)
    if (this.#cache.size > CACHED_UNITS) this.#cache.delete(this.#cache.keys().next().value as number)
    return rows
  }

  #base(): { readonly ids: Uint32Array; readonly updates: Float64Array } {
    if (this.#lists !== undefined) return this.#lists
    const { digit, units, rows } = this.#shape
    const ids: number[] = []
    const updates: number[] = []
    const count = units(this.#world)
    for (let unit = 0; unit < count; unit++) {
      for (const row of rows(this.#world, unit)) {
        ids.push(row.id)
        const seconds = Date.parse(row.updated_at) / 1000 - this.#origin
        updates.push(seconds * PLACES + (row.id - digit) / 10 - 1)
      }
    }
    const sorted = Float64Array.from(updates)
    sorted.sort()
    this.#lists = { ids: Uint32Array.from(ids), updates: sorted }
    return this.#lists
  }
}

/** The first index in [0, length) for which the test, once true always true, is true; else length. */
function firstIndex(length: number, test: (index: number) => boolean): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (test(middle)) high = middle
    else low = middle + 1
  }
  return low
}
