import { CaudalError, type JsonValue } from '@caudal/spec'

/** A number that a double cannot hold, as `JSON.rawJSON` makes it: `JSON.stringify` writes its digits as they came. */
export interface RawNumber {
  readonly rawJSON: string
}

/** JSON whose numbers may be {@link RawNumber}s. */
export type LosslessJson =
  | string
  | number
  | boolean
  | null
  | RawNumber
  | readonly LosslessJson[]
  | { readonly [key: string]: LosslessJson }

interface SourceTextJson {
  rawJSON(text: string): RawNumber
  isRawJSON(value: unknown): value is RawNumber
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown
}

const json = JSON as unknown as SourceTextJson

const longNumber = /\d(?:\.?\d){15}|\d[eE][+-]?\d{3}/

/**
 * Whether the text may hold a number that a double cannot: 16 digits in a row (a decimal point among them does not count) or an exponent of
 * three digits and more. `true` may be a false alarm (digits inside a string), `false` never is.
 */
export function mayHoldLongNumber(text: string): boolean {
  return longNumber.test(text)
}

/** Whether a number written so comes back from a double with every digit. */
export function survivesDouble(source: string): boolean {
  const digits = source.replace(/^-?0*\.?0*|[eE].*$/g, '').replace('.', '')
  const value = Number(source)
  if (!Number.isFinite(value)) return false
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return false
  if (value === 0) return digits === ''
  return digits.length <= 15 || String(value) === source
}

/** Whether a parsed value is a number kept as text. */
export function isRawNumber(value: unknown): value is RawNumber {
  return json.isRawJSON(value)
}

/**
 * Parses JSON so that no digit is lost: numbers beyond 2^53 and numbers with more digits than a double holds become {@link RawNumber}s,
 * which `JSON.stringify` writes as they came. Text without such numbers goes through plain `JSON.parse`.
 * @throws SyntaxError
 */
export function parseJson(text: string): LosslessJson {
  if (!mayHoldLongNumber(text)) return JSON.parse(text) as LosslessJson
  return reviveNumbers(text, (source) => !survivesDouble(source))
}

/** Parses JSON with every number as a {@link RawNumber}: for those who look at how numbers are written, `1.50` and `1e3` too. @throws SyntaxError */
export function parseJsonWithSources(text: string): LosslessJson {
  return reviveNumbers(text, () => true)
}

function reviveNumbers(text: string, isKept: (source: string) => boolean): LosslessJson {
  return json.parse(text, (_key, value, context) =>
    typeof value === 'number' && context.source !== undefined && isKept(context.source)
      ? json.rawJSON(context.source)
      : value,
  ) as LosslessJson
}

/** What {@link explainBadJson} needs to name the place. */
export interface JsonPlace {
  /** What was asked, for instance `crm.deals, page 3: GET https://…`. */
  readonly where: string
  readonly contentType: string
}

/**
 * The error for a body that is no JSON: `CAUDAL_HTTP_NOT_JSON` (HTML and other texts), or `CAUDAL_HTTP_BODY_CUT` (retryable) when the text
 * ends in the middle.
 */
export function explainBadJson(text: string, cause: unknown, place: JsonPlace): CaudalError {
  const start = text.slice(0, 200).trim()
  if (/^(<!doctype|<html|<\?xml|<)/i.test(start)) {
    const title = /<title[^>]*>([^<]{1,120})/i.exec(text)?.[1]?.trim()
    const kind = /^<\?xml/i.test(start) ? 'XML' : 'HTML'
    return new CaudalError({
      code: 'CAUDAL_HTTP_NOT_JSON',
      message: `${place.where} answered ${kind} instead of JSON${title === undefined ? '' : ` (page title: "${title}")`}.`,
      hint: 'A page like this is often a login or an error page: check base URL, path and credentials.',
      context: { where: place.where, contentType: place.contentType },
      cause,
    })
  }
  const reason = cause instanceof Error ? cause.message : String(cause)
  const position = Number(/position (\d+)/.exec(reason)?.[1] ?? 0)
  const isAtEnd = /unexpected end|unterminated/i.test(reason) || position >= text.trimEnd().length
  if (isAtEnd) {
    return new CaudalError({
      code: 'CAUDAL_HTTP_BODY_CUT',
      message: `${place.where} answered JSON that ends in the middle, after ${text.length} characters.`,
      hint: 'The connection or a proxy cut the answer. Try again; if it stays, ask for smaller pages (`limit`).',
      retryable: true,
      context: { where: place.where, characters: text.length },
      cause,
    })
  }
  return new CaudalError({
    code: 'CAUDAL_HTTP_NOT_JSON',
    message: `${place.where} answered text that is no JSON: ${reason}. It starts with ${JSON.stringify(start.slice(0, 80))}.`,
    hint: `The server calls it ${place.contentType || 'nothing'}: check the path, or ask for JSON with an \`accept\` header.`,
    context: { where: place.where, contentType: place.contentType },
    cause,
  })
}

/** A scalar as text, digits kept; `undefined` for null, objects and arrays. */
export function scalarText(value: LosslessJson | undefined): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return isRawNumber(value) ? value.rawJSON : undefined
}

/** Plain JSON of a {@link LosslessJson}: numbers that a double cannot hold become strings. */
export function toPlainJson(value: LosslessJson): JsonValue {
  if (isRawNumber(value)) return value.rawJSON
  if (Array.isArray(value)) return value.map((item) => toPlainJson(item as LosslessJson))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toPlainJson(item)]))
}
