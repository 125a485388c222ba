import { suggestion, type ErrorReport } from '@caudal/spec'
import type { QueryOutline, SqlAnalyzer } from '@caudal/sql'
import type { ModelDraft } from './draft.ts'
import { reportSql, type Findings } from './findings.ts'
import { problemAt } from './problem.ts'

/** A model whose references are known. */
export interface OutlinedDraft extends ModelDraft {
  readonly references: readonly string[]
}

/** Parses the drafts and resolves the tables that they read; what does not parse, or reads what is not there, is left out. */
export async function outlineDrafts(
  analyzer: SqlAnalyzer,
  drafts: readonly ModelDraft[],
  tables: readonly { readonly name: string }[],
  findings: Findings,
): Promise<readonly OutlinedDraft[]> {
  const known = [...drafts, ...tables].map((table) => table.name)
  const outlined: OutlinedDraft[] = []
  for (const draft of drafts) {
    const outline = await analyzer.outline(draft.sql)
    reportSql(outline.problems, draft, findings)
    if (outline.problems.some((problem) => problem.kind === 'syntax' || problem.kind === 'statement'))
      continue
    if (draft.isHeaderWrong !== true) findings.problems.push(...parameterProblems(outline, draft))
    const references = resolveReferences(outline, draft, known, findings)
    if (references !== undefined) outlined.push({ ...draft, references })
  }
  return outlined
}

/** The tables that a model reads, or `undefined` when one is unknown. */
function resolveReferences(
  outline: QueryOutline,
  draft: ModelDraft,
  known: readonly string[],
  findings: Findings,
): readonly string[] | undefined {
  const problems = outline.references.flatMap((reference) => {
    const name = reference.schema === undefined ? reference.name : `${reference.schema}.${reference.name}`
    if (known.includes(name)) return []
    const sameName = known.filter((candidate) => candidate.endsWith(`.${reference.name}`))
    const facts =
      reference.schema === undefined
        ? {
            message: `The table \`${name}\` has no schema.${sameName.length === 0 ? '' : ` Did you mean \`${sameName.join('` or `')}\`?`}`,
            hint: `Write schema.table${sameName[0] === undefined ? '' : `: ${sameName[0]}`}.`,
          }
        : {
            message: `Nothing is called \`${name}\`.${suggestion(name, known)}`,
            hint: 'A table comes from a source (its stream is the table), from table(), or from a file below models/.',
          }
    return [problemAt(draft.origin, reference.place, { code: 'CAUDAL_MODEL_REFERENCE', ...facts })]
  })
  findings.problems.push(...problems)
  if (problems.length > 0) return undefined
  return outline.references.map((reference) => `${reference.schema}.${reference.name}`).toSorted()
}

const intervalParameters = ['interval_start', 'interval_end']

function parameterProblems(outline: QueryOutline, draft: ModelDraft): readonly ErrorReport[] {
  const isIncremental = draft.settings.materialization === 'incremental'
  const code = 'CAUDAL_MODEL_INTERVAL'
  const foreign = outline.parameters
    .filter((name) => !isIncremental || !intervalParameters.includes(name))
    .map((name) =>
      problemAt(draft.origin, undefined, {
        code,
        message: `The parameter \`$${name}\` has no value in a ${draft.settings.materialization}.`,
        hint: intervalParameters.includes(name)
          ? 'Declare materialization: incremental with incremental: { time, grain, start }.'
          : 'The parameters of an incremental model are $interval_start and $interval_end.',
      }),
    )
  const missing = intervalParameters.filter((name) => isIncremental && !outline.parameters.includes(name))
  if (missing.length === 0) return foreign
  const time = draft.settings.incremental?.time ?? 'time'
  const message = `An incremental model reads one interval; its SQL does not use ${missing.map((name) => `$${name}`).join(' and ')}.`
  const hint = `Filter by it: where ${time} >= $interval_start and ${time} < $interval_end.`
  return [...foreign, problemAt(draft.origin, undefined, { code, message, hint })]
}

/** A circle of models, told at the first of them. */
export function cycleProblem(cycle: readonly string[], drafts: readonly OutlinedDraft[]): ErrorReport {
  const draft = drafts.find((candidate) => candidate.name === cycle[0])
  const origin = draft?.origin ?? { file: 'models', firstLine: 1 }
  return problemAt(origin, undefined, {
    code: 'CAUDAL_MODEL_CYCLE',
    message:
      cycle.length === 1
        ? `\`${cycle[0]}\` reads itself.`
        : `Models read each other in a circle: ${[...cycle, cycle[0]].join(' → ')}.`,
    hint:
      cycle.length === 1
        ? 'An incremental model reads the tables above it, never itself: its new rows are merged for it.'
        : 'Put what they share into a model that reads none of them.',
    context: { models: cycle },
  })
}
