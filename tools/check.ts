import { checkSteps } from './check/steps.ts'
import { root } from './root.ts'

/** `npm run check [step …]`: types, lint, format, unused code, tidy rules, examples. All are asked, whatever one finds. */
export async function main(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !checkSteps.some((step) => step.name === name))
  if (unknown.length > 0) {
    const known = checkSteps.map((step) => step.name).join(', ')
    process.stderr.write(`Unknown check \`${unknown.join(', ')}\`. There are: ${known}.\n`)
    return 1
  }
  const chosen = checkSteps.filter((step) => names.length === 0 || names.includes(step.name))
  const results = await Promise.all(
    chosen.map(async (step) => {
      const start = performance.now()
      const problems = await step.problems(root)
      return { name: step.name, problems, seconds: (performance.now() - start) / 1000 }
    }),
  )
  for (const { name, problems, seconds } of results) {
    const mark = problems === '' ? '✔' : '✖'
    console.log(`${mark} ${name} (${seconds.toFixed(1)} s)${problems === '' ? '' : `\n${problems}\n`}`)
  }
  const failed = results.filter((result) => result.problems !== '')
  if (failed.length > 0) console.log(`\nFailed: ${failed.map(({ name }) => name).join(', ')}.`)
  return failed.length === 0 ? 0 : 1
}
