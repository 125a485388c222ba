import type { ModelTestNode } from '@caudal/spec'
import { createSqlAnalyzer } from '@caudal/sql'
import { analyseDrafts, type TableColumns } from './analyse-drafts.ts'
import { cachedAnalyzer } from './analysis.ts'
import type { CompiledModels, CompileInput } from './compiled-models.ts'
import { draftOfDeclaration, draftOfFile, placeOfDraft, type ModelDraft } from './draft.ts'
import type { Findings } from './findings.ts'
import { orderByReading, type Reader } from './order.ts'
import { cycleProblem, outlineDrafts } from './outline-drafts.ts'
import { inFileOrder, problemAt } from './problem.ts'
import { readTestFile } from './test-file.ts'
import { checkProblems, testProblems } from './validate.ts'

/** Does the work of {@link compileModels}. */
export async function compileProject(input: CompileInput): Promise<CompiledModels> {
  const analyzer = cachedAnalyzer(createSqlAnalyzer(), input.cache)
  const findings: Findings = { problems: [], warnings: [] }
  const drafts = uniqueDrafts(readDrafts(input, findings), input.tables, findings)
  const tests = [...(input.tests ?? []), ...readTests(input, findings)]
  const outlined = await outlineDrafts(analyzer, drafts, input.tables, findings)
  const { ordered: readable, cycles } = orderByReading(outlined)
  const ordered = orderedByChecks(readable)
  findings.problems.push(...cycles.map((cycle) => cycleProblem(cycle, outlined)))
  const { models, columns } = await analyseDrafts(analyzer, ordered, input.tables, findings)
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

function readDrafts(input: CompileInput, findings: Findings): readonly ModelDraft[] {
  const results = input.files.filter((file) => file.path.endsWith('.sql')).map(draftOfFile)
  findings.problems.push(...results.flatMap((result) => result.problems))
  const drafts = results.flatMap((result) => (result.draft === undefined ? [] : [result.draft]))
  return [...drafts, ...(input.declared ?? []).map(draftOfDeclaration)]
}

function readTests(input: CompileInput, findings: Findings): readonly ModelTestNode[] {
  const results = input.files
    .filter((file) => /\.test\.ya?ml$/.test(file.path))
    .map((file) => readTestFile(file.path, file.text))
  findings.problems.push(...results.flatMap((result) => result.problems))
  return results.flatMap((result) => result.tests)
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
