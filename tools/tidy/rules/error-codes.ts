import { collectCodes, type CodePlace } from '../../errors/collect.ts'
import { meaningsFile, readMeanings } from '../../errors/meanings.ts'
import { errorsPage, isErrorsPageCurrent } from '../../errors/page.ts'
import type { Rule, Violation } from '../workspace.ts'

/** An error code has one meaning, and the page of errors has it. Adapters share the codes of the door they fit. */
export const errorCodes: Rule = (workspace) => {
  const codes = collectCodes(workspace)
  const meanings = readMeanings(workspace.root)
  const gone = Object.keys(meanings).filter((code) => !codes.has(code))
  const violations = [
    ...[...codes].flatMap(([code, places]) => judge(code, places, Object.hasOwn(meanings, code))),
    ...gone.map((code) => ({ file: meaningsFile, message: `\`${code}\` is raised nowhere.` })),
  ]
  if (!isErrorsPageCurrent(workspace)) {
    violations.push({ file: errorsPage, message: 'The page differs from the sources: run `npm run fix`.' })
  }
  return violations
}

function judge(code: string, places: readonly CodePlace[], isExplained: boolean): Violation[] {
  const [first] = places
  if (first === undefined) return []
  const at = { file: first.file, line: first.line }
  const raised = places.filter((place) => place.message !== undefined)
  const owners = new Set(raised.map((place) => place.folder.replace(/^adapters\/.*/, 'adapters')))
  const verdicts = new Set(
    raised.map((place) => place.retryable ?? 'false').filter((one) => /^(true|false)$/.test(one)),
  )
  const violations: Violation[] = []
  if (owners.size > 1) {
    const where = raised.map((place) => `${place.file}:${place.line}`).join(', ')
    violations.push({
      ...at,
      message: `\`${code}\` is raised by more than one package (${where}): one code, one meaning.`,
    })
  }
  if (verdicts.size > 1)
    violations.push({ ...at, message: `\`${code}\` is retryable in one place and not in another.` })
  if (raised.length === 0 && !isExplained) {
    const mend = `put its \`message\` beside it, or a sentence into ${meaningsFile}.`
    violations.push({ ...at, message: `\`${code}\` has no documented meaning: ${mend}` })
  }
  return violations
}
