import type { RunOperation, RunRequest } from '@caudal/engine'
import { CaudalError, type RunRecord } from '@caudal/spec'
import { listOption, switchOption, textOption, type Command, type CommandContext } from '../command.ts'
import { exitCodeOf, exitCodes } from '../exit-codes.ts'
import { openSession } from '../open-session.ts'
import { dayRange } from '../day-range.ts'
import { followRun } from '../follow-run.ts'
import { printRun } from '../print-run.ts'

const select = {
  type: 'string',
  short: 's',
  multiple: true,
  value: 'expression',
  help: '+model+, tag:x, path:models/marts, state:changed, source:crm. Default: everything.',
} as const

/** `caudal run`: read the sources, build the models, run the checks. */
export const run: Command = {
  usage: '[--select <expression>] [--full] [--skip-sources]',
  options: {
    select,
    full: { type: 'boolean', help: 'Read the sources from the start and build incremental models anew.' },
    'skip-sources': { type: 'boolean', help: 'Build models on what is there.' },
  },
  run: (context) =>
    execute(context, {
      select: [...listOption(context, 'select'), ...context.positionals],
      full: switchOption(context, 'full'),
      skipSources: switchOption(context, 'skip-sources'),
      trigger: 'cli',
    }),
}

/** `caudal backfill`: build a range of days of incremental models again. */
export const backfill: Command = {
  usage: '--from <day> --to <day> [--select <expression>]',
  options: {
    select,
    from: { type: 'string', value: 'day', help: 'First day, UTC: 2026-01-01.' },
    to: { type: 'string', value: 'day', help: 'Day after the last, UTC. Default: today.' },
  },
  run: (context) =>
    execute(context, {
      select: [...listOption(context, 'select'), ...context.positionals],
      interval: dayRange(textOption(context, 'from'), textOption(context, 'to'), new Date()),
      skipSources: true,
      trigger: 'cli backfill',
    }),
}

/** `caudal check`: run the checks on what is there. */
export const check: Command = {
  usage: '[<table> …]',
  options: {},
  run: (context) => execute(context, operation('check', context)),
}

/** `caudal replay`: load dead letters again after a fix. */
export const replay: Command = {
  usage: '[<source>.<stream> …]',
  options: {},
  run: (context) => execute(context, operation('replay', context)),
}

/** `caudal reset`: forget how far streams were read. */
export const reset: Command = {
  usage: '<source>.<stream> …',
  options: {},
  run: async (context) => {
    if (context.positionals.length > 0) return execute(context, operation('reset', context))
    throw new CaudalError({
      code: 'CAUDAL_CLI_ARGUMENT',
      message: 'caudal reset needs the streams that are to be read from the start. Nothing was changed.',
      hint: 'caudal reset crm.deals',
    })
  },
}

function operation(kind: RunOperation['kind'], context: CommandContext): RunRequest {
  return { select: [], operation: { kind, tables: context.positionals }, trigger: `cli ${kind}` }
}

async function execute(context: CommandContext, request: RunRequest): Promise<number> {
  const session = await openSession(context)
  try {
    const record = await followRun(session, request, context)
    printRun(context.output, record)
    return exitCodeOfRun(record)
  } finally {
    await session.close()
  }
}

function exitCodeOfRun(record: RunRecord): number {
  if (record.state === 'succeeded') return exitCodes.ok
  if (record.state === 'cancelled') return exitCodes.cancelled
  const isUnplanned = record.stages.length === 0 && record.error !== undefined
  return isUnplanned ? exitCodeOf(record.error.code) : exitCodes.failed
}
