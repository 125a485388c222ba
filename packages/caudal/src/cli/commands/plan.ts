import type { Stage } from '@caudal/spec'
import { listOption, switchOption, type Command } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import type { Output } from '../output.ts'
import { openSession } from '../session.ts'

/** `caudal plan`: the stages that a run would execute; nothing is changed. */
export const plan: Command = {
  usage: '[--select <expression>] [--full]',
  options: {
    select: {
      type: 'string',
      short: 's',
      multiple: true,
      value: 'expression',
      help: 'As in caudal run. Default: everything.',
    },
    full: { type: 'boolean', help: 'As in caudal run.' },
  },
  run: async (context) => {
    const session = await openSession(context)
    try {
      const answer = await session.service.runs.plan({
        select: [...listOption(context, 'select'), ...context.positionals],
        full: switchOption(context, 'full'),
        trigger: 'cli plan',
      })
      context.output.json(answer)
      context.output.line(`Plan for target ${answer.plan.target}`)
      for (const stage of answer.plan.stages) context.output.line(planLine(context.output, stage))
      return exitCodes.ok
    } finally {
      await session.close()
    }
  },
}

function planLine(output: Output, stage: Stage): string {
  if (stage.kind === 'extract') {
    return `  ${output.green('read  ')}   ${stage.source} → ${stage.tables.join(', ') || 'streams found at the first run'}${stage.full ? ', from the start' : ''}  ${output.dim(stage.guarantee)}`
  }
  if (stage.kind === 'check')
    return `  check    ${stage.table}  ${output.dim(`${stage.checks.length} checks`)}`
  if (stage.kind === 'replay')
    return `  replay   ${stage.table}  ${output.dim(`${stage.letters} dead letters`)}`
  if (stage.kind === 'reset') return `  reset    ${stage.table}`
  const colour = { create: output.green, change: output.yellow, drop: output.red, skip: output.dim }[
    stage.action as string
  ]
  const action = stage.action.padEnd(8)
  const ranges = stage.intervals.map(({ start, end }) => `${start.slice(0, 10)}…${end.slice(0, 10)}`)
  const shown = ranges.length > 3 ? [...ranges.slice(0, 2), `${ranges.length - 2} more`] : ranges
  return `  ${colour === undefined ? action : colour.call(output, action)} ${stage.model}  ${output.dim([stage.reason, ...shown].join(' · '))}`
}
