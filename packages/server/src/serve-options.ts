import type { OwnerService } from '@caudal/engine'
import type { AppOptions } from './context.ts'
import type { LoggerOptions } from './log.ts'

/** How a project is served. */
export interface ServeOptions extends AppOptions {
  readonly service: OwnerService
  /** Default: `127.0.0.1`. Only this machine's own addresses are accepted. */
  readonly host?: string
  /** Default: 4700; 0: any free one; `false`: no port, the socket alone. */
  readonly port?: number | false
  /** {@link socketPathFor} the warehouse. Absent: no other process can attach. */
  readonly socketPath?: string
  /** Level of the log when no `log` is given. Default: `info`. */
  readonly logLevel?: LoggerOptions['level']
  /** How long requests may take to finish on close before they are cut off. Default: 8,000. */
  readonly drainMs?: number
}
