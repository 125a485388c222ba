import { suggestion } from '@caudal/spec'
import type {
  KnownTable,
  QueryAnalysis,
  QueryOutline,
  ReturnedColumn,
  SqlAnalyzer,
  SqlProblem,
  TableReference,
} from './analyzer.ts'
import { portabilityProblems } from './subset.ts'
import { mentionedTables } from './tables.ts'
import {
  identifierName,
  isIdentifier,
  isOperator,
  isWord,
  placeOf,
  tokenizeSql,
  type TextPlace,
} from './tokens.ts'
import { typedPortabilityProblems } from './typed-subset.ts'

type Polyglot = typeof import('@polyglot-sql/sdk')
type Facts = NonNullable<ReturnType<Polyglot['analyzeQuery']>['analysis']>
type ColumnFact = Facts['projections'][number]['upstream'][number]

const dialect = 'duckdb'

/** The parser stops at 32 levels unless told otherwise; more than some hundred exhaust its stack. */
const nestingMax = 400

/** The analyser on `@polyglot-sql/sdk`, which is loaded at the first question. */
export function createSqlAnalyzer(): SqlAnalyzer {
  let loading: Promise<Polyglot> | undefined
  const load = (): Promise<Polyglot> => (loading ??= import('@polyglot-sql/sdk'))
  return {
    version: 'polyglot 0.12.1, caudal 1',
    outline: async (sql) => statementProblem(sql) ?? outline(await load(), sql),
    analyse: async (sql, tables) => analyse(await load(), sql, tables),
  }
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
  const answer = polyglot.analyzeQuery(sql, { dialect })
  if (answer.analysis !== undefined && answer.success) {
    return { references: referencesOf(answer.analysis, sql), parameters, problems }
  }
  if (!isTooDeep(answer.error)) return failed(syntaxProblem(polyglot, sql), ...problems)
  const deep = polyglot.transpile(sql, dialect as never, dialect as never, {
    complexityGuard: { maxParserDepth: nestingMax },
  })
  if (!deep.success) return failed(tooDeep(`at most ${nestingMax} levels can be read`))
  return { references: mentionedReferences(sql), parameters, problems }
}

