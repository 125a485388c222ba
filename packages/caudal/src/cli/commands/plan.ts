import { listOption, switchOption, type Command } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { printPlan } from '../print-plan.ts'
import { openSession } from '../open-session.ts'

/** `caudal plan`: the stages that a run would execute; nothing is changed. */
export const plan: Command = {
  usage: '[--select <expression>] [--full]',
  options: {
    select: {
      type: 'string',
      short: 's',
      multiple: true,
      value: 'expression',
      help: '+model+, tag:x, path:models/marts, state:changed, source:crm. Default: everything.',
    },
    full: { type: 'boolean', help: 'As if everything were read and built from the start.' },
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
      printPlan(context.output, answer.plan)
      return exitCodes.ok
    } finally {
      await session.close()
    }
  },
}
