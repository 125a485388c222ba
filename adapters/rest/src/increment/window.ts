import { parseJsonPath, scalarText, valueAt, type JsonPath, type LosslessJson } from '@caudal/http'
import { CaudalError, type JsonValue } from '@caudal/spec'
import type { Connection } from '../connection.ts'
import type { CursorFormat, CursorOptions } from '../options.ts'
import type { RecordsPage } from '../page/records-page.ts'
import type { RestStream } from '../rest-stream.ts'
import { Boundary } from './boundary.ts'
import {
  compareCursorValues,
  formatCursorValue,
  isTimeFormat,
  parseCursorValue,
  type CursorValue,
} from './cursor-value.ts'
import type { RestPosition, ResumePosition } from './position.ts'

/** What one read of a stream asks for and what it has seen. A stream without cursor is read whole each time. */
export interface ReadWindow {
  /** Where the walk goes on; absent: from its beginning. */
  readonly from: JsonValue | undefined
  /** The cursor's parameter. */
  readonly params: Readonly<Record<string, string>>
  /** Whether the end of this read completes the stream. */
  readonly isWhole: boolean
  /** Forgets how far an earlier walk had come: the read begins at its first page. */
  restart(): void
  /** Notes a page; says which of its records are new. `undefined`: all. */
  take(page: RecordsPage, skip: number): readonly boolean[] | undefined
  /** The position while the read goes on at `at`. */
  during(at: JsonValue): JsonValue
  /** The position after the end of the read. */
  after(): JsonValue
}

/** The window of a stream's read, by its last position. */
export function openWindow(connection: Connection, stream: RestStream, position: RestPosition): ReadWindow {
  const { cursor } = stream.options
  return cursor === undefined
    ? new WholeWindow(position)
    : new CursorWindow(connection, stream, cursor, position)
}

class WholeWindow implements ReadWindow {
  readonly params = {}
  readonly isWhole = true
  from: JsonValue | undefined

  constructor({ resume }: RestPosition) {
    this.from = resume?.at
  }

  restart(): void {
    this.from = undefined
  }

  take(page: RecordsPage, skip: number): readonly boolean[] | undefined {
    return skip === 0 ? undefined : page.records.map((_, index) => index >= skip)
  }

  during(at: JsonValue): JsonValue {
    return { resume: { at, isWhole: true } }
  }

  after(): JsonValue {
    return {}
  }
}

interface Seen {
  readonly text: string
  readonly value: CursorValue
}

class CursorWindow implements ReadWindow {
  from: JsonValue | undefined
  readonly isWhole: boolean
  readonly #connection: Connection
  readonly #stream: RestStream
  readonly #format: CursorFormat
  readonly #path: JsonPath
  readonly #cursor: CursorOptions
  readonly #since: string | undefined
  readonly #highWater: Seen | undefined
  readonly #known: Boundary
  readonly #edge: Boundary
  readonly #openedAtMs: number
  #startedAtMs: number | undefined
  #highest: Seen | undefined
  #hasWarned = false

  constructor(connection: Connection, stream: RestStream, cursor: CursorOptions, position: RestPosition) {
    const { resume, highWater, boundary = {} } = position
    this.#connection = connection
    this.#stream = stream
    this.#cursor = cursor
    this.#format = cursor.format ?? 'iso'
    this.#path = parseJsonPath(cursor.field)
    this.#highWater = this.#seen(highWater)
    this.#known = new Boundary(boundary, this.#format)
    this.#edge = new Boundary(resume?.edge ?? {}, this.#format)
    this.#highest = this.#seen(resume?.highest)
    this.#openedAtMs = connection.now()
    this.#startedAtMs = resume?.startedAt
    this.#since = resume === undefined ? this.#lowerBound() : resume.since
    this.isWhole = resume === undefined ? highWater === undefined : resume.isWhole
    this.from = resume?.at
  }

  get params(): Readonly<Record<string, string>> {
    return this.#since === undefined ? {} : { [this.#cursor.param]: this.#since }
  }

  restart(): void {
    this.from = undefined
  }

