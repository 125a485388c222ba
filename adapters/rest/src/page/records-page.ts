import { hash } from 'node:crypto'
import {
  explainBadJson,
  formatJsonPath,
  quoteLongNumbers,
  scanJson,
  parseJsonWithSources,
  utf8Bytes,
  valueAt,
  valuesAt,
  type ArrayPlace,
  type Headers,
  type HttpResponse,
  type JsonPath,
  type LosslessJson,
} from '@caudal/http'
import { CaudalError, type JsonObject, type NdjsonPayload } from '@caudal/spec'

/** A record; numbers that a double cannot hold are strings. */
export type JsonRecord = Readonly<Record<string, unknown>>

/** A record whose numbers are as they are written. */
export type WrittenRecord = Readonly<Record<string, LosslessJson>>

/** What a page must look like. */
export interface PageShape {
  readonly records: JsonPath
  readonly mayBeMissing: boolean
  /** Throws when the body is an error in spite of its status. */
  readonly refuseErrorBody: (body: unknown, response: HttpResponse) => void
  /** Takes secrets out of text that is to be shown. */
  readonly redact: (text: string) => string
}

const newline = 0x0a
const carriageReturn = 0x0d
const space = 0x20

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

interface PageParts {
  readonly body: unknown
  readonly records: readonly JsonRecord[]
  readonly written: () => readonly WrittenRecord[]
  readonly slices?: PageSlices
}

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

/**
 * Reads the records of an answer. Their bytes are cut out of the body rather than written again (measured: half the time), so every digit
 * stays; only numbers that a double cannot hold are put in quotes.
 * @throws CaudalError `CAUDAL_HTTP_NOT_JSON`, `CAUDAL_HTTP_BODY_CUT`, `CAUDAL_REST_NO_RECORDS`, and what `refuseErrorBody` throws.
 */
export function decodePage(response: HttpResponse, shape: PageShape): RecordsPage {
  const path = shape.records.includes('*') ? [] : shape.records
  const original = utf8Bytes(response)
  const text = original.toString()
  const parsed = parse(text, response)
  const scanned = scanJson(original, path)
  const quoted = scanned.mayHoldLongNumber ? quoteLongNumbers(text) : text
  const isQuoted = quoted !== text
  const bytes = isQuoted ? Buffer.from(quoted) : original
  const array = isQuoted ? scanJson(bytes, path).array : scanned.array
  const body = isQuoted ? (JSON.parse(quoted) as unknown) : parsed
  shape.refuseErrorBody(body, response)
  const records = recordsIn(body, response, shape)
  const parts = {
    body,
    records,
    written: () => recordsIn(parseJsonWithSources(text), response, shape) as readonly WrittenRecord[],
  }
  const isSliced =
    !shape.records.includes('*') && array !== undefined && array.commas.length + 1 === records.length
  if (!isSliced) return new RecordsPage(response, parts)
  blankLineEnds(bytes, array)
  return new RecordsPage(response, { ...parts, slices: { bytes, array } })
}

function recordsIn(body: unknown, response: HttpResponse, shape: PageShape): readonly JsonRecord[] {
  const values = shape.records.includes('*')
    ? valuesAt(body, shape.records).flat()
    : listOf(valueAt(body, shape.records), body, response, shape)
  return checkRecords(values, response, shape)
}

function parse(text: string, response: HttpResponse): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (thrown) {
    throw explainBadJson(text, thrown, {
      where: response.where,
      contentType: response.headers['content-type'] ?? '',
    })
  }
}

function listOf(found: unknown, body: unknown, response: HttpResponse, shape: PageShape): readonly unknown[] {
  if (Array.isArray(found)) return found
  if (found === undefined && shape.mayBeMissing) return []
  if (found === null && !looksLikeError(body)) return []
  if (typeof found === 'object' && found !== null && !(shape.records.length === 0 && looksLikeError(body))) {
    return [found]
  }
  const fields = typeof body === 'object' && body !== null ? Object.keys(body).slice(0, 20) : []
  const has =
    fields.length === 0 ? `a body that is ${describe(body)}` : `only the fields ${fields.join(', ')}`
  throw new CaudalError({
    code: 'CAUDAL_REST_NO_RECORDS',
    message: `${response.where} has no records at \`${formatJsonPath(shape.records)}\` (${describe(found)}), ${has}: ${shape.redact(JSON.stringify(body)).slice(0, 200)}.`,
    hint: 'Check `records`. If this is how the server reports errors, add `errorBody`; if it leaves the field out when there are none, set `recordsMayBeMissing`.',
    context: { where: response.where, records: formatJsonPath(shape.records), fields },
  })
}

function looksLikeError(body: unknown): boolean {
  if (typeof body !== 'object' || body === null) return false
  return ['error', 'errors', 'fault'].some((name) => {
    const value: unknown = valueAt(body, [name])
    return (
      value !== undefined &&
      value !== null &&
      value !== false &&
      !(Array.isArray(value) && value.length === 0)
    )
  })
}

function checkRecords(
  values: readonly unknown[],
  response: HttpResponse,
  shape: PageShape,
): readonly JsonRecord[] {
  const bad = values.findIndex((value) => typeof value !== 'object' || value === null || Array.isArray(value))
  if (bad < 0) return values as readonly JsonRecord[]
  throw new CaudalError({
    code: 'CAUDAL_REST_NO_RECORDS',
    message: `${response.where}: element ${bad + 1} of \`${formatJsonPath(shape.records)}\` is ${describe(values[bad])} where an object belongs.`,
    hint: 'Point `records` at a list of objects.',
    context: { where: response.where, records: formatJsonPath(shape.records) },
  })
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object'
    ? 'an object'
    : `the ${typeof value} ${JSON.stringify(value)?.slice(0, 40)}`
}

/** Line ends between the tokens of a record become spaces; inside strings JSON has none. */
function blankLineEnds(bytes: Buffer, { start, end }: ArrayPlace): void {
  for (const lineEnd of [newline, carriageReturn]) {
    for (let at = bytes.indexOf(lineEnd, start); at >= 0 && at < end; at = bytes.indexOf(lineEnd, at + 1)) {
      bytes[at] = space
    }
  }
}
