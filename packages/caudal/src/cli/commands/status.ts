import { switchOption, type Command } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { openSession } from '../session.ts'

/** `caudal status`: freshness, dead letters and disk use. */
export const status: Command = {
  usage: '[--runs]',
  options: { runs: { type: 'boolean', help: 'The last runs too.' } },
  run: async (context) => {
    const session = await openSession(context)
    try {
      const { output } = context
      const answer = await session.service.status()
      const runs = switchOption(context, 'runs') ? await session.service.runs.list(20) : []
      output.json({ ...answer, runs })
      output.line(`${answer.project}, target ${answer.target}, ledger at ${answer.sequence}`)
      output.line()
      output.table(
        ['table', 'rows', 'fresh at', 'dead letters', 'health'],
        answer.tables.map((table) => [
          table.table,
          table.rows ?? '',
          table.freshAt ?? '',
          table.deadLetters || '',
          table.health,
        ]),
      )
      output.line()
      for (const { table, retention } of answer.tables) {
        if (retention === undefined) continue
        const { days, retiredLoads, retiredUntil } = retention
        const gone =
          retiredUntil === undefined
            ? 'none is gone yet'
            : `those of ${retiredLoads} loads until ${retiredUntil} are gone, and a rebuild lacks their rows`
        output.line(`raw files of ${table} are kept for ${days} days; ${gone}`)
      }
      output.line(
        `warehouse ${megabytes(answer.disk.warehouseBytes)}, lake ${megabytes(answer.disk.lakeBytes)}`,
      )
      if (runs.length > 0) {
        output.line()
        output.table(
          ['run', 'state', 'trigger', 'queued at', 'error'],
          runs.map((run) => [
            run.id.slice(0, 8),
            run.state,
            run.trigger,
            run.queuedAt,
            run.error?.message ?? '',
          ]),
        )
      }
      return exitCodes.ok
    } finally {
      await session.close()
    }
  },
}

/** `caudal cancel <run>`. */
export const cancel: Command = {
  usage: '[<run>]',
  options: {},
  run: async (context) => {
    const session = await openSession(context)
    try {
      const { runs } = session.service
      const [wanted] = context.positionals
      const active = (await runs.list(50)).filter((run) => run.state === 'running' || run.state === 'queued')
      const chosen = wanted === undefined ? active : active.filter((run) => run.id.startsWith(wanted))
      for (const run of chosen) await runs.cancel(run.id)
      context.output.json({ cancelled: chosen.map((run) => run.id) })
      context.output.line(
        chosen.length === 0
          ? 'No such run is waiting or running.'
          : `Cancelled ${chosen.map((run) => run.id.slice(0, 8)).join(', ')}.`,
      )
      return chosen.length === 0 ? exitCodes.failed : exitCodes.ok
    } finally {
      await session.close()
    }
  },
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}
