import type { RequestListener } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Logger } from 'pino'
import { createApp, type CaudalApp } from './app.ts'
import type { Channel } from './context.ts'
import { createLogger } from './log.ts'
import type { ServeOptions } from './serve-options.ts'

/** The app behind its doors. */
export interface Listeners {
  readonly app: CaudalApp
  readonly log: Logger
  readonly on: Readonly<Record<Channel, RequestListener>>
}

/** Makes the app and a listener for each door. */
export function createListeners(options: ServeOptions): Listeners {
  const log = options.log ?? createLogger(options.logLevel === undefined ? {} : { level: options.logLevel })
  const app = createApp(options.service, { ...options, log })
  const listener = (channel: Channel): RequestListener =>
    getRequestListener((request) => app.fetch(request, { channel }), { overrideGlobalObjects: false })
  return { app, log, on: { tcp: listener('tcp'), socket: listener('socket') } }
}