function analyse(polyglot: Polyglot, sql: string, tables: readonly KnownTable[]): QueryAnalysis {
  const schema = { tables: tables.filter((table) => table.columns.length > 0).map(toSchemaTable) }
  const answer = polyglot.analyzeQuery(sql, { dialect, schema })
  if (answer.analysis === undefined || !answer.success) {
    return { uses: [], problems: [tooDeep('its columns and their lineage are not known')] }
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
        ...(offset === undefined ? placeOfToken(sql, symbol) : placeAt(sql, offset)),
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

function referencesOf(facts: Facts, sql: string): readonly TableReference[] {
  const mentions = mentionedTables(sql)
  const references = new Map<string, TableReference>()
  for (const table of facts.baseTables) {
    const name = (table.table ?? table.name).toLowerCase()
    const schema = table.schema?.toLowerCase()
    const full = schema === undefined ? name : `${schema}.${name}`
    const offset =
      mentions.find((mention) => mention.table.toLowerCase() === full)?.offset ??
      tokenizeSql(sql).find((token) => isIdentifier(token) && identifierName(token).toLowerCase() === name)
        ?.start
    const place = offset === undefined ? {} : { place: placeOf(sql, offset) }
    references.set(full, { ...(schema === undefined ? {} : { schema }), name, ...place })
  }
  return [...references.values()]
}

function mentionedReferences(sql: string): readonly TableReference[] {
  const references = new Map<string, TableReference>()
  for (const mention of mentionedTables(sql)) {
    const [schema = '', name = ''] = mention.table.split('.')
    if (!references.has(mention.table)) {
      references.set(mention.table, { schema, name, place: placeOf(sql, mention.offset) })
    }
  }
  return [...references.values()]
}

function returnedColumns(
  facts: Facts,
  known: ReadonlyMap<string, KnownTable>,
): readonly ReturnedColumn[] | undefined {
  if (facts.projections.length === 0 || facts.projections.some((projection) => projection.isStar))
    return undefined
  return facts.projections.map((projection) => ({
    name: projection.name ?? '',
    reads: knownColumns(projection.upstream, known),
    ...(projection.nullability === 'unknown' ? {} : { nullable: projection.nullability === 'nullable' }),
    ...(projection.typeHint === undefined || projection.typeHint === null
      ? {}
      : { type: projection.typeHint.replace(/\bINT128\b/, 'HUGEINT') }),
  }))
}

function knownColumns(
  facts: readonly ColumnFact[],
  known: ReadonlyMap<string, KnownTable>,
): readonly string[] {
  const names = facts.flatMap((fact) => {
    const table = known.get(fact.table?.toLowerCase() ?? '')
    if (table === undefined || fact.column === '*') return []
    if (table.columns.length === 0) return [`${table.name}.${fact.column.toLowerCase()}`]
    const column = table.columns.find(
      (candidate) => candidate.name.toLowerCase() === fact.column.toLowerCase(),
    )
    return column === undefined ? [] : [`${table.name}.${column.name}`]
  })
  return [...new Set(names)].toSorted()
}

/** Columns that a known table does not have. Names that the query itself defines, and Caudal's own columns, are never reported. */
function unknownColumns(
  facts: Facts,
  known: ReadonlyMap<string, KnownTable>,
  sql: string,
): readonly SqlProblem[] {
  const references = [
    ...facts.projections.flatMap((projection) => projection.upstream),
    ...facts.setOperations.flatMap((set) =>
      set.branches.flatMap((branch) => branch.projections.flatMap((p) => p.upstream)),
    ),
    ...(facts.columnUses ?? []).flatMap((use) => use.references),
  ]
  const defined = definedNames(sql)
  const problems = new Map<string, SqlProblem>()
  for (const reference of references) {
    const table = known.get(reference.table?.toLowerCase() ?? '')
    const column = reference.column.toLowerCase()
    if (table === undefined || table.columns.length === 0 || reference.confidence !== 'unknown') continue
    if (table.columns.some((candidate) => candidate.name.toLowerCase() === column)) continue
    if (column === '*' || column.startsWith('_caudal_') || (reference.unqualified && defined.has(column)))
      continue
    const names = table.columns.map((candidate) => candidate.name)
    problems.set(`${table.name}.${column}`, {
      kind: 'unknown column',
      message: `\`${table.name}\` has no column \`${reference.column}\`.${suggestion(reference.column, names)}`,
      hint: `Its columns: ${names.slice(0, 30).join(', ')}${names.length > 30 ? ', …' : ''}.`,
      ...placeOfToken(sql, column),
    })
  }
  return [...problems.values()]
}

/** Names that stand behind AS, or behind an expression without it. */
function definedNames(sql: string): ReadonlySet<string> {
  const tokens = tokenizeSql(sql)
  return new Set(
    tokens
      .filter((token, index) => {
        const before = tokens[index - 1]
        if (!isIdentifier(token) || before === undefined) return false
        return (
          isWord(before, 'as') ||
          isOperator(before, ')', '(') ||
          (isIdentifier(before) && !isWord(before, 'select', 'by'))
        )
      })
      .map((token) => identifierName(token).toLowerCase()),
  )
}

function placeOfToken(sql: string, text: string): { readonly place?: TextPlace } {
  const token = tokenizeSql(sql).find(
    (candidate) =>
      candidate.text === text ||
      (isIdentifier(candidate) && identifierName(candidate).toLowerCase() === text),
  )
  return token === undefined ? {} : { place: placeOf(sql, token.start) }
}

function isUnnamed(name: string): boolean {
  return name === '' || /^_col_\d+$/.test(name)
}

function unnamedColumn(index: number): SqlProblem {
  return {
    kind: 'differs',
    message: `Column ${index + 1} of the result has no name; each warehouse would invent its own.`,
    hint: 'Give it one: … as total.',
  }
}

/** Problems that are seen before parsing: no query, or more than one. */
function statementProblem(sql: string): QueryOutline | undefined {
  const tokens = tokenizeSql(sql)
  const [first] = tokens
  const statement = (message: string, hint: string, offset: number): QueryOutline =>
    failed({ kind: 'statement', message, hint, place: placeOf(sql, offset) })
  if (first === undefined) return statement('There is no SQL in the text.', 'Write one select.', 0)
  if (!isWord(first, 'select', 'with', 'values', 'from', 'table') && !isOperator(first, '(')) {
    const near = suggestion(first.text, ['select', 'with', 'values'])
    return statement(
      `A query begins with select or with, not with \`${first.text}\`.${near}`,
      'Write one select.',
      first.start,
    )
  }
  const semicolon = tokens.findIndex((token) => isOperator(token, ';'))
  const next = tokens.find((token, index) => semicolon !== -1 && index > semicolon && !isOperator(token, ';'))
  if (next === undefined) return undefined
  return statement(
    'There is more than one statement.',
    'Keep one select; put another into a file of its own.',
    next.start,
  )
}

function syntaxProblem(polyglot: Polyglot, sql: string): SqlProblem {
  const parsed = polyglot.parse(sql, dialect as never)
  if (parsed.success) {
    return { kind: 'statement', message: 'The statement is not a query.', hint: 'Write one select.' }
  }
  const reason = parsed.error.replace(/^.*?line \d+, column \d+: /, '')
  return {
    kind: 'syntax',
    message: `The SQL does not parse: ${reason}.`,
    hint: 'Run it in a DuckDB shell for a second opinion.',
    ...placeAt(sql, parsed.errorStart),
  }
}

function tooDeep(consequence: string): SqlProblem {
  return {
    kind: 'too deep',
    message: `The query nests more than 30 levels of parentheses, calls or subqueries: ${consequence}.`,
    hint: 'Split it with WITH queries.',
  }
}

function isTooDeep(error: string | undefined): boolean {
  return error?.includes('E_GUARD_PARSER_DEPTH_EXCEEDED') === true
}

function failed(...problems: readonly SqlProblem[]): QueryOutline {
  return { references: [], parameters: [], problems }
}

/** The place of an offset that counts Unicode characters. */
function placeAt(sql: string, characters: number | undefined): { readonly place?: TextPlace } {
  if (characters === undefined) return {}
  return { place: placeOf(sql, [...sql].slice(0, characters).join('').length) }
}
