import { CaudalError } from '@caudal/spec'
import type { Context, Hono } from 'hono'
import * as z from 'zod'
import { socketOnly } from '../attach-request.ts'
import { localOwner, type ServerContext, type ServerEnv } from '../context.ts'
import { readQuery } from '../guard/input.ts'
import { openEventStream, type EventStreamOptions } from '../live/event-stream.ts'
import type { LiveView } from '../live/live-hub.ts'
import { viewOf } from './view.ts'

const subscribersMaxDefault = 256
const heartbeatMsDefault = 15_000
/** Further behind than this, sending every tile is cheaper than going through the commits. */
const replayedCommitsMax = 1_000

const liveQuery = z.object({
  dashboard: z.string().min(1).optional(),
  view: z.string().default(''),
  after: z.coerce.number().int().min(0).optional(),
})

/**
 * Push. `GET /api/v1/live?dashboard=…&view=…` (the view as its own encoded query string): server-sent events named after the kinds of
 * `PushEvent`. Without `after` or `Last-Event-ID` every tile of the view is sent first, then what commits change.
 * `GET /api/v1/attach`, over the unix socket: the same without a dashboard, after a first event `attached`; the process counts as
 * attached while it reads.
 */
export function addLiveRoutes(app: Hono<ServerEnv>, server: ServerContext, onAttach: () => () => void): void {
  const { service } = server
  app.get('/api/v1/live', async (context) => {
    const { dashboard, view: viewText, after } = readQuery(context, liveQuery)
    const view: LiveView | undefined =
      dashboard === undefined
        ? undefined
        : { dashboard, view: viewOf(service, dashboard, new URLSearchParams(viewText)), viewer: localOwner }
    const from = await continueFrom(server, lastEventId(context) ?? after)
    return stream(context, server, {
      ...(view === undefined ? {} : { view }),
      ...(from === undefined ? {} : { after: from }),
    })
  })
  app.get('/api/v1/attach', socketOnly(), (context) =>
    stream(context, server, {
      first: {
        event: 'attached',
        data: {
          pid: process.pid,
          project: service.manifest.name,
          target: service.target,
          fingerprint: service.manifest.fingerprint,
          url: server.options.url?.() ?? null,
        },
      },
      onEnd: onAttach(),
    }),
  )
}

function lastEventId(context: Context<ServerEnv>): number | undefined {
  const id = Number(context.req.header('last-event-id') ?? Number.NaN)
  return Number.isSafeInteger(id) && id >= 0 ? id : undefined
}

/** Where the client can continue; `undefined`: it is to get everything (too far behind, or ahead: another warehouse). */
async function continueFrom(
  { service }: ServerContext,
  asked: number | undefined,
): Promise<number | undefined> {
  if (asked === undefined) return undefined
  const sequence = await service.sequence()
  return asked <= sequence && sequence - asked <= replayedCommitsMax ? asked : undefined
}

function stream(
  context: Context<ServerEnv>,
  { service, hub, options }: ServerContext,
  request: Pick<EventStreamOptions, 'view' | 'after' | 'first' | 'onEnd'>,
): Response {
  if (options.isReady?.() === false) {
    request.onEnd?.()
    throw stopping()
  }
  const subscribersMax = options.subscribersMax ?? subscribersMaxDefault
  if (hub.subscribers >= subscribersMax) {
    request.onEnd?.()
    throw new CaudalError({
      code: 'CAUDAL_LIVE_FULL',
      message: `${subscribersMax} event streams are open; no more are accepted. Dashboards stay readable without them.`,
      hint: 'Close dashboards that nobody looks at.',
      retryable: true,
    })
  }
  const heartbeatMs = options.heartbeatMs ?? heartbeatMsDefault
  return context.body(openEventStream({ service, hub, heartbeatMs, ...request }), 200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
    'transfer-encoding': 'chunked',
  })
}

function stopping(): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_SERVER_STOPPING',
    message: `The process ${process.pid} that owns the warehouse is stopping. Nothing was done.`,
    hint: 'Run the command again in a moment.',
    retryable: true,
  })
}
