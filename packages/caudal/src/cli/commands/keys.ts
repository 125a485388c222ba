import { CaudalError } from '@caudal/spec'
import { textOption, type Command, type CommandContext } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { openControl } from '../open-control.ts'
import { addWriteKey, listWriteKeys, revokeWriteKey } from '../write-keys.ts'

type Control = Awaited<ReturnType<typeof openControl>>

/** `caudal keys create`: a key with which events may be sent. It is shown once. */
export const keysCreate: Command = {
  usage: '[--name n] [--topic t …]',
  options: {
    name: { type: 'string', value: 'n', help: 'What it is for. Default: sender.' },
    topic: {
      type: 'string',
      value: 't',
      multiple: true,
      help: 'A topic that it may write to. Default: every one.',
    },
  },
  run: (context) =>
    withControl(context, async (control) => {
      const { output, values } = context
      const topics = (values['topic'] ?? []) as readonly string[]
      const { known, key } = await addWriteKey(control, {
        name: textOption(context, 'name') ?? 'sender',
        topics,
      })
      output.json({ id: known.id, name: known.name, topics: known.topics ?? null, key })
      output.line(output.bold(key))
      output.line(
        output.dim(`  id ${known.id}. It is shown this once; a running collector knows it within a second.`),
      )
      return exitCodes.ok
    }),
}

/** `caudal keys list`. */
export const keysList: Command = {
  usage: '',
  options: {},
  run: (context) =>
    withControl(context, async (control) => {
      const keys = await listWriteKeys(control)
      context.output.json(keys.map(({ hash: _hash, ...key }) => key))
      context.output.table(
        ['id', 'name', 'topics', 'made'],
        keys.map(({ id, name, topics, createdAt }) => [id, name, topics?.join(', ') ?? 'all', createdAt]),
      )
      return exitCodes.ok
    }),
}

/** `caudal keys revoke <id>`. */
export const keysRevoke: Command = {
  usage: '<id>',
  options: {},
  run: (context) =>
    withControl(context, async (control) => {
      const [id = ''] = context.positionals
      if (await revokeWriteKey(control, id)) {
        context.output.json({ revoked: id })
        context.output.line(`${context.output.green('✓')} ${id} may write no more.`)
        return exitCodes.ok
      }
      const known = (await listWriteKeys(control)).map((key) => key.id)
      throw new CaudalError({
        code: 'CAUDAL_CLI_ARGUMENT',
        message: `There is no write key \`${id}\`; there ${known.length === 1 ? 'is' : 'are'} ${known.join(', ') || 'none'}. Nothing was changed.`,
        hint: 'caudal keys list',
      })
    }),
}

async function withControl(
  context: CommandContext,
  work: (control: Control) => Promise<number>,
): Promise<number> {
  const control = await openControl(context.projectPath)
  try {
    return await work(control)
  } finally {
    await control.close()
  }
}
