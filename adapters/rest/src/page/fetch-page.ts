import { scalarText, valueAt, type HttpResponse, type LosslessJson } from '@caudal/http'
import { CaudalError, type JsonObject, type JsonValue } from '@caudal/spec'
import type { Connection } from '../connection.ts'
import type { ErrorBodyRule } from '../options.ts'
import type { PageState } from '../paginate/paginator.ts'
import type { RestStream } from '../rest-stream.ts'
import { fillTemplate } from './template.ts'
import { decodePage, type JsonRecord, type RecordsPage } from './records-page.ts'

/** A page to be fetched. */
export interface PageRequest {
  readonly stream: RestStream
  readonly state: PageState
  /** 1 for the first page of the walk. */
  readonly number: number
  /** Cursor parameters. */
  readonly params: Readonly<Record<string, string>>
  /** The record that a child stream is read for. */
  readonly parent?: JsonRecord
  readonly acceptStatus: readonly number[]
  readonly signal: AbortSignal
}

/** Fetches a page; `undefined` for a status that was accepted. @throws CaudalError `CAUDAL_HTTP_*`, `CAUDAL_REST_*`. */
export async function fetchPage(
  connection: Connection,
  request: PageRequest,
): Promise<RecordsPage | undefined> {
  const { stream, state, parent } = request
  const { options } = stream
  const { url, params = {} } = stream.paginator.parameters(state)
  const own =
    url === undefined ? { ...filledParams(options.params, parent), ...request.params, ...params } : {}
  const isPost = options.method === 'POST'
  const where = `${connection.source}.${stream.name}, page ${request.number}`
  return connection.http.request(
    {
      url: url ?? fillTemplate(options.path, parent, encodeURIComponent),
      where,
      query: { ...connection.paramsFor(url), ...(isPost ? {} : own) },
      ...(isPost ? { method: 'POST' as const, json: bodyOf(options.body, own) } : {}),
      ...(options.headers === undefined ? {} : { headers: options.headers }),
      acceptStatus: request.acceptStatus,
      signal: request.signal,
    },
    (response) =>
      response.status >= 300
        ? undefined
        : decodePage(response, {
            records: stream.recordsPath,
            mayBeMissing: options.recordsMayBeMissing ?? false,
            refuseErrorBody: (body, from) => refuseErrorBody(body, from, connection),
            redact: (text) => connection.redactor.text(text),
          }),
  )
}

function filledParams(
  params: Readonly<Record<string, string | number | boolean>> = {},
  parent: JsonRecord | undefined,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      fillTemplate(String(value), parent, (text) => text),
    ]),
  )
}

/** Parameters of a `POST` lie in its body; digits are sent as numbers, for that is what such bodies hold. */
function bodyOf(body: JsonObject = {}, params: Readonly<Record<string, string>>): JsonObject {
  const fields = Object.entries(params).map(([name, value]): [string, JsonValue] => [
    name,
    /^-?\d{1,15}$/.test(value) ? Number(value) : value,
  ])
  return { ...body, ...Object.fromEntries(fields) }
}

/** @throws CaudalError `CAUDAL_HTTP_ERROR_BODY` when the rule of the source says that this body is an error. */
export function refuseErrorBody(body: unknown, response: HttpResponse, connection: Connection): void {
  const rule = connection.errorBody
  if (rule === undefined) return
  const value = valueAt(body as LosslessJson, rule.field.split('.'))
  if (!isErrorValue(value, rule)) return
  const said = valueAt(body as LosslessJson, (rule.message ?? rule.field).split('.'))
  const reason = connection.redactor
    .text(scalarText(said) ?? JSON.stringify(said) ?? 'no reason')
    .slice(0, 300)
  throw new CaudalError({
    code: 'CAUDAL_HTTP_ERROR_BODY',
    message: `${response.where} answered status ${response.status} with an error inside: ${reason}.`,
    hint: 'The server reports errors in the body: its reason says what to change.',
    retryable: rule.retryWhen?.includes(reason) ?? false,
    context: { where: response.where, status: response.status, reason },
  })
}

function isErrorValue(value: unknown, rule: ErrorBodyRule): boolean {
  if (rule.equals !== undefined) return value === rule.equals
  if (Array.isArray(value)) return value.length > 0
  return value !== undefined && value !== null && value !== false && value !== '' && value !== 0
}
