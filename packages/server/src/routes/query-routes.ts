import type { Hono } from 'hono'
import * as z from 'zod'
import { toErrorAnswer } from '../answer/error.ts'
import { socketOnly } from '../attach-request.ts'
import type { ServerContext, ServerEnv } from '../context.ts'
import { readBody } from '../guard/input.ts'

const queryBody = z.strictObject({
  sql: z.string().min(1),
  parameters: z.record(z.string(), z.json()).default({}),
})

/**
 * `POST /api/v1/query`, over the unix socket: one read-only statement. The answer is NDJSON, one `{"chunk":…}` per line, and `{"end":true}`
 * or `{"error":…}` as the last: an answer without either was cut off.
 */
export function addQueryRoutes(app: Hono<ServerEnv>, { service, log }: ServerContext): void {
  app.post('/api/v1/query', socketOnly(), async (context) => {
    const { sql, parameters } = await readBody(context, queryBody)
    const abort = new AbortController()
    context.req.raw.signal.addEventListener('abort', () => abort.abort(), { once: true })
    const chunks = service.query(sql, parameters, abort.signal)[Symbol.asyncIterator]()
    const first = await chunks.next()
    const encoder = new TextEncoder()
    const line = (value: unknown): Uint8Array => encoder.encode(`${JSON.stringify(value)}\n`)
    let next: typeof first | undefined = first
    const body = new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          try {
            const result = next ?? (await chunks.next())
            next = undefined
            controller.enqueue(line(result.done === true ? { end: true } : { chunk: result.value }))
            if (result.done === true) controller.close()
          } catch (error) {
            const { report, reference } = toErrorAnswer(error)
            if (reference !== undefined) log.error({ err: error, reference }, 'A query failed')
            controller.enqueue(line({ error: report }))
            controller.close()
          }
        },
        async cancel() {
          abort.abort()
          await chunks.return?.()
        },
      },
      { highWaterMark: 0 },
    )
    return context.body(body, 200, {
      'content-type': 'application/x-ndjson; charset=utf-8',
      'transfer-encoding': 'chunked',
    })
  })
}
