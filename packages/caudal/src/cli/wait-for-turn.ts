import { claimants } from '@caudal/server'
import { CaudalError } from '@caudal/spec'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SessionContext } from './session.ts'

const pollMs = 50
const busyPollMs = 250
/** How long a lock is tried again that no process of ours claims: its holder may just be ending. */
const unclaimedMsMax = 500
/** An owner that starts first applies what is staged in the lake. */
const claimedMsMax = 120_000

const passing = new Set([
  'CAUDAL_OWNER_GONE',
  'CAUDAL_OWNER_STOPPING',
  'CAUDAL_SERVER_STOPPING',
  'CAUDAL_OWNER_BUSY',
])

/** Waits while another process opens, closes or briefly uses the warehouse; anything else is thrown on. */
export function waitForTurn(
  warehouse: string,
  { signal, output }: SessionContext,
): { orThrow(error: unknown): Promise<void> } {
  const beganAt = Date.now()
  let isSaid = false
  return {
    orThrow: async (error) => {
      signal.throwIfAborted()
      if (!CaudalError.isInstance(error)) throw error
      const waitedMs = Date.now() - beganAt
      const isLocked = error.code === 'CAUDAL_WAREHOUSE_LOCKED'
      if (!isLocked && !passing.has(error.code)) throw error
      const isOurs = !isLocked || claimants(warehouse).length > 0
      if (error.code !== 'CAUDAL_OWNER_BUSY' && waitedMs > (isOurs ? claimedMsMax : unclaimedMsMax))
        throw error
      if (!isSaid && waitedMs > 2_000) {
        isSaid = true
        output.note(`Waiting: ${error.message}`)
      }
      await sleep(error.code === 'CAUDAL_OWNER_BUSY' ? busyPollMs : pollMs)
      signal.throwIfAborted()
    },
  }
}

/** The answer to a process that wants to serve the console where another one is the owner. */
export function consoleRunning(pid: number, url: string | undefined): CaudalError {
  if (url === undefined) {
    return new CaudalError({
      code: 'CAUDAL_OWNER_BUSY',
      message: `another command (process ${pid}) uses the warehouse; this one begins when it has ended.`,
      hint: 'Wait, or stop that command.',
      retryable: true,
      context: { pid },
    })
  }
  return new CaudalError({
    code: 'CAUDAL_OWNER_SERVES',
    message: `The process ${pid} serves this warehouse on ${url} already. Nothing was started.`,
    hint: `Open ${url}, or stop that process first: kill ${pid}.`,
    context: { pid, url },
  })
}
