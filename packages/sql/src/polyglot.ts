import { createRequire } from 'node:module'
import type * as polyglotSdk from '@polyglot-sql/sdk'
import type { KnownTable, QueryAnalysis, QueryOutline, SqlAnalyzer, SqlProblem } from './analyzer.ts'
import { inBaselineWasm } from './baseline-wasm.ts'
import { isUnnamed, unknownColumns, unnamedColumn } from './column-problems.ts'
import { knownColumns, mentionedReferences, referencesOf, returnedColumns } from './query-facts.ts'
import { statementProblem } from './statement.ts'
import { portabilityProblems } from './subset.ts'
import { readsQualifiedTables } from './tables.ts'
import { placeOfCharacter, placeOfToken, tokenizeSql } from './tokens.ts'
import { typedPortabilityProblems } from './typed-subset.ts'

type Polyglot = typeof polyglotSdk

const dialect = 'duckdb'

/** The parser stops at 32 levels unless told otherwise; more than some hundred exhaust its stack. */
const nestingMax = 400

/** The analyser on `@polyglot-sql/sdk`, which is loaded at the first question. */
export function createSqlAnalyzer(): SqlAnalyzer {
  let loading: Promise<Polyglot> | undefined
  const load = (): Promise<Polyglot> => (loading ??= loadPolyglot())
  return {
    version: 'polyglot 0.12.1, caudal 2',
    outline: async (sql) => {
      const problem = statementProblem(sql)
      if (problem !== undefined) return problem
      const polyglot = await load()
      return inBaselineWasm(() => outline(polyglot, sql))
    },
    analyse: async (sql, tables) => {
      const polyglot = await load()
      return inBaselineWasm(() => analyse(polyglot, sql, tables))
    },
  }
}

/** Not by `import`: the SDK's module for it replaces the global `fetch` to read its own file, and takes 130 ms longer. */
async function loadPolyglot(): Promise<Polyglot> {
  const polyglot = inBaselineWasm(() => createRequire(import.meta.url)('@polyglot-sql/sdk') as Polyglot)
  await polyglot.init()
  return polyglot
}

function outline(polyglot: Polyglot, sql: string): QueryOutline {
  const parameters = [
    ...new Set(
      tokenizeSql(sql)
        .filter((token) => token.kind === 'parameter')
        .map((token) => token.text.slice(1)),
    ),
  ]
  const problems = portabilityProblems(sql)
  // Five times as fast as to analyse it, which is done later, with the columns of the tables.
  if (readsQualifiedTables(sql) && polyglot.validate(sql, dialect).valid)
    return { references: mentionedReferences(sql), parameters, problems }
  const answer = polyglot.analyzeQuery(sql, { dialect })
  if (answer.analysis !== undefined && answer.success) {
    return { references: referencesOf(answer.analysis, sql), parameters, problems }
  }
  if (!isTooDeep(answer.error))
    return failed(syntaxProblem(polyglot.parse(sql, dialect as never), sql), ...problems)
  const deep = polyglot.transpile(sql, dialect as never, dialect as never, {
    complexityGuard: { maxParserDepth: nestingMax },
  })
  if (!deep.success) return failed(syntaxProblem(deep, sql), ...problems)
  return { references: mentionedReferences(sql), parameters, problems }
}

function analyse(polyglot: Polyglot, sql: string, tables: readonly KnownTable[]): QueryAnalysis {
  const schema = { tables: tables.filter((table) => table.columns.length > 0).map(toSchemaTable) }
  const answer = polyglot.analyzeQuery(sql, { dialect, schema })
  if (answer.analysis === undefined || !answer.success) {
    return { uses: [], problems: [columnsUnknown(answer.error)] }
  }
  const facts = answer.analysis
  const known = new Map(tables.map((table) => [table.name.toLowerCase(), table]))
  const typed = polyglot.annotateTypes(sql, dialect as never, schema)
  const findings = typed.success ? typedPortabilityProblems(typed.ast, tables) : []
  const columns = returnedColumns(facts, known)
  return {
    ...(columns === undefined ? {} : { columns }),
    uses: knownColumns(facts.columnUses?.flatMap((use) => use.references) ?? [], known),
    problems: [
      ...unknownColumns(facts, known, sql),
      ...(columns ?? []).flatMap((column, index) => (isUnnamed(column.name) ? [unnamedColumn(index)] : [])),
      ...findings.map(({ offset, symbol, ...finding }) => ({
        ...finding,
        ...(offset === undefined ? placeOfToken(sql, symbol) : placeOfCharacter(sql, offset)),
      })),
    ],
  }
}

function toSchemaTable(table: KnownTable): {
  schema: string
  name: string
  columns: { name: string; type: string; nullable?: boolean }[]
} {
  const [schema = '', name = ''] = table.name.split('.')
  return {
    schema,
    name,
    columns: table.columns.map(({ name: column, type = 'unknown', nullable = true }) => ({
      name: column,
      type,
      nullable,
    })),
  }
}

function syntaxProblem(
  parsed: { readonly success: boolean; readonly error?: string | null; readonly errorStart?: number },
  sql: string,
): SqlProblem {
  if (parsed.success) {
    return { kind: 'statement', message: 'The statement is not a query.', hint: 'Write one select.' }
  }
  const reason = isTooDeep(parsed.error)
    ? `it nests more than ${nestingMax} levels of parentheses, calls or subqueries`
    : (parsed.error ?? '').replace(/^.*?line \d+, column \d+: /, '')
  return {
    kind: 'syntax',
    message: `The SQL does not parse: ${reason}.`,
    hint: 'Run it in a DuckDB shell for a second opinion.',
    ...placeOfCharacter(sql, parsed.errorStart),
  }
}

function columnsUnknown(error: string | undefined): SqlProblem {
  const reason = isTooDeep(error)
    ? 'it nests more than 30 levels of parentheses, calls or subqueries'
    : (error ?? 'the parser gives no reason')
  return {
    kind: 'too deep',
    message: `The columns of the query and their lineage are not known: ${reason}.`,
    hint: 'Split it with WITH queries.',
  }
}

function isTooDeep(error: string | null | undefined): boolean {
  return error?.includes('E_GUARD_PARSER_DEPTH_EXCEEDED') === true
}

function failed(...problems: readonly SqlProblem[]): QueryOutline {
  return { references: [], parameters: [], problems }
}
