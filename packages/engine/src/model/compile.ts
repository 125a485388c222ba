import {
  formatColumnType,
  suggestion,
  type CheckNode,
  type Column,
  type ErrorReport,
  type ModelDeclaration,
  type ModelNode,
  type ModelTestNode,
} from '@caudal/spec'
import {
  createSqlAnalyzer,
  type KnownTable,
  type QueryAnalysis,
  type QueryOutline,
  type ReturnedColumn,
  type SqlAnalyzer,
  type SqlProblem,
} from '@caudal/sql'
import { cachedAnalyzer, type AnalysisCache } from './analysis.ts'
import { draftOfDeclaration, draftOfFile, placeOfDraft, type ModelDraft, type ProjectFile } from './draft.ts'
import { fingerprintModel } from './fingerprint.ts'
import { orderByReading } from './order.ts'
import { inFileOrder, problemAt } from './problem.ts'
import { readTestFile } from './test-file.ts'
import { checkProblems, testProblems } from './validate.ts'

/** What models are compiled from. */
export interface CompileInput {
  /** Files below `models/`: `.sql` and `.test.yaml`; others are ignored. */
  readonly files: readonly ProjectFile[]
  /** Models that TypeScript computes; their `place` relative to the project. */
  readonly declared?: readonly ModelDeclaration[]
  /** Checks and tests declared elsewhere, to be checked against tables and models. */
  readonly checks?: readonly CheckNode[]
  readonly tests?: readonly ModelTestNode[]
  /** Raw and external tables, `schema.name`. No columns: not known yet. */
  readonly tables: readonly { readonly name: string; readonly columns: readonly Column[] }[]
  readonly cache?: AnalysisCache
}

/** Models as nodes of the manifest, with all that is wrong. */
export interface CompiledModels {
  /** In an order in which each follows what it reads. */
  readonly models: readonly ModelNode[]
  readonly checks: readonly CheckNode[]
  readonly tests: readonly ModelTestNode[]
  readonly problems: readonly ErrorReport[]
  /** What another warehouse would refuse, and what could not be told: shown, stops nothing. */
  readonly warnings: readonly ErrorReport[]
}

/** A model whose references are known. */
interface OutlinedDraft extends ModelDraft {
  readonly references: readonly string[]
}

interface Findings {
  readonly problems: ErrorReport[]
  readonly warnings: ErrorReport[]
}

/**
 * Compiles the models of a project: reads headers, parses the SQL, resolves references, orders the models and finds what each column is made of.
 * Reports every problem at once, with file and line. Reads no file and runs no SQL.
 */
