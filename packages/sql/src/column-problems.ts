import { suggestion } from '@caudal/spec'
import type { KnownTable, SqlProblem } from './analyzer.ts'
import type { QueryFacts } from './query-facts.ts'
import { identifierName, isIdentifier, isOperator, isWord, placeOfToken, tokenizeSql } from './tokens.ts'

/** Columns that a known table does not have. Names that the query itself defines, and Caudal's own columns, are never reported. */
export function unknownColumns(
  facts: QueryFacts,
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

/** Whether a column of a result got its name from the parser. */
export function isUnnamed(name: string): boolean {
  return name === '' || /^_col_\d+$/.test(name)
}

/** The problem of a column without a name. */
export function unnamedColumn(index: number): SqlProblem {
  return {
    kind: 'differs',
    message: `Column ${index + 1} of the result has no name; each warehouse would invent its own.`,
    hint: 'Give it one: … as total.',
  }
}
