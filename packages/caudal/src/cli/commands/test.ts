import { runModelTests, startProject } from '@caudal/engine'
import { CaudalError, rawTables, suggestion, type ModelTestNode } from '@caudal/spec'
import type { Command } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { withScratch } from '../scratch.ts'

/** `caudal test`: model tests on an embedded engine in memory; needs no data and no network. */
export const test: Command = {
  usage: '[<model or test> …]',
  options: {},
  run: async (context) => {
    const { output } = context
    const { manifest, worker } = await startProject(context.projectPath)
    await worker.close()
    const chosen = chooseTests(manifest.tests, context.positionals)
    const results = await withScratch(context.projectPath, (scratch) =>
      runModelTests(chosen, manifest.models, rawTables(manifest), scratch, context.signal),
    )
    output.json(results)
    for (const { test: name, model, isPassed, message } of results) {
      const title = name.startsWith(`${model}: `) ? name : `${model}: ${name}`
      output.line(`${isPassed ? output.green('✓') : output.red('✗')} ${title}`)
      if (!isPassed) output.line(message.replaceAll(/^/gm, '    '))
    }
    const failed = results.filter((result) => !result.isPassed).length
    output.line()
    output.line(
      results.length === 0
        ? 'The project has no model tests: see docs/models.md, "Tests".'
        : `${failed === 0 ? output.green('✓') : output.red('✗')} ${results.length - failed} of ${results.length} tests passed`,
    )
    return failed === 0 ? exitCodes.ok : exitCodes.failed
  },
}

function chooseTests(tests: readonly ModelTestNode[], wanted: readonly string[]): readonly ModelTestNode[] {
  const names = new Set(tests.flatMap(({ name, model }) => [name, model]))
  const unknown = wanted.find((name) => !names.has(name))
  if (unknown !== undefined) {
    throw new CaudalError({
      code: 'CAUDAL_CLI_ARGUMENT',
      message: `No model test is called \`${unknown}\`, and no model of that name has one.${suggestion(unknown, names)} Nothing was run.`,
      hint: `There are: ${[...names].join(', ') || 'none'}.`,
    })
  }
  return wanted.length === 0
    ? tests
    : tests.filter(({ name, model }) => wanted.includes(name) || wanted.includes(model))
}
