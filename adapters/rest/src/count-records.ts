import { parseJsonPath, responseJson, scalarText, valueAt, type HttpResponse } from '@caudal/http'
import { CaudalError } from '@caudal/spec'
import type { Connection } from './connection.ts'
import type { CountOptions } from './options.ts'
import { refuseErrorBody } from './page/error-body.ts'
import type { RestStream } from './rest-stream.ts'

/**
 * How many records the server says that the stream has; `undefined` when nothing tells how to ask.
 * @throws CaudalError `CAUDAL_REST_COUNT` when its answer holds no number.
 */
export async function countRecords(
  connection: Connection,
  stream: RestStream,
  signal: AbortSignal,
): Promise<number | undefined> {
  const { options } = stream
  const { count } = options
  if (count === undefined) return undefined
  const params = { ...(count.path === undefined ? options.params : {}), ...count.params }
  return connection.http.request(
    {
      url: count.path ?? options.path,
      where: `${connection.source}.${stream.name}, count`,
      query: {
        ...connection.paramsFor(undefined),
        ...Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)])),
      },
      ...(options.headers === undefined ? {} : { headers: options.headers }),
      signal,
    },
    (response) => numberIn(response, count, connection),
  )
}

function numberIn(response: HttpResponse, count: CountOptions, connection: Connection): number {
  const text =
    count.header === undefined
      ? fieldIn(response, count, connection)
      : response.headers[count.header.toLowerCase()]
  if (text !== undefined && /^\d+$/.test(text)) return Number(text)
  const place =
    count.header === undefined ? `the field \`${count.field ?? ''}\`` : `the header \`${count.header}\``
  throw new CaudalError({
    code: 'CAUDAL_REST_COUNT',
    message: `${response.where} was asked for the number of records, and ${place} holds ${text === undefined ? 'nothing' : JSON.stringify(text)}. Nothing was read.`,
    hint: 'Point `count.field` or `count.header` at the number, or leave `count` out.',
    context: { where: response.where },
  })
}

function fieldIn(response: HttpResponse, count: CountOptions, connection: Connection): string | undefined {
  const body = responseJson(response)
  refuseErrorBody(body, response, connection)
  return scalarText(valueAt(body, parseJsonPath(count.field ?? '')))
}
