/** Where an event lies in a body, or why none does. */
export type Slice = { readonly bytes: Buffer } | { readonly problem: string }

/** How deep an event may nest. */
export const depthMax = 64

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c]
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d]
const [newline, carriageReturn, space, tab] = [0x0a, 0x0d, 0x20, 0x09]

/**
 * The events of a body: of JSON one, or each item of an array; of NDJSON each line that is not empty. Their bytes stay as they are, so that no
 * number loses digits. Whether each is valid JSON is found when it is parsed.
 */
export function splitEvents(body: Buffer, format: 'json' | 'ndjson'): readonly Slice[] {
  if (format === 'ndjson') return splitLines(body)
  const first = skipSpace(body, 0)
  if (first === body.length) return []
  if (body[first] !== openBracket) return [sliceOf(body, first, body.length)]
  return splitArray(body, first)
}

function splitLines(body: Buffer): Slice[] {
  const slices: Slice[] = []
  for (let start = 0; start < body.length;) {
    const found = body.indexOf(newline, start)
    const end = found === -1 ? body.length : found
    if (skipSpace(body, start, end) < end) slices.push(sliceOf(body, start, end))
    start = end + 1
  }
  return slices
}

function splitArray(body: Buffer, opening: number): Slice[] {
  const slices: Slice[] = []
  for (let start = opening + 1; ;) {
    const { end, closes } = itemEnd(body, start)
    const isEmpty = skipSpace(body, start, end) === end
    if (isEmpty && closes && slices.length === 0) return slices
    slices.push(isEmpty ? { problem: 'there is nothing between two commas' } : sliceOf(body, start, end))
    if (closes) {
      const rest = skipSpace(body, end + 1)
      if (rest < body.length) slices.push({ problem: 'something follows the array' })
      return slices
    }
    if (end >= body.length) {
      slices.push({ problem: 'the array does not end' })
      return slices
    }
    start = end + 1
  }
}

/** Where the item that begins at `start` ends, and whether the array ends with it. */
function itemEnd(body: Buffer, start: number): { end: number; closes: boolean } {
  let depth = 0
  for (let at = start; at < body.length; at++) {
    switch (body[at]) {
      case quote:
        at = stringEnd(body, at)
        break
      case openBrace:
      case openBracket:
        depth += 1
        break
      case closeBrace:
      case closeBracket:
        if (depth === 0) return { end: at, closes: true }
        depth -= 1
        break
      case comma:
        if (depth === 0) return { end: at, closes: false }
        break
      default:
    }
  }
  return { end: body.length, closes: false }
}

/** The closing quote of the string that opens at `at`. */
function stringEnd(body: Buffer, at: number): number {
  for (let end = at + 1; ; end++) {
    end = body.indexOf(quote, end)
    if (end === -1) return body.length
    let slashes = 0
    while (body[end - 1 - slashes] === backslash) slashes += 1
    if (slashes % 2 === 0) return end
  }
}

function sliceOf(body: Buffer, start: number, end: number): Slice {
  const bytes = body.subarray(skipSpace(body, start, end), end)
  return isTooDeep(bytes) ? { problem: `it nests deeper than ${depthMax}` } : { bytes }
}

function isTooDeep(bytes: Buffer): boolean {
  let depth = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === quote) at = stringEnd(bytes, at)
    else if (byte === openBrace || byte === openBracket) depth += 1
    else if (byte === closeBrace || byte === closeBracket) depth -= 1
    if (depth > depthMax) return true
  }
  return false
}

function skipSpace(body: Buffer, start: number, end = body.length): number {
  let at = start
  while (at < end && isSpace(body[at])) at += 1
  return at
}

function isSpace(byte: number | undefined): boolean {
  return byte === space || byte === newline || byte === carriageReturn || byte === tab
}
