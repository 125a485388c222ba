import { hash } from 'node:crypto'
import type { ArrayPlace, Headers, HttpResponse, LosslessJson } from '@caudal/http'
import type { JsonObject, NdjsonPayload } from '@caudal/spec'

/** A record; numbers that a double cannot hold are strings. */
export type JsonRecord = Readonly<Record<string, unknown>>

/** A record whose numbers are as they are written. */
export type WrittenRecord = Readonly<Record<string, LosslessJson>>

const newline = 0x0a

/** The records of one answer: parsed, and as the bytes they came in. */
export class RecordsPage {
  readonly records: readonly JsonRecord[]
  readonly body: unknown
  readonly headers: Headers
  readonly status: number
  /** May hold secrets. */
  readonly url: string
  /** The address without secrets. */
  readonly origin: string
  readonly #bytes: Buffer
  readonly #array: ArrayPlace | undefined

  readonly #written: () => readonly WrittenRecord[]

  constructor(response: HttpResponse, parts: PageParts) {
    this.records = parts.records
    this.body = parts.body
    this.headers = response.headers
    this.status = response.status
    this.url = response.url
    this.origin = response.shownUrl
    this.#written = parts.written
    this.#bytes = parts.slices?.bytes ?? Buffer.alloc(0)
    this.#array = parts.slices?.array
  }

  /** The records with every number as it is written: for those who look for types. To be asked before `lines`. */
  written(): readonly WrittenRecord[] {
    return this.#written()
  }

  /** The records as lines; with `isKept` those alone that it keeps. `extra` fields are added to each. */
  lines(isKept?: readonly boolean[], extra?: JsonObject): NdjsonPayload {
    const fields = new Set<string>()
    let rows = 0
    for (const [index, record] of this.records.entries()) {
      if (isKept !== undefined && isKept[index] !== true) continue
      rows += 1
      for (const field in record) fields.add(field)
    }
    for (const field in extra) if (rows > 0) fields.add(field)
    const isWhole = rows === this.records.length && extra === undefined
    const bytes =
      isWhole && this.#array !== undefined ? this.#wholeLines(this.#array) : this.#someLines(isKept, extra)
    return { kind: 'ndjson', bytes, rows, fields: [...fields] }
  }

  /** What tells whether a record changed: a digest of its bytes. */
  digest(index: number): string {
    return digestOf(this.#slice(index) ?? JSON.stringify(this.records[index]))
  }

  /** What tells whether two pages hold the same; to be asked before `lines`. */
  digestAll(): string {
    const place = this.#array
    return digestOf(
      place === undefined ? JSON.stringify(this.records) : this.#bytes.subarray(place.start, place.end),
    )
  }

  /** The bytes of the array with its commas turned into line ends: nothing is copied. */
  #wholeLines({ start, end, commas }: ArrayPlace): Uint8Array {
    if (this.records.length === 0) return new Uint8Array()
    const bytes = this.#bytes
    for (const comma of commas) bytes[comma] = newline
    bytes[end] = newline
    return bytes.subarray(start + 1, end + 1)
  }

  #someLines(isKept: readonly boolean[] | undefined, extra: JsonObject | undefined): Uint8Array {
    const tail = extra === undefined ? undefined : JSON.stringify(extra).slice(1)
    const parts: (Buffer | string)[] = []
    for (const [index, record] of this.records.entries()) {
      if (isKept !== undefined && isKept[index] !== true) continue
      const slice = this.#slice(index)
      if (slice === undefined) parts.push(JSON.stringify({ ...record, ...extra }))
      else if (tail === undefined) parts.push(slice)
      else parts.push(slice.subarray(0, slice.lastIndexOf('}')), isEmpty(record) ? '' : ',', tail)
      parts.push('\n')
    }
    return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)))
  }

  #slice(index: number): Buffer | undefined {
    if (this.#array === undefined) return undefined
    const { start, end, commas } = this.#array
    return this.#bytes.subarray((commas[index - 1] ?? start) + 1, commas[index] ?? end)
  }
}

/** What a page is made of. */
export interface PageParts {
  readonly body: unknown
  readonly records: readonly JsonRecord[]
  readonly written: () => readonly WrittenRecord[]
  readonly slices?: PageSlices
}

/** The body's bytes and the place of the records in them. */
interface PageSlices {
  readonly bytes: Buffer
  readonly array: ArrayPlace
}

function isEmpty(record: JsonRecord): boolean {
  return Object.keys(record).length === 0
}

function digestOf(content: Uint8Array | string): string {
  return hash('sha256', content, 'base64url').slice(0, 16)
}
