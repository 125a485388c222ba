import { isUtf8 } from 'node:buffer'

/** How a delimited text is cut, as bytes. */
export interface ByteDialect {
  readonly delimiter: Buffer
  /** `undefined`: cells are never quoted. */
  readonly quote: number | undefined
}

/** A record as it lies in the file. */
export interface RawRecord {
  /** Its bytes without the line break at the end. */
  readonly bytes: Buffer
  /** Line on which it begins, 1-based. */
  readonly line: number
  readonly cells: number
  /** Cells up to the last that has something in it. */
  readonly filled: number
  /** Why it is no good record, before its cells are counted. */
  readonly broken?: string
}

/** Bytes of one record at most: more is a quote that was never closed, or no delimited text. */
export const recordBytesMax: number = 16 * 1024 * 1024

const lf = 10
const cr = 13
const space = 32

/**
 * Cuts a delimited text into records, chunk by chunk. A quote opens at the start of a cell alone. Where a quote is never closed, or text
 * follows the closing one, only the line on which the record began is broken, and reading goes on with the next line.
 */
export class CsvScanner {
  readonly #dialect: ByteDialect
  #rest: Buffer = Buffer.alloc(0)
  #line = 1

  constructor(dialect: ByteDialect) {
    this.#dialect = dialect
  }

  /** Takes bytes. @returns the records that they complete; with `isEnd` also the last one. */
  push(chunk: Buffer, isEnd = false): RawRecord[] {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const isText = isUtf8(bytes)
    const records: RawRecord[] = []
    let at = 0
    while (at < bytes.length) {
      const isLast = isEnd || bytes.length - at > recordBytesMax
      const cut = cutRecord(bytes, at, this.#dialect, isLast)
      if (cut === undefined) break
      const record = bytes.subarray(at, cut.end)
      const broken = cut.broken ?? (isText || isUtf8(record) ? undefined : 'the bytes are not UTF-8')
      if (record.length > 0 || broken !== undefined) {
        records.push({
          bytes: record,
          line: this.#line,
          cells: cut.cells,
          filled: cut.filled,
          ...(broken === undefined ? {} : { broken }),
        })
      }
      this.#line += cut.breaks
      at = cut.next
    }
    this.#rest = Buffer.from(bytes.subarray(at))
    return records
  }
}

interface Cut {
  readonly end: number
  readonly next: number
  readonly breaks: number
  readonly cells: number
  readonly filled: number
  readonly broken?: string
}

/** One record from `start`; `undefined` when its end is not in the bytes yet. */
function cutRecord(bytes: Buffer, start: number, dialect: ByteDialect, isLast: boolean): Cut | undefined {
  const { delimiter, quote } = dialect
  const first = delimiter[0]
  let at = start
  let breaks = 0
  let count = 1
  let filled = 1
  for (;;) {
    const open = quote === undefined ? -1 : quoteStart(bytes, at, quote)
    const begin = at
    if (open !== -1) {
      const quoted = quotedEnd(bytes, open + 1, quote ?? 0)
      if (quoted.end === -1 || (quoted.end === bytes.length && !isLast)) {
        return isLast ? firstLine(bytes, start, 'the quote that opens a cell is never closed') : undefined
      }
      breaks += quoted.breaks
      at = quoted.end
      while (bytes[at] === space) at++
      const next = bytes[at]
      if (at < bytes.length && next !== first && next !== lf && next !== cr) {
        return firstLine(bytes, start, 'text follows the quote that closes a cell')
      }
    } else while (at < bytes.length && bytes[at] !== lf && bytes[at] !== cr && bytes[at] !== first) at++
    if (at > begin) filled = count
    if (at >= bytes.length)
      return isLast ? { end: at, next: at, breaks: breaks + 1, cells: count, filled } : undefined
    if (bytes[at] === first) {
      if (delimiter.length > 1 && !bytes.subarray(at, at + delimiter.length).equals(delimiter)) {
        at++
        continue
      }
      at += delimiter.length
      count++
      continue
    }
    if (bytes[at] === cr && at + 1 === bytes.length && !isLast) return undefined
    const next = bytes[at] === cr && bytes[at + 1] === lf ? at + 2 : at + 1
    return { end: at, next, breaks: breaks + 1, cells: count, filled }
  }
}

/** Where a cell's quote opens: at its start, spaces before it left aside; -1 for a cell without one. */
function quoteStart(bytes: Buffer, from: number, quote: number): number {
  let at = from
  while (bytes[at] === space) at++
  return bytes[at] === quote ? at : -1
}

/** Behind the closing quote, and the line breaks inside; `end` is -1 when it is not there. */
function quotedEnd(bytes: Buffer, from: number, quote: number): { end: number; breaks: number } {
  let breaks = 0
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === lf) breaks++
    if (byte !== quote) continue
    if (bytes[at + 1] !== quote) return { end: at + 1, breaks }
    at++
  }
  return { end: -1, breaks }
}

function firstLine(bytes: Buffer, start: number, broken: string): Cut {
  const found = bytes.indexOf(lf, start)
  const end = found === -1 ? bytes.length : bytes[found - 1] === cr && found > start ? found - 1 : found
  return { end, next: found === -1 ? bytes.length : found + 1, breaks: 1, cells: 0, filled: 0, broken }
}
