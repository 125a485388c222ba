import type { RunRequest } from '@caudal/engine'
import { CaudalError, type PushEvent, type RunRecord, type RunSummary } from '@caudal/spec'
import type { CommandContext } from './command.ts'
import { Progress } from './progress.ts'
import type { Session } from './session.ts'

const ended = new Set(['succeeded', 'failed', 'cancelled'])

/** Starts a run and follows it to its end, with progress on a terminal. Ctrl-C cancels it. */
export async function followRun(
  session: Session,
  request: RunRequest,
  context: CommandContext,
): Promise<RunRecord> {
  const { runs } = session.service
  const early: RunSummary[] = []
  let settle: (() => void) | undefined
  let id: string | undefined
  const progress = new Progress(context.output)
  const unsubscribe = session.service.subscribe((event: PushEvent) => {
    if (event.kind === 'progress' && event.run === id) progress.show(event)
    if (event.kind !== 'run' || !ended.has(event.run.state)) return
    if (id === undefined) early.push(event.run)
    else if (event.run.id === id) settle?.()
  })
  try {
    const finished = new Promise<void>((resolve) => (settle = resolve))
    const { id: started } = await runs.start(request)
    id = started
    const cancel = (): void => void runs.cancel(started)
    context.signal.addEventListener('abort', cancel, { once: true })
    if (context.signal.aborted) cancel()
    if (!early.some((run) => run.id === started))
      await Promise.race([finished, session.ownerGone.then(() => ownerGone(started))])
    context.signal.removeEventListener('abort', cancel)
    return await runs.get(started)
  } finally {
    unsubscribe()
    context.output.clearStatus()
  }
}

function ownerGone(run: string): never {
  throw new CaudalError({
    code: 'CAUDAL_OWNER_ENDED',
    message: `The process that owned the warehouse ended while run ${run} was under way. What had been committed stays, nothing is half-applied.`,
    hint: 'Run the command again: it becomes the owner itself and goes on from there.',
    retryable: true,
    context: { run },
  })
}
