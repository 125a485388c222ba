import type { RunSummary, ScheduleAnswer, StatusAnswer } from '@caudal/spec'
import { numberOption, type Command } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { formatAge, formatBytes } from '../format.ts'
import type { Output } from '../output.ts'
import { openSession } from '../open-session.ts'

/** `caudal status`: freshness, reconciliation, dead letters, disk use, schedules and the last runs. */
export const status: Command = {
  usage: '[--runs <n>]',
  options: { runs: { type: 'string', value: 'n', help: 'How many of the last runs to show. Default: 5.' } },
  run: async (context) => {
    const limit = Math.min(500, numberOption(context, 'runs', 5))
    const session = await openSession(context)
    try {
      const { output } = context
      const { runs, target } = session.service
      const answer = await session.service.status()
      const [last, schedules] = [await runs.list(limit), await runs.schedules()]
      output.json({ ...answer, schedules, runs: last })
      output.line(`${answer.project}, target ${target}, ledger at ${answer.sequence}`)
      printTables(output, answer)
      printSchedules(output, schedules)
      printRuns(output, last)
      const { warehouseBytes, lakeBytes, controlBytes } = answer.disk
      output.line()
      output.line(
        `disk: warehouse ${formatBytes(warehouseBytes)}, lake ${formatBytes(lakeBytes)}${controlBytes === undefined ? '' : `, control database ${formatBytes(controlBytes)}`}`,
      )
      return exitCodes.ok
    } finally {
      await session.close()
    }
  },
}

function printTables(output: Output, { tables }: StatusAnswer): void {
  const now = Date.now()
  output.line()
  output.table(
    ['table', 'rows', 'changed', 'reconciliation', 'dead letters', 'health'],
    tables.map(({ table, rows, freshAt, reconciliation, sourceRows, deadLetters, health }) => [
      table,
      rows?.toLocaleString('en') ?? '',
      freshAt === undefined ? '' : `${formatAge(now - Date.parse(freshAt))} ago`,
      `${reconciliation ?? ''}${sourceRows === undefined ? '' : ` (source ${sourceRows.toLocaleString('en')})`}`,
      deadLetters === 0 ? '' : deadLetters.toLocaleString('en'),
      health,
    ]),
  )
}

function printSchedules(output: Output, schedules: readonly ScheduleAnswer[]): void {
  if (schedules.length === 0) return
  output.line()
  output.table(
    ['source', 'schedule', 'next', 'missed', 'failures', 'last run'],
    schedules.map(({ source, schedule, nextAt, retryAt, missed, failures, lastRun }) => [
      source,
      schedule,
      retryAt ?? nextAt ?? 'when dev or serve runs',
      missed ?? '',
      failures ?? '',
      lastRun?.state ?? '',
    ]),
  )
}

function printRuns(output: Output, runs: readonly RunSummary[]): void {
  if (runs.length === 0) return
  output.line()
  output.table(
    ['run', 'state', 'trigger', 'queued at', 'took', 'error'],
    runs.map(({ id, state, trigger, queuedAt, startedAt, endedAt, error }) => [
      id.slice(0, 8),
      state,
      trigger,
      queuedAt.slice(0, 19).replace('T', ' '),
      startedAt === undefined || endedAt === undefined
        ? ''
        : formatAge(Date.parse(endedAt) - Date.parse(startedAt)),
      error?.message ?? '',
    ]),
  )
}
