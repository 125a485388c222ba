import { LongNumberScanner } from './long-numbers.ts'

/** A line longer than this, and records of more fields, are left to the engine. */
const lineBytesMax = 1024 * 1024
const keysMax = 2_000

/** Numbers of fewer bytes have no more digits than every double holds. */
const safeNumberBytes = 15

/**
 * Looks once at newline-delimited JSON: which fields its records have, and whether there are numbers that a double would change. What is no
 * plain line of an object is left to the engine: then the fields are not known, and numbers are looked for without regard to what they are in.
 */
export class NdjsonScanner {
  readonly #numbers = new LongNumberScanner()
  readonly #fields = new Set<string>()
  /** The fields in the order in which they came first, as they stand in the file, with both quotes: the next record has them so again. */
  readonly #keys: Buffer[] = []
  /** By key, whether the field is a double in the table: its numbers become doubles in any case. */
  readonly #areDoubles: boolean[] = []
  readonly #doubles: ReadonlySet<string>
  #rest: Buffer = Buffer.alloc(0)
  #isPlain = true

  /** @param doubles - Fields that are doubles in the table and stay so. */
  constructor(doubles: ReadonlySet<string> = new Set()) {
    this.#doubles = doubles
  }

  /** Looks at the next bytes of the file. */
  scan(chunk: Buffer): void {
    if (!this.#isPlain) return this.#numbers.scan(chunk)
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const end = bytes.lastIndexOf(newline) + 1
    for (let at = 0; at < end && this.#isPlain;) at = this.#line(bytes, at)
    this.#rest = Buffer.from(bytes.subarray(end))
    if (this.#isPlain && this.#rest.length <= lineBytesMax) return
    this.#isPlain = false
    this.#numbers.scan(bytes)
    this.#rest = Buffer.alloc(0)
  }

  /** Looks at the end of the file. @returns what was found; `fields` only when they are all known. */
  finish(): { readonly hasLongNumbers: boolean; readonly fields?: readonly string[] } {
    if (this.#rest.length > 0) this.scan(Buffer.from('\n'))
    const { hasLongNumbers } = this.#numbers.finish()
    return { hasLongNumbers, ...(this.#isPlain ? { fields: [...this.#fields] } : {}) }
  }

  /** Looks at the line that begins at `start`. @returns where the next one begins. */
  #line(bytes: Buffer, start: number): number {
    let at = skipSpace(bytes, start)
    if (bytes[at] === newline) return at + 1
    if (bytes[at] !== openBrace) return this.#giveUp()
    at = skipSpace(bytes, at + 1)
    for (let expected = 0; bytes[at] === quote;) {
      const key = this.#key(bytes, at, expected)
      expected = key + 1
      at = skipSpace(bytes, at + (this.#keys[key]?.length ?? 0))
      if (key === -1 || bytes[at] !== colon) return this.#giveUp()
      at = this.#value(bytes, skipSpace(bytes, at + 1), this.#areDoubles[key] === true)
      if (at === -1) return this.#giveUp()
      at = skipSpace(bytes, at)
      if (bytes[at] !== comma) break
      at = skipSpace(bytes, at + 1)
    }
    if (bytes[at] !== closeBrace) return this.#giveUp()
    at = skipSpace(bytes, at + 1)
    return bytes[at] === newline ? at + 1 : this.#giveUp()
  }

  #giveUp(): number {
    this.#isPlain = false
    return 0
  }

  /** The index of the key that stands at `at`, most likely the expected one or one soon after it; -1: not to be read. */
  #key(bytes: Buffer, at: number, expected: number): number {
    const known = this.#keys.length
    for (let offset = 0; offset < known; offset++) {
      const index = (expected + offset) % known
      if (isAt(bytes, at, this.#keys[index] as Buffer)) return index
    }
    const end = endOfText(bytes, at)
    const field = end === -1 ? undefined : unquoted(bytes.toString('utf8', at, end))
    if (field === undefined || known === keysMax) return -1
    this.#fields.add(field)
    this.#areDoubles.push(this.#doubles.has(field))
    return this.#keys.push(Buffer.from(bytes.subarray(at, end))) - 1
  }

  /** @returns where the value that begins at `at` ends; -1: not to be read. */
  #value(bytes: Buffer, at: number, isDouble: boolean): number {
    const first = bytes[at]
    if (first === quote) return endOfText(bytes, at)
    if (first === openBrace || first === openBracket) {
      const end = endOfNested(bytes, at)
      if (end !== -1) this.#numbers.scan(bytes.subarray(at, end))
      return end
    }
    let end = at
    while (isWord(bytes[end])) end++
    if (end - at > safeNumberBytes && !isDouble) this.#numbers.look(bytes, at, end)
    return end === at ? -1 : end
  }
}

const newline = 0x0a
const quote = 0x22
const comma = 0x2c
const colon = 0x3a
const openBracket = 0x5b
const backslash = 0x5c
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d

function isAt(bytes: Buffer, at: number, key: Buffer): boolean {
  for (let index = 0; index < key.length; index++) if (bytes[at + index] !== key[index]) return false
  return true
}

function skipSpace(bytes: Buffer, at: number): number {
  while (bytes[at] === 0x20 || bytes[at] === 0x09 || bytes[at] === 0x0d) at++
  return at
}

/** Every line ends with a newline, which no text has: so the bytes do not end before the line does. */
function endOfText(bytes: Buffer, at: number): number {
  for (;;) {
    const byte = bytes[++at] ?? newline
    if (byte > quote && byte !== backslash) continue
    if (byte === quote) return at + 1
    if (byte === newline) return -1
    if (byte === backslash && bytes[++at] === newline) return -1
  }
}

function endOfNested(bytes: Buffer, at: number): number {
  let depth = 0
  for (;;) {
    const byte = bytes[at]
    if (byte === newline) return -1
    if (byte === quote) {
      at = endOfText(bytes, at)
      if (at === -1) return -1
      continue
    }
    at++
    if (byte === openBrace || byte === openBracket) depth++
    else if ((byte === closeBrace || byte === closeBracket) && --depth === 0) return at
  }
}

/** Whether the byte is part of a number, or of a word as `true`: digits, letters, signs and the point. */
function isWord(byte: number | undefined): boolean {
  return wordBytes[byte ?? 0] === 1
}

const wordBytes = Uint8Array.from({ length: 256 }, (_, byte) =>
  /[\w.+-]/.test(String.fromCharCode(byte)) ? 1 : 0,
)

function unquoted(text: string): string | undefined {
  try {
    return String(JSON.parse(text))
  } catch {
    return undefined
  }
}