export async function compileModels(input: CompileInput): Promise<CompiledModels> {
  const analyzer = cachedAnalyzer(createSqlAnalyzer(), input.cache)
  const findings: Findings = { problems: [], warnings: [] }
  const drafts = uniqueDrafts(readDrafts(input, findings), input.tables, findings)
  const tests = [...(input.tests ?? []), ...readTests(input, findings)]
  const outlined = await outlineDrafts(analyzer, drafts, input.tables, findings)
  const { ordered, cycles } = orderByReading(outlined)
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
  tables: CompileInput['tables'],
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

async function outlineDrafts(
  analyzer: SqlAnalyzer,
  drafts: readonly ModelDraft[],
  tables: CompileInput['tables'],
  findings: Findings,
): Promise<readonly OutlinedDraft[]> {
  const known = [...drafts, ...tables].map((table) => table.name)
  const outlined: OutlinedDraft[] = []
  for (const draft of drafts) {
    const outline = await analyzer.outline(draft.sql)
    report(outline.problems, draft, findings)
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

async function analyseDrafts(
  analyzer: SqlAnalyzer,
  drafts: readonly OutlinedDraft[],
  tables: CompileInput['tables'],
  findings: Findings,
): Promise<{
  readonly models: readonly ModelNode[]
  readonly columns: ReadonlyMap<string, readonly string[]>
}> {
  const known = new Map(tables.map((table) => [table.name, toKnownTable(table)]))
  const models: ModelNode[] = []
  for (const draft of drafts) {
    const analysis = await analyzer.analyse(
      draft.sql,
      draft.references.map((name) => known.get(name) ?? { name, columns: [] }),
    )
    report(analysis.problems, draft, findings)
    findings.problems.push(...settingsProblems(draft, analysis.columns))
    const columns = analysis.columns?.map((column) => withChecks(column, draft))
    known.set(draft.name, { name: draft.name, columns: columns ?? [] })
    const { checks: _checks, origin: _origin, isHeaderWrong: _isHeaderWrong, settings, ...rest } = draft
    models.push({
      ...settings,
      ...rest,
      ...(columns === undefined ? {} : { columns: columns.map(({ type: _type, ...column }) => column) }),
      ...(analysis.uses.length === 0 ? {} : { uses: analysis.uses }),
      fingerprint: fingerprintModel({ ...settings, sql: draft.sql }),
    })
  }
  const columns = [...known].map(
    ([name, table]) => [name, table.columns.map((column) => column.name)] as const,
  )
  return { models, columns: new Map(columns) }
}

/** A column that an error-level check keeps from being null is not nullable. */
function withChecks(column: ReturnedColumn, draft: ModelDraft): ReturnedColumn {
  const isChecked = draft.checks.some(
    ({ rule, severity }) => rule.kind === 'not null' && rule.column === column.name && severity === 'error',
  )
  return isChecked ? { ...column, nullable: false } : column
}

/** Columns that the settings name and the query does not return. */
function settingsProblems(draft: ModelDraft, columns: QueryAnalysis['columns']): readonly ErrorReport[] {
  if (columns === undefined) return []
  const names = columns.map((column) => column.name)
  const { incremental, columnDescriptions } = draft.settings
  const named = [
    ...Object.keys(columnDescriptions).map((column) => ({ setting: 'columns', column })),
    ...(incremental === undefined ? [] : [{ setting: 'incremental.time', column: incremental.time }]),
    ...(incremental?.key ?? []).map((column) => ({ setting: 'incremental.key', column })),
  ]
  return named
    .filter(({ column }) => !names.some((name) => name.toLowerCase() === column.toLowerCase()))
    .map(({ setting, column }) =>
      problemAt(
        { ...draft.origin, firstLine: draft.origin.computedName === undefined ? 1 : draft.origin.firstLine },
        undefined,
        {
          code: 'CAUDAL_MODEL_HEADER',
          message: `\`${setting}\` names \`${column}\`, which the query does not return.${suggestion(column, names)}`,
        },
      ),
    )
}

function toKnownTable(table: CompileInput['tables'][number]): KnownTable {
  const spelling: Readonly<Record<string, string>> = { integer: 'bigint', text: 'varchar', bytes: 'blob' }
  return {
    name: table.name,
    columns: table.columns.map((column) => ({
      name: column.name,
      type: spelling[column.type.kind] ?? formatColumnType(column.type),
      nullable: column.nullable ?? true,
    })),
  }
}

const codes: Readonly<Record<SqlProblem['kind'], string>> = {
  syntax: 'CAUDAL_MODEL_SYNTAX',
  statement: 'CAUDAL_MODEL_SYNTAX',
  'unknown column': 'CAUDAL_MODEL_COLUMN',
  differs: 'CAUDAL_MODEL_DIFFERS',
  refused: 'CAUDAL_MODEL_PORTABILITY',
  'too deep': 'CAUDAL_MODEL_DEPTH',
}

/** SQL that is outside the common subset is a warning, unless warehouses would answer differently without a word. */
function report(problems: readonly SqlProblem[], draft: ModelDraft, findings: Findings): void {
  for (const { kind, place, message, hint } of problems) {
    const list = kind === 'refused' || kind === 'too deep' ? findings.warnings : findings.problems
    list.push(
      problemAt(draft.origin, place, { code: codes[kind], message, ...(hint === undefined ? {} : { hint }) }),
    )
  }
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

function cycleProblem(cycle: readonly string[], drafts: readonly OutlinedDraft[]): ErrorReport {
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
