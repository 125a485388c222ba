import { columnLineage, renderBreakage, renderLineage, startProject, whatBreaks } from '@caudal/engine'
import { CaudalError } from '@caudal/spec'
import type { Command } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'

/** `caudal lineage deals.amount`: what a column, metric or tile is made of, what is made of it, and what breaks without it. */
export const lineage: Command = {
  usage: '<schema.table.column | metric | dashboard/tile>',
  options: {},
  run: async (context) => {
    const { output } = context
    const [name] = context.positionals
    if (name === undefined) {
      throw new CaudalError({
        code: 'CAUDAL_CLI_ARGUMENT',
        message: 'caudal lineage needs a column, a metric or a tile. Nothing was traced.',
        hint: 'caudal lineage deals.amount',
      })
    }
    const { manifest, worker } = await startProject(context.projectPath)
    await worker.close()
    const tree = columnLineage(manifest, name)
    const breaks = tree.node.kind === 'column' ? whatBreaks(manifest, [tree.node.id]) : undefined
    output.json({ ...tree, ...(breaks === undefined ? {} : { breaks }) })
    output.line(renderLineage(tree))
    if (breaks !== undefined) {
      output.line()
      output.line(`without ${tree.node.id}`)
      output.line(renderBreakage(breaks).replaceAll(/^/gm, '  '))
    }
    return exitCodes.ok
  },
}
