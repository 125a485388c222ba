import type { ModelTestNode } from '@caudal/spec'
import { createSqlAnalyzer } from '@caudal/sql'
import { analyseDrafts, type TableColumns } from './analyse-drafts.ts'
import { cachedAnalyzer, remember } from './analysis.ts'
import type { CompiledModels, CompileInput } from './compiled-models.ts'
import { draftOfDeclaration, placeOfDraft, type ModelDraft } from './draft.ts'
import type { DraftResult } from './file-draft.ts'
import type { Findings } from './findings.ts'
import { orderByReading, type Reader } from './order.ts'
import { cycleProblem, outlineDrafts } from './outline-drafts.ts'
import { inFileOrder, problemAt } from './problem.ts'
import type { TestFile } from './test-file.ts'
import { checkProblems, testProblems } from './validate.ts'

/** Does the work of {@link compileModels}. */
export async function compileProject(input: CompileInput): Promise<CompiledModels> {
  const analyzer = cachedAnalyzer(createSqlAnalyzer(), input.cache)
  const findings: Findings = { problems: [], warnings: [] }
  const drafts = uniqueDrafts(await readDrafts(input, findings), input.tables, findings)
  const tests = [...(input.tests ?? []), ...(await readTests(input, findings))]
  const outlined = await outlineDrafts(analyzer, drafts, input.tables, findings)
  const { ordered: readable, cycles } = orderByReading(outlined)
  const ordered = orderedByChecks(readable)
  findings.problems.push(...cycles.map((cycle) => cycleProblem(cycle, outlined)))
  const { models, columns } = await analyseDrafts(analyzer, ordered, input, findings)
  const checks = [...(input.checks ?? []), ...outlined.flatMap((draft) => draft.checks)]
  const places = new Set([...drafts.map((draft) => draft.name), ...input.tables.map((table) => table.name)])
  findings.problems.push(
    ...checkProblems(checks, places, columns),
    ...testProblems(tests, models, places, columns),
  )
  return {
    models,
    checks,
    tests,
    problems: inFileOrder(findings.problems),
    warnings: inFileOrder(findings.warnings),
  }
}

/** Each also after the models in which its checks look values up, unless those read it. */
function orderedByChecks<Draft extends Reader & Pick<ModelDraft, 'checks'>>(
  drafts: readonly Draft[],
): readonly Draft[] {
  const looking = drafts.map((draft) => ({
    draft,
    name: draft.name,
    references: [
      ...draft.references,
      ...draft.checks.flatMap(({ rule }) => (rule.kind === 'relation' ? [rule.to] : [])),
    ],
  }))
  const { ordered, cycles } = orderByReading(looking)
  return cycles.length > 0 ? drafts : ordered.map(({ draft }) => draft)
}

/** Raised when a file is read otherwise than before. */
const readerVersion = '1'

/** The readers of headers and tests are loaded with the first file that is not in the cache. */
async function readDrafts(input: CompileInput, findings: Findings): Promise<readonly ModelDraft[]> {
  const drafts: ModelDraft[] = []
  for (const file of input.files.filter(({ path }) => path.endsWith('.sql'))) {
    const { draft, problems } = await remember<DraftResult>(
      input.cache,
      ['draft', readerVersion, file.path, file.text],
      async () => (await import('./file-draft.ts')).draftOfFile(file),
    )
    findings.problems.push(...problems)
    if (draft !== undefined) drafts.push(draft)
  }
  return [...drafts, ...(input.declared ?? []).map(draftOfDeclaration)]
}

async function readTests(input: CompileInput, findings: Findings): Promise<readonly ModelTestNode[]> {
  const tests: ModelTestNode[] = []
  for (const { path, text } of input.files.filter((file) => /\.test\.ya?ml$/.test(file.path))) {
    const read = await remember<TestFile>(input.cache, ['tests', readerVersion, path, text], async () =>
      (await import('./test-file.ts')).readTestFile(path, text),
    )
    findings.problems.push(...read.problems)
    tests.push(...read.tests)
  }
  return tests
}

/** The first of each name; a name that is taken is a problem. */
function uniqueDrafts(
  drafts: readonly ModelDraft[],
  tables: readonly TableColumns[],
  findings: Findings,
): readonly ModelDraft[] {
  const takenBy = new Map(tables.map((table) => [table.name, 'a table that a source or another tool loads']))
  return drafts.filter((draft) => {
    const other = takenBy.get(draft.name)
    if (other === undefined) takenBy.set(draft.name, placeOfDraft(draft))
    else {
      findings.problems.push(
        problemAt(draft.origin, undefined, {
          code: 'CAUDAL_MODEL_DUPLICATE',
          message: `The name \`${draft.name}\` is taken by ${other}.`,
          hint: 'Rename one of them, or move it to another folder: the folder is the schema.',
        }),
      )
    }
    return other === undefined
  })
}
