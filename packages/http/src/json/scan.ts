import type { JsonPath } from './path.ts'

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const minus = 0x2d
const braceOpen = 0x7b
const braceClose = 0x7d
const bracketOpen = 0x5b
const bracketClose = 0x5d

/** What a scan of a JSON document tells. */
export interface JsonScan {
  /** The array at the path; `undefined` when there is none. */
  readonly array: ArrayPlace | undefined
  /** Whether a number outside strings may need more than a double: 16 digits and more, or an exponent of three digits. */
  readonly mayHoldLongNumber: boolean
}

/** Where an array lies in the bytes of a document. */
export interface ArrayPlace {
  /** Of `[`. */
  readonly start: number
  /** Of `]`. */
  readonly end: number
  /** Of the commas between its elements. */
  readonly commas: readonly number[]
}

/**
 * Finds the array at `path` and the commas between its elements without building values. The bytes must be UTF-8; for bytes that are no JSON
 * the result means nothing, so parse them too. Of a field named twice the last one holds, as in `JSON.parse`.
 */
export function scanJson(bytes: Uint8Array, path: JsonPath): JsonScan {
  const scanner = new Scanner(bytes)
  const array = scanner.descend(scanner.skipSpace(0), path, 0)
  return { array, mayHoldLongNumber: scanner.mayHoldLongNumber }
}

class Scanner {
  mayHoldLongNumber = false
  readonly #bytes: Uint8Array
  #end = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** Looks into the value at `at`; leaves `#end` behind it. */
  descend(at: number, path: JsonPath, level: number): ArrayPlace | undefined {
    const name = path[level]
    if (name === undefined) {
      if (this.#bytes[at] !== bracketOpen) {
        this.#end = this.#skipValue(at)
        return undefined
      }
      const commas: number[] = []
      this.#end = this.#skipNested(at, commas)
      return { start: at, end: this.#end - 1, commas }
    }
    if (this.#bytes[at] !== braceOpen) {
      this.#end = this.#skipValue(at)
      return undefined
    }
    return this.#descendObject(at, name, path, level)
  }

  skipSpace(start: number): number {
    const bytes = this.#bytes
    let at = start
    while (at < bytes.length && (bytes[at] as number) <= 0x20) at += 1
    return at
  }

  #descendObject(open: number, name: string, path: JsonPath, level: number): ArrayPlace | undefined {
    const bytes = this.#bytes
    const wanted = Buffer.from(JSON.stringify(name))
    let found: ArrayPlace | undefined
    let at = this.skipSpace(open + 1)
    while (bytes[at] === quote) {
      const keyEnd = this.#skipString(at)
      const value = this.skipSpace(this.skipSpace(keyEnd) + 1)
      if (isKey(bytes.subarray(at, keyEnd), wanted, name)) found = this.descend(value, path, level + 1)
      else this.#end = this.#skipValue(value)
      at = this.skipSpace(this.#end)
      if (bytes[at] === comma) at = this.skipSpace(at + 1)
    }
    this.#end = at + 1
    return found
  }

  #skipValue(start: number): number {
    const first = this.#bytes[start]
    if (first === quote) return this.#skipString(start)
    if (first === braceOpen || first === bracketOpen) return this.#skipNested(start, undefined)
    return this.#skipScalar(start)
  }

  #skipNested(start: number, commas: number[] | undefined): number {
    const bytes = this.#bytes
    const length = bytes.length
    let depth = 0
    for (let at = start; at < length; at++) {
      const byte = bytes[at] as number
      if (byte === quote) {
        at += 1
        while (at < length && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1
      } else if (byte === comma) {
        if (depth === 1 && commas !== undefined) commas.push(at)
      } else if (byte === braceOpen || byte === bracketOpen) {
        depth += 1
      } else if (byte === braceClose || byte === bracketClose) {
        depth -= 1
        if (depth === 0) return at + 1
      } else if (byte === minus || (byte >= 0x30 && byte <= 0x39)) {
        at = this.#skipScalar(at) - 1
      }
    }
    return length
  }

  #skipScalar(start: number): number {
    const bytes = this.#bytes
    let at = start
    let exponentAt = -1
    while (at < bytes.length) {
      const byte = bytes[at] as number
      if (byte === comma || byte === braceClose || byte === bracketClose || byte <= 0x20) break
      if ((byte | 0x20) === 0x65) exponentAt = at
      at += 1
    }
    if (at - start > 15 || (exponentAt >= 0 && at - exponentAt > 3)) this.mayHoldLongNumber = true
    return at
  }

  #skipString(start: number): number {
    const bytes = this.#bytes
    let at = start + 1
    while (at < bytes.length && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1
    return at + 1
  }
}

function isKey(key: Uint8Array, wanted: Uint8Array, name: string): boolean {
  if (!key.includes(backslash)) return Buffer.compare(key, wanted) === 0
  return safeParse(key) === name
}

function safeParse(key: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(key).toString())
  } catch {
    return undefined
  }
}
