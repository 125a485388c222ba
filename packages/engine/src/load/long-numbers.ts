import { Transform, type TransformCallback } from 'node:stream'

/** Bytes of a number that is not at its end yet; what is longer is no number that a file has for a reason. */
const numberBytesMax = 1024

/** Digits that every double holds, whatever they are. */
const safeDigits = 15

/**
 * Finds JSON numbers that reading through a double would change, as the engine reads all but whole numbers. Most numbers of many digits
 * were doubles before and are written with as many digits as tell them apart: these come back as they are.
 */
export class LongNumberScanner {
  found = false
  #rest: Buffer = Buffer.alloc(0)

  /** Looks at the next bytes of the file. */
  scan(data: Uint8Array): void {
    if (this.found) return
    const bytes = Buffer.concat([this.#rest, data])
    const open = beginOfOpenNumber(bytes)
    this.found = hasLongNumber(bytes, open) || bytes.length - open > numberBytesMax
    this.#rest = bytes.subarray(Math.max(0, open - 1))
  }

  /** Looks at a number that is known to be one, from `start` up to `end`. */
  look(bytes: Buffer, start: number, end: number): void {
    this.found ||= isNumberChanged(bytes.toString('latin1', start, end))
  }

  /** Looks at the number that the file may end with. */
  finish(): { readonly hasLongNumbers: boolean } {
    this.scan(Buffer.from('\n'))
    return { hasLongNumbers: this.found }
  }
}

/** Looks at each 16th byte alone: a number of more digits than are safe has one of these. */
function hasLongNumber(bytes: Buffer, open: number): boolean {
  for (let at = safeDigits; at < bytes.length; at += safeDigits + 1) {
    if (!isNumeric(bytes[at])) continue
    let start = at
    while (isNumeric(bytes[start - 1])) start--
    let end = at + 1
    while (isNumeric(bytes[end])) end++
    if (start < open && end - start > safeDigits && isChanged(bytes, start, end)) return true
    at = end
  }
  return false
}

/** Whether the number is another one after it was a double. A quote before it makes it text, and more than one point no number. */
function isChanged(bytes: Buffer, start: number, end: number): boolean {
  if (bytes[start - 1] === quote) return false
  const [exponent = ''] = /^e[-+]?\d+/i.exec(bytes.toString('latin1', end, end + 6)) ?? []
  return isNumberChanged(bytes.toString('latin1', start, end) + exponent)
}

/** Whether JSON's number is another one after it was a double; whole numbers are read as they are. */
function isNumberChanged(text: string): boolean {
  const number = Number(text)
  if (String(number) === text || Number.isNaN(number)) return false
  if (!/[.e]/i.test(text)) return false
  return significant(text) !== significant(number.toExponential())
}

function significant(number: string): string {
  return number
    .replace(/e.*/i, '')
    .replaceAll(/[-.]/g, '')
    .replaceAll(/^0+|0+$/g, '')
}

/** Where the number begins that may go on behind the bytes. */
function beginOfOpenNumber(bytes: Buffer): number {
  let at = bytes.length
  while (at > 0 && isPartOfNumber(bytes[at - 1])) at--
  return at
}

const quote = 0x22

function isNumeric(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= 0x30 && byte <= 0x39) || byte === 0x2e)
}

function isPartOfNumber(byte: number | undefined): boolean {
  return isNumeric(byte) || byte === 0x2b || byte === 0x2d || byte === 0x45 || byte === 0x65
}

/** Quotes JSON numbers of more than 15 digits; strings are left alone. Works line by line or on one long text. */
export class QuoteLongNumbers extends Transform {
  #rest = ''
  readonly #decoder = new TextDecoder()

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const text = this.#rest + this.#decoder.decode(chunk, { stream: true })
    const end = text.lastIndexOf('\n') + 1
    this.#rest = text.slice(end)
    done(null, quoteLongNumbers(text.slice(0, end)))
  }

  override _flush(done: TransformCallback): void {
    done(null, quoteLongNumbers(this.#rest + this.#decoder.decode()))
  }
}

/** The JSON text with every number of more than 15 significant digits as a string. */
function quoteLongNumbers(json: string): string {
  return json.replaceAll(/"(?:[^"\\]|\\.)*"|-?\d[\d.]{15,}(?:[eE][-+]?\d+)?/g, (token) =>
    token.startsWith('"') ? token : `"${token}"`,
  )
}
