import type { AuditWriter, OwnerService } from '@caudal/engine'
import type { Viewer } from '@caudal/spec'
import type { Context } from 'hono'
import type { Logger } from 'pino'
import type { LiveHub } from './live/live-hub.ts'

/** By which door a request came: the loopback port, or the unix socket that only the user of the owner process can open. */
export type Channel = 'tcp' | 'socket'

/** What an attached process says of itself. */
export interface AttachRequest {
  /** Absolute path of its project. */
  readonly projectPath: string
  /** Fingerprint of the project's version that it has loaded. */
  readonly fingerprint: string
}

/** Options of the app. */
export interface AppOptions {
  /** Folder of the built console. Absent: the API alone. */
  readonly consoleFolder?: string
  readonly log?: Logger
  /** Records manual actions. */
  readonly audit?: Pick<AuditWriter, 'add'>
  /** `false`: `/readyz` says that the process is starting or ending. */
  readonly isReady?: () => boolean
  /** Where the console is, when it is served. */
  readonly url?: () => string | undefined
  /** Largest request body. Default: 1 MiB. */
  readonly bodyBytesMax?: number
  /** Open event streams at a time. Default: 256. */
  readonly subscribersMax?: number
  /** Silence after which an event stream carries a comment. Default: 15,000. */
  readonly heartbeatMs?: number
  /** Smallest time between two refreshes of a tile. Default: 250. */
  readonly refreshMs?: number
}

/** What every handler has at hand. */
export interface ServerContext {
  readonly service: OwnerService
  readonly options: AppOptions
  readonly log: Logger
  readonly hub: LiveHub
}

/** Hono's environment of the app. */
export interface ServerEnv {
  Bindings: { channel?: Channel }
}

/** The door of a request; what is not known to be the socket counts as the port. */
export function channelOf(context: Context<ServerEnv>): Channel {
  return context.env?.channel ?? 'tcp'
}

/** Who asks while there is no sign-in: the person at this machine, whom no rule restricts. */
export const localOwner: Viewer = { id: 'local', rules: {} }
