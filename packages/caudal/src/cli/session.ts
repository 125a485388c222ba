import type { Owner, OwnerService, StartedProject } from '@caudal/engine'
import type { RunningServer } from '@caudal/server'
import type { CommandContext } from './command.ts'

/** What a command works on: the owner in this process, or the one that another process is. */
export interface Session {
  readonly project: StartedProject
  readonly service: Pick<OwnerService, 'runs' | 'status' | 'graph' | 'query' | 'subscribe' | 'target'>
  /** The owner when it is this process. */
  readonly owner: Owner | undefined
  readonly server: RunningServer | undefined
  /** Resolves when the owner is another process and has ended. */
  readonly ownerGone: Promise<void>
  /** Leaves: an owner first waits until its runs have ended and no other process is attached. */
  close(): Promise<void>
  /** Ends now: an owner cancels its runs and closes everything within 10 s. */
  stop(): Promise<void>
}

/** How a session is opened. */
export interface SessionOptions {
  /** Port of the console; absent: only other commands can attach. */
  readonly port?: number
  /** Address of the console. Default: `127.0.0.1`. */
  readonly host?: string
}

/** What an opened session needs of its command. */
export type SessionContext = Pick<CommandContext, 'projectPath' | 'target' | 'signal' | 'stop' | 'output'>
