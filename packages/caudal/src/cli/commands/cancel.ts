import { CaudalError } from '@caudal/spec'
import type { Command } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { openSession } from '../open-session.ts'

/** `caudal cancel <run>`. */
export const cancel: Command = {
  usage: '[<run> …]',
  options: {},
  run: async (context) => {
    const { output, positionals } = context
    const session = await openSession(context)
    try {
      const { runs } = session.service
      const active = (await runs.list(500)).filter(({ state }) => state === 'running' || state === 'queued')
      const unknown = positionals.filter((wanted) => !active.some(({ id }) => id.startsWith(wanted)))
      if (unknown.length > 0)
        throw notActive(
          unknown,
          active.map(({ id }) => id),
        )
      const chosen =
        positionals.length === 0
          ? active
          : active.filter(({ id }) => positionals.some((wanted) => id.startsWith(wanted)))
      for (const run of chosen) await runs.cancel(run.id)
      output.json({ cancelled: chosen.map(({ id }) => id) })
      output.line(
        chosen.length === 0
          ? 'No run waits or executes.'
          : `Cancelled ${chosen.map(({ id }) => id.slice(0, 8)).join(', ')}. What had taken effect stays.`,
      )
      return chosen.length === 0 ? exitCodes.failed : exitCodes.ok
    } finally {
      await session.close()
    }
  },
}

function notActive(unknown: readonly string[], active: readonly string[]): CaudalError {
  const known = active.map((id) => id.slice(0, 8)).join(', ')
  return new CaudalError({
    code: 'CAUDAL_CLI_RUN',
    message: `No run that waits or executes begins with ${unknown.join(' or ')}; there ${known === '' ? 'is none' : `is ${known}`}. Nothing was cancelled.`,
    hint: 'See the runs: caudal status.',
    context: { runs: [...unknown] },
  })
}
