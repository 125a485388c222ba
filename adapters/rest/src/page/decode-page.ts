import {
  explainBadJson,
  formatJsonPath,
  parseJsonWithSources,
  quoteLongNumbers,
  scanJson,
  utf8Bytes,
  valueAt,
  valuesAt,
  type ArrayPlace,
  type HttpResponse,
  type JsonPath,
} from '@caudal/http'
import { CaudalError } from '@caudal/spec'
import { RecordsPage, type JsonRecord, type WrittenRecord } from './records-page.ts'

const newline = 0x0a
const carriageReturn = 0x0d
const space = 0x20

/** What a page must look like. */
export interface PageShape {
  readonly records: JsonPath
  readonly mayBeMissing: boolean
  /** Throws when the body is an error in spite of its status. */
  readonly refuseErrorBody: (body: unknown, response: HttpResponse) => void
  /** Takes secrets out of text that is to be shown. */
  readonly redact: (text: string) => string
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
