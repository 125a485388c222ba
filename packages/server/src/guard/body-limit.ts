import { CaudalError } from '@caudal/spec'
import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { ServerEnv } from '../context.ts'

/** Refuses request bodies above a size, also those that do not say how long they are. */
export function limitBody(bytesMax: number): MiddlewareHandler<ServerEnv> {
  return bodyLimit({
    maxSize: bytesMax,
    onError: () => {
      throw new CaudalError({
        code: 'CAUDAL_REQUEST_TOO_LARGE',
        message: `The request's body is larger than ${bytesMax} bytes. Nothing was done.`,
        hint: 'Send less in one request.',
        context: { bytesMax },
      })
    },
  })
}
