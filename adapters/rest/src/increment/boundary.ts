import { compareCursorValues, parseCursorValue, type CursorValue } from './cursor-value.ts'
import type { CursorFormat } from '../options.ts'

/** Cursor value → digests of the records that had it. */
export type StoredBoundary = Readonly<Record<string, readonly string[]>>

interface Group {
  readonly value: CursorValue
  readonly digests: string[]
}

/**
 * Remembers the records at the edge of what was read, by cursor value and digest, so that asking for that edge again does not bring them
 * again, while a record that changed without a newer cursor value does come. Holds a bounded number: the oldest are forgotten first, which
 * costs a repeated delivery and loses nothing.
 */
export class Boundary {
  readonly #groups = new Map<string, Group>()
  readonly #sizeMax: number
  #size = 0

  constructor(stored: StoredBoundary, format: CursorFormat, sizeMax = 1000) {
    this.#sizeMax = sizeMax
    for (const [text, digests] of Object.entries(stored)) {
      const value = parseCursorValue(text, format)
      if (value === undefined) continue
      this.#groups.set(text, { value, digests: [...digests] })
      this.#size += digests.length
    }
  }

  /** Adds a record. */
  add(text: string, value: CursorValue, digest: string): void {
    const group = this.#groups.get(text)
    if (group === undefined) this.#groups.set(text, { value, digests: [digest] })
    else group.digests.push(digest)
    this.#size += 1
    if (this.#size > this.#sizeMax) this.#forgetOldest()
  }

  /** Whether the record is remembered. With `isOnce` it is forgotten by this: a second one like it is another record. */
  take(text: string, digest: string, isOnce: boolean): boolean {
    const digests = this.#groups.get(text)?.digests
    const index = digests?.indexOf(digest) ?? -1
    if (digests === undefined || index < 0) return false
    if (isOnce) {
      digests.splice(index, 1)
      this.#size -= 1
    }
    return true
  }

  /** Whether any record with this cursor value is remembered. */
  has(text: string): boolean {
    return this.#groups.has(text)
  }

  /** Forgets what lies before a value. */
  forgetBefore(value: CursorValue): void {
    for (const [text, group] of this.#groups) {
      if (compareCursorValues(group.value, value) < 0) this.#forget(text, group)
    }
  }

  /** As plain data. */
  toJSON(): StoredBoundary {
    return Object.fromEntries([...this.#groups].map(([text, { digests }]) => [text, [...digests]]))
  }

  /** Makes room for a quarter, so that the sorting is rare. */
  #forgetOldest(): void {
    const sizeGoal = Math.floor(this.#sizeMax * 0.75)
    const oldest = [...this.#groups].toSorted(([, a], [, b]) => compareCursorValues(a.value, b.value))
    for (const [text, group] of oldest) {
      if (this.#size <= sizeGoal) return
      const gone = group.digests.splice(0, this.#size - sizeGoal).length
      this.#size -= gone
      if (group.digests.length === 0) this.#groups.delete(text)
    }
  }

  #forget(text: string, group: Group): void {
    this.#groups.delete(text)
    this.#size -= group.digests.length
  }
}
