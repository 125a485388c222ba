import type { JsonObject, JsonValue } from '@caudal/spec'
import type { Connection } from '../connection.ts'
import type { PageState } from '../paginate/paginator.ts'
import type { RestStream } from '../rest-stream.ts'
import { refuseErrorBody } from './error-body.ts'
import { fillTemplate } from './template.ts'
import { decodePage } from './decode-page.ts'
import type { JsonRecord, RecordsPage } from './records-page.ts'

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
