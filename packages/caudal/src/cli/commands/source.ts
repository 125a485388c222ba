import { CaudalError, type JsonValue } from '@caudal/spec'
import { askProject } from '../ask-project.ts'
import { numberOption, type Command } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { readFileRows } from '../file-rows.ts'

/** `caudal source check <name>`: reachable, account, scopes, records, quota; loads nothing. */
export const sourceCheck: Command = {
  usage: '<source>',
  options: {},
  run: async (context) => {
    const [source] = context.positionals
    const project = await askProject(context)
    try {
      const chosen = source === undefined ? project.manifest.sources.map((node) => node.name) : [source]
      let isGood = true
      const answers: Record<string, unknown> = {}
      for (const name of chosen) {
        const answer = await project.worker.check(name, context.signal)
        answers[name] = answer
        isGood &&= answer.streams.every((stream) => stream.isReadable)
        const { output } = context
        output.line(
          `${output.bold(name)}${answer.account === undefined ? '' : `  account ${answer.account}`}${answer.quota === undefined ? '' : `  quota ${answer.quota}`}`,
        )
        if (answer.scopes !== undefined) output.line(`  scopes: ${answer.scopes.join(', ')}`)
        output.table(
          ['stream', 'readable', 'records', 'note'],
          answer.streams.map((stream) => [
            stream.stream,
            stream.isReadable ? 'yes' : 'no',
            stream.records ?? '',
            stream.isReadable ? (stream.note ?? '') : '',
          ]),
        )
        for (const { stream, isReadable, note } of answer.streams)
          if (!isReadable) output.line(`${output.red('✗')} ${stream}: ${note ?? 'it cannot be read'}`)
        if (answer.estimatedSeconds !== undefined)
          output.line(output.dim(`  a first load takes about ${Math.ceil(answer.estimatedSeconds)} s`))
      }
      context.output.json(answers)
      return isGood ? exitCodes.ok : exitCodes.failed
    } finally {
      await project.close()
    }
  },
}

/** `caudal preview crm.contacts`: the first records of a stream; loads nothing. */
export const preview: Command = {
  usage: '<source>.<stream> [--limit n]',
  options: { limit: { type: 'string', value: 'n', help: 'Records to show. Default: 10.' } },
  run: async (context) => {
    const [source = '', stream = ''] = (context.positionals[0] ?? '').split('.')
    if (stream === '') {
      throw new CaudalError({
        code: 'CAUDAL_CLI_ARGUMENT',
        message: 'caudal preview needs a stream. Nothing was read.',
        hint: 'caudal preview crm.deals --limit 10',
      })
    }
    const limit = numberOption(context, 'limit', 10)
    const project = await askProject(context)
    try {
      const answer = await project.worker.preview(source, stream, limit, context.signal)
      const rows = answer.file === undefined ? answer.rows : await readFileRows(answer, limit, context.signal)
      const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
      context.output.json(rows)
      context.output.table(
        names,
        rows.map((row) => names.map((name): JsonValue => row[name] ?? null)),
      )
      return exitCodes.ok
    } finally {
      await project.close()
    }
  },
}
