import type { Hono } from 'hono'
import type { ServerContext, ServerEnv } from '../context.ts'

/** `/healthz`: the process answers. `/readyz`: it takes work; 503 while it starts or ends. */
export function addHealthRoutes(app: Hono<ServerEnv>, { options }: ServerContext): void {
  app.get('/healthz', (context) => context.json({ status: 'ok' }))
  app.get('/readyz', (context) =>
    options.isReady?.() === false
      ? context.json({ status: 'not ready' }, 503)
      : context.json({ status: 'ready' }),
  )
}
