import { identifierName, isIdentifier, isOperator, isWord, tokenizeSql } from './tokens.ts'

/**
 * The columns that a SQL expression uses, among those that it may: `amount`, or `sdr.team` behind a join's name. In order of appearance, each once.
 * @param known the names to look for, as the expression would write them
 */
export function expressionColumns(sql: string, known: Iterable<string>): readonly string[] {
  const names = new Map([...known].map((name) => [name.toLowerCase(), name]))
  const tokens = tokenizeSql(sql)
  const found = new Set<string>()
  for (const [index, token] of tokens.entries()) {
    const before = tokens[index - 1]
    const next = tokens[index + 1]
    if (!isIdentifier(token) || isOperator(next, '(') || isWord(before, 'as')) continue
    if (token.kind === 'word' && next?.kind === 'string') continue
    const name = identifierName(token)
    const qualifier = isOperator(before, '.') ? tokens[index - 2] : undefined
    const full = isIdentifier(qualifier) ? `${identifierName(qualifier)}.${name}` : name
    const column = names.get(full.toLowerCase())
    if (column !== undefined) found.add(column)
  }
  return [...found]
}
