import { CaudalError } from '@caudal/spec'
import { exitCodes } from './exit-codes.ts'
import type { Output } from './output.ts'

/** Longest between SIGTERM and the end of the process. */
const stopMsMax = 9_000

/** The two ways in which a process is asked to end. */
export interface Interrupts {
  readonly signal: AbortSignal
  readonly stop: AbortSignal
  /** Leaves the signals alone from now on. */
  release(): void
}

/**
 * Ctrl-C cancels what the command does; a second one, or SIGTERM, stops the process too: it has 9 s to finish or roll back, then it ends as it
 * is, which loses nothing that was committed. A third Ctrl-C ends it at once.
 */
export function listenForInterrupts(output: Output): Interrupts {
  const signal = new AbortController()
  const stop = new AbortController()
  const reason = new CaudalError({ code: 'CAUDAL_CLI_INTERRUPTED', message: 'Cancelled. Nothing was begun.' })
  const endAtOnce = (): void => process.exit(exitCodes.cancelled)
  const end = (): void => {
    signal.abort(reason)
    if (stop.signal.aborted) return
    stop.abort(reason)
    setTimeout(() => {
      output.note(
        `It did not stop within ${stopMsMax / 1_000} s and is ended now. What was committed stays; the rest is done again by the next run.`,
      )
      endAtOnce()
    }, stopMsMax).unref()
  }
  const interrupt = (): void => {
    if (stop.signal.aborted) endAtOnce()
    else if (signal.signal.aborted) end()
    else signal.abort(reason)
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', end)
  process.on('SIGHUP', end)
  return {
    signal: signal.signal,
    stop: stop.signal,
    release: () => {
      process.off('SIGINT', interrupt)
      process.off('SIGTERM', end)
      process.off('SIGHUP', end)
    },
  }
}
