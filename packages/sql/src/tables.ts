import { identifierName, isIdentifier, isOperator, isWord, tokenizeSql, type Token } from './tokens.ts'

/** A two-part name in a text: a table in a FROM clause, or the qualifier of a column. */
interface QualifiedName {
  /** `schema.name`. */
  readonly name: string
  readonly first: Token
  readonly last: Token
  readonly next: Token | undefined
}

/** A table that a query reads, with the offset of its name. */
export interface TableMention {
  /** `schema.name`. */
  readonly table: string
  readonly offset: number
}

/** Words that may follow a table in a FROM clause and are not its alias. */
const afterTable = new Set(
  `as where join inner left right full cross natural on using group order having limit offset union intersect except window qualify fetch for
  tablesample positional asof semi anti lateral pivot unpivot sample`.split(/\s+/),
)

/** Words that end the list of tables which FROM began. */
const endsFrom = [
  'select',
  'where',
  'group',
  'order',
  'having',
  'window',
  'limit',
  'union',
  'intersect',
  'except',
  'values',
]

/**
 * The qualified tables in the FROM clauses of a query, in order of appearance, each mention once. Works on any nesting depth, and on texts that do
 * not parse; unqualified names are left out.
 */
export function mentionedTables(sql: string): readonly TableMention[] {
  const tokens = tokenizeSql(sql)
  const tableAt = fromPositions(tokens)
  return qualifiedNames(tokens)
    .filter((name) => tableAt.has(name.first) && !isOperator(name.next, '.', '('))
    .map((name) => ({ table: name.name, offset: name.first.start }))
}

/**
 * Whether a text reads by qualified names alone, beside its WITH queries, calls and subqueries, and has no word that changes tables: then
 * {@link mentionedTables} finds all that it reads.
 */
export function readsQualifiedTables(sql: string): boolean {
  const tokens = tokenizeSql(sql)
  const tableAt = fromPositions(tokens)
  const withNames = withQueryNames(tokens)
  return tokens.every((token, index) => {
    if (isWord(token, 'insert', 'update', 'delete', 'merge')) return false
    if (!tableAt.has(token)) return true
    const next = tokens[index + 1]
    if (isOperator(next, '.')) return !isOperator(tokens[index + 3], '.', '(')
    return (
      isOperator(next, '(') ||
      isWord(token, 'lateral', 'only') ||
      withNames.has(identifierName(token).toLowerCase())
    )
  })
}

/** Names before `as (`, with or without columns. */
function withQueryNames(tokens: readonly Token[]): ReadonlySet<string> {
  const names = new Set<string>()
  for (const [index, token] of tokens.entries()) {
    const isQuery =
      isWord(token, 'as') &&
      (isOperator(tokens[index + 1], '(') || isWord(tokens[index + 1], 'materialized', 'not'))
    if (!isQuery) continue
    const name = tokens[isOperator(tokens[index - 1], ')') ? openingOf(tokens, index - 1) - 1 : index - 1]
    if (isIdentifier(name)) names.add(identifierName(name).toLowerCase())
  }
  return names
}

function openingOf(tokens: readonly Token[], closing: number): number {
  let depth = 0
  for (let index = closing; index >= 0; index--) {
    if (isOperator(tokens[index], ')')) depth++
    else if (isOperator(tokens[index], '(') && --depth === 0) return index
  }
  return 0
}

/**
 * Puts other relations in the place of tables, keeping the names by which the query refers to their columns.
 * @param relations `schema.name` → a relation as SQL: a quoted name or a query in parentheses
 */
export function replaceTables(sql: string, relations: Readonly<Record<string, string>>): string {
  const tokens = tokenizeSql(sql)
  const tableAt = fromPositions(tokens)
  let replaced = ''
  let at = 0
  for (const { name, first, last, next } of qualifiedNames(tokens)) {
    const relation = Object.hasOwn(relations, name) ? relations[name] : undefined
    if (relation === undefined || isOperator(next, '(')) continue
    const hasAlias = isWord(next, 'as') || (isIdentifier(next) && !isAfterTable(next))
    if (tableAt.has(first)) {
      replaced += sql.slice(at, first.start) + relation + (hasAlias ? '' : ` as ${last.text}`)
    } else if (isOperator(next, '.')) {
      replaced += sql.slice(at, first.start) + last.text
    } else continue
    at = last.end
  }
  return replaced + sql.slice(at)
}

function isAfterTable(token: Token): boolean {
  return token.kind === 'word' && afterTable.has(token.text.toLowerCase())
}

function qualifiedNames(tokens: readonly Token[]): readonly QualifiedName[] {
  const names: QualifiedName[] = []
  for (let index = 0; index + 2 < tokens.length; index++) {
    const [first, dot, last] = tokens.slice(index, index + 3)
    if (!isIdentifier(first) || !isOperator(dot, '.') || !isIdentifier(last)) continue
    if (isOperator(tokens[index - 1], '.')) continue
    names.push({
      name: `${identifierName(first)}.${identifierName(last)}`,
      first,
      last,
      next: tokens[index + 3],
    })
  }
  return names
}

/** The tokens with which a table can begin: after FROM and JOIN, and after a comma in a FROM clause. */
function fromPositions(tokens: readonly Token[]): ReadonlySet<Token> {
  const positions = new Set<Token>()
  const isFrom = [false]
  let expectsTable = false
  for (const [index, token] of tokens.entries()) {
    if (expectsTable && isIdentifier(token)) positions.add(token)
    const isStart = startsTable(tokens, index)
    if (isOperator(token, '(')) isFrom.push(expectsTable)
    else if (isOperator(token, ')') && isFrom.length > 1) isFrom.pop()
    else if (isStart) isFrom[isFrom.length - 1] = true
    else if (isWord(token, ...endsFrom)) isFrom[isFrom.length - 1] = false
    expectsTable =
      isStart ||
      (isOperator(token, ',') && isFrom.at(-1) === true) ||
      (expectsTable && (isOperator(token, '(') || isWord(token, 'lateral', 'only')))
  }
  return positions
}

/** FROM and JOIN; not the FROM of `extract(… from x)`, `trim(… from x)`, `substring(… from x)` and `is distinct from x`. */
function startsTable(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index]
  if (isWord(token, 'join')) return true
  if (
    !isWord(token, 'from') ||
    (isWord(tokens[index - 1], 'distinct') && isWord(tokens[index - 2], 'is', 'not'))
  ) {
    return false
  }
  let depth = 0
  for (let before = index - 1; before >= 0; before--) {
    if (isOperator(tokens[before], ')')) depth++
    else if (isOperator(tokens[before], '(')) {
      if (depth === 0)
        return !isWord(tokens[before - 1], 'extract', 'trim', 'substring', 'overlay', 'position')
      depth--
    } else if (depth === 0 && isWord(tokens[before], 'select')) return true
  }
  return true
}
