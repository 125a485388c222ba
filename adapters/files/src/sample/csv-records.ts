/** A record of a delimited text. */
export interface CsvRecord {
  readonly cells: readonly string[]
  /** Line on which it begins, 1-based. */
  readonly line: number
}

/** How a delimited text is cut into cells. */
export interface CsvDialect {
  readonly delimiter: string
  readonly quote: string
}

/**
 * Cuts delimited text into records, chunk by chunk. A quote opens at the start of a cell alone, and a doubled one inside stands for itself.
 * Blank lines are no records.
 */
export class CsvRecords {
  readonly #dialect: CsvDialect
  #rest = ''
  #line: number

  constructor(dialect: CsvDialect, firstLine = 1) {
    this.#dialect = dialect
    this.#line = firstLine
  }

  /** Takes text. @returns the records that it completed. */
  push(text: string): CsvRecord[] {
    return this.#cut(this.#rest + text, false)
  }

  /** The last record, when it does not end with a line break. */
  end(): CsvRecord[] {
    return this.#cut(this.#rest, true)
  }

  #cut(text: string, isEnd: boolean): CsvRecord[] {
    const records: CsvRecord[] = []
    let at = 0
    while (at < text.length) {
      const cut = cutRecord(text, at, this.#dialect, isEnd)
      if (cut === undefined) break
      const isBlank = cut.cells.length === 1 && cut.cells[0] === '' && !cut.isQuoted
      if (!isBlank) records.push({ cells: cut.cells, line: this.#line })
      this.#line += cut.lines
      at = cut.next
    }
    this.#rest = text.slice(at)
    return records
  }
}

interface Cut {
  readonly cells: string[]
  readonly next: number
  readonly lines: number
  readonly isQuoted: boolean
}

/** One record from `start`; `undefined` when its end is not in the text. */
function cutRecord(
  text: string,
  start: number,
  { delimiter, quote }: CsvDialect,
  isEnd: boolean,
): Cut | undefined {
  const cells: string[] = []
  let lines = 0
  let isQuoted = false
  let at = start
  for (;;) {
    let cell = ''
    if (text.startsWith(quote, at)) {
      isQuoted = true
      for (at++; ;) {
        const close = text.indexOf(quote, at)
        if (close === -1 && !isEnd) return undefined
        const part = close === -1 ? text.slice(at) : text.slice(at, close)
        cell += part
        lines += countBreaks(part)
        at = close === -1 ? text.length : close + 1
        if (close === -1 || text.charAt(at) !== quote) break
        cell += quote
        at++
      }
    }
    const end = cellEnd(text, at, delimiter)
    if (end === text.length && !isEnd) return undefined
    cell += text.slice(at, end)
    cells.push(cell)
    at = end
    if (text.startsWith(delimiter, at)) {
      at += delimiter.length
      continue
    }
    if (text.charAt(at) === '\r' && text.charAt(at + 1) === '' && !isEnd) return undefined
    at += text.startsWith('\r\n', at) ? 2 : at < text.length ? 1 : 0
    return { cells, next: at, lines: lines + 1, isQuoted }
  }
}

function cellEnd(text: string, from: number, delimiter: string): number {
  const first = delimiter.charCodeAt(0)
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 10 || code === 13) return at
    if (code === first && (delimiter.length === 1 || text.startsWith(delimiter, at))) return at
  }
  return text.length
}

function countBreaks(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++
  return count
}