  take(page: RecordsPage, skip: number): readonly boolean[] | undefined {
    this.#startedAtMs ??= this.#openedAtMs + this.#connection.http.serverOffsetMs
    const seen = page.records.map((record) =>
      this.#seen(scalarText(valueAt(record as LosslessJson, this.#path))),
    )
    this.#refuseNone(page, seen)
    for (const [index, item] of seen.entries()) {
      if (item !== undefined && index >= skip && this.#isHigher(item)) this.#highest = item
    }
    const edge = this.#edgeValue()
    let isAll = skip === 0
    const kept = seen.map((item, index) => {
      if (index < skip) return false
      if (item === undefined) return true
      const isEdge = edge !== undefined && compareCursorValues(item.value, edge) >= 0
      const digest = isEdge || this.#known.has(item.text) ? page.digest(index) : ''
      if (isEdge) this.#edge.add(item.text, item.value, digest)
      const isNew = digest === '' || !this.#known.take(item.text, digest, this.#stream.key.length === 0)
      isAll &&= isNew
      return isNew
    })
    if (edge !== undefined) this.#edge.forgetBefore(edge)
    return isAll ? undefined : kept
  }

  during(at: JsonValue): JsonValue {
    const resume: ResumePosition = {
      at,
      isWhole: this.isWhole,
      ...(this.#startedAtMs === undefined ? {} : { startedAt: this.#startedAtMs }),
      ...(this.#since === undefined ? {} : { since: this.#since }),
      ...(this.#highest === undefined ? {} : { highest: this.#highest.text }),
      edge: this.#edge.toJSON(),
    }
    const position: RestPosition = {
      ...(this.#highWater === undefined ? {} : { highWater: this.#highWater.text }),
      boundary: this.#known.toJSON(),
      resume,
    }
    return position as unknown as JsonValue
  }

  after(): JsonValue {
    const end = this.#end()
    if (end === undefined) return {}
    const isMoved = this.#highest !== undefined
    const boundary = isMoved ? this.#edge.toJSON() : this.#known.toJSON()
    return { highWater: end.text, boundary }
  }

  /** How far everything was read: the newest value seen, but not past the moment when the read began, for changes since then may lie on pages that were read before them. */
  #end(): Seen | undefined {
    const highest = this.#highest
    const old = this.#highWater
    if (highest === undefined) return old
    const capped = this.#cap(highest)
    return old !== undefined && compareCursorValues(capped.value, old.value) < 0 ? old : capped
  }

  #cap(seen: Seen): Seen {
    const startedAt = this.#startedAtMs
    if (startedAt === undefined || !isTimeFormat(this.#format) || typeof seen.value !== 'number') return seen
    const start = Math.floor(startedAt * 1000)
    if (seen.value <= start) return seen
    this.#warnOfFuture(seen, start)
    const isNumber = /^-?\d+(\.\d+)?$/.test(seen.text)
    const unit = Math.abs(Number(seen.text)) > 1e11 ? 'epoch milliseconds' : 'epoch seconds'
    const text = formatCursorValue(start, isNumber ? unit : 'iso', seen.text)
    return { text, value: parseCursorValue(text, this.#format) ?? start }
  }

  /** From where on records are remembered: what the next read asks for again. */
  #edgeValue(): CursorValue | undefined {
    const end = this.#end()
    if (end === undefined || typeof end.value !== 'number' || !isTimeFormat(this.#format)) return end?.value
    return end.value - (this.#cursor.lagSeconds ?? 0) * 1e6
  }

  #lowerBound(): string | undefined {
    const { lagSeconds = 0, start } = this.#cursor
    const high = this.#highWater
    if (high === undefined) return start
    if (typeof high.value !== 'number' || !isTimeFormat(this.#format)) return high.text
    const isExact = lagSeconds === 0 && this.#format === 'iso'
    return isExact ? high.text : formatCursorValue(high.value - lagSeconds * 1e6, this.#format, high.text)
  }

  #seen(text: string | undefined): Seen | undefined {
    if (text === undefined || text === '') return undefined
    const value = parseCursorValue(text, this.#format)
    return value === undefined ? undefined : { text, value }
  }

  #isHigher({ value }: Seen): boolean {
    return this.#highest === undefined || compareCursorValues(value, this.#highest.value) > 0
  }

  #refuseNone(page: RecordsPage, seen: readonly (Seen | undefined)[]): void {
    if (seen.length === 0 || this.#highest !== undefined || seen.some((item) => item !== undefined)) return
    const example: unknown = valueAt(page.records[0], this.#path)
    throw new CaudalError({
      code: 'CAUDAL_REST_CURSOR_FIELD',
      message: `${this.#connection.source}.${this.#stream.name}: none of the ${seen.length} records of ${page.origin} has a value at \`${this.#cursor.field}\` that reads as ${this.#format}; the first has ${JSON.stringify(example) ?? 'nothing'}.`,
      hint: 'Check `cursor.field` and `cursor.format`, or leave `cursor` out.',
      context: { source: this.#connection.source, stream: this.#stream.name, field: this.#cursor.field },
    })
  }

  #warnOfFuture(seen: Seen, start: number): void {
    const isFar = typeof seen.value === 'number' && seen.value - start > 300e6
    if (this.#hasWarned || !isFar) return
    this.#hasWarned = true
    this.#connection.log(
      'warn',
      `${this.#connection.source}.${this.#stream.name}: \`${this.#cursor.field}\` says ${seen.text}, which lies in the future. Reading will go on from the time of this read, not from there.`,
      { stream: this.#stream.name, value: seen.text },
    )
  }
}
