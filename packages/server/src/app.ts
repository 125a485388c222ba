import type { OwnerService } from '@caudal/engine'
import { CaudalError } from '@caudal/spec'
import { Hono, type MiddlewareHandler } from 'hono'
import type { Logger } from 'pino'
import { toErrorAnswer } from './answer/error.ts'
import { attachGuard } from './attach-request.ts'
import { addConsoleFiles, consoleMissing } from './console-files.ts'
import { channelOf, type AppOptions, type ServerContext, type ServerEnv } from './context.ts'
import { limitBody } from './guard/body-limit.ts'
import { requestGuard } from './guard/request-guard.ts'
import { securityHeaders } from './guard/security-headers.ts'
import { LiveHub } from './live/live-hub.ts'
import { createLogger } from './log.ts'
import { addDashboardRoutes } from './routes/dashboard-routes.ts'
import { addHealthRoutes } from './routes/health-routes.ts'
import { addLiveRoutes } from './routes/live-routes.ts'
import { addProjectRoutes } from './routes/project-routes.ts'
import { addQueryRoutes } from './routes/query-routes.ts'
import { addRunRoutes } from './routes/run-routes.ts'

/** The server's app, without a socket of its own. */
export interface CaudalApp {
  /** Answers a request; `channel` says by which door it came (default: the port, which may do less). */
  fetch(request: Request, bindings?: ServerEnv['Bindings']): Response | Promise<Response>
  /** Processes that are attached now. */
  readonly attached: number
  /** Resolves when no process is attached. */
  whenDetached(): Promise<void>
  /** Ends all event streams. */
  closeStreams(): void
}

const bodyBytesMaxDefault = 1_048_576
const refreshMsDefault = 250

/** Makes the app that serves a project: API, push and console. See {@link ApiSchema} for the routes. */
export function createApp(service: OwnerService, options: AppOptions = {}): CaudalApp {
  const log = options.log ?? createLogger()
  const hub = new LiveHub(service, options.refreshMs ?? refreshMsDefault)
  const server: ServerContext = { service, options, log, hub }
  const attached = new AttachCounter()
  const app = new Hono<ServerEnv>()
  addFailures(app, log)
  app.use(logRequests(log))
  app.use(securityHeaders())
  app.use(requestGuard())
  addHealthRoutes(app, server)
  app.use('/api/*', limitBody(options.bodyBytesMax ?? bodyBytesMaxDefault), attachGuard(server))
  addProjectRoutes(app, server)
  addDashboardRoutes(app, server)
  addRunRoutes(app, server)
  addQueryRoutes(app, server)
  addLiveRoutes(app, server, () => attached.enter())
  if (options.consoleFolder !== undefined) addConsoleFiles(app, options.consoleFolder)
  else app.get('/', () => Promise.reject(consoleMissing()))
  return {
    fetch: (request, bindings) => app.fetch(request, bindings),
    get attached() {
      return attached.count
    },
    whenDetached: () => attached.whenNone(),
    closeStreams: () => hub.close(),
  }
}

function addFailures(app: Hono<ServerEnv>, log: Logger): void {
  app.onError((error, context) => {
    if (context.req.raw.signal.aborted) return new Response(null, { status: 499 })
    const { status, report, reference } = toErrorAnswer(error)
    const facts = { err: error, path: context.req.path, code: report.code }
    if (reference === undefined) log.debug(facts, 'A request was refused')
    else log.error({ ...facts, reference }, 'A request failed')
    return context.json(report, status)
  })
  app.notFound((context) => {
    const unknown = new CaudalError({
      code: 'CAUDAL_ROUTE_UNKNOWN',
      message: `${context.req.method} ${context.req.path} is not known here.`,
      hint: 'The API lies under /api/v1; the console and the server must be of the same release.',
    })
    return context.json(unknown.toJSON(), 404)
  })
}

/** The path alone is logged: the query string holds filter values. */
function logRequests(log: Logger): MiddlewareHandler<ServerEnv> {
  return async (context, next) => {
    const startedAt = performance.now()
    await next()
    const { method, path } = context.req
    const ms = Math.round(performance.now() - startedAt)
    log.debug({ method, path, status: context.res.status, ms, channel: channelOf(context) }, 'request')
  }
}

class AttachCounter {
  count = 0
  #waiting: (() => void)[] = []

  /** @returns a function that takes the process out; a second call does nothing. */
  enter(): () => void {
    this.count++
    let isIn = true
    return () => {
      if (!isIn) return
      isIn = false
      this.count--
      if (this.count === 0) for (const resolve of this.#waiting.splice(0)) resolve()
    }
  }

  whenNone(): Promise<void> {
    return this.count === 0 ? Promise.resolve() : new Promise((resolve) => this.#waiting.push(resolve))
  }
}
