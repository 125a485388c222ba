import { suggestion } from '@caudal/spec'
import type { QueryOutline, SqlProblem } from './analyzer.ts'
import { isOperator, isWord, placeOf, tokenizeSql } from './tokens.ts'

/** Problems that are seen before parsing: no query, or more than one. */
export function statementProblem(sql: string): QueryOutline | undefined {
  const tokens = tokenizeSql(sql)
  const [first] = tokens
  const statement = (message: string, hint: string, offset: number): QueryOutline =>
    notOne({ kind: 'statement', message, hint, place: placeOf(sql, offset) })
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

function notOne(problem: SqlProblem): QueryOutline {
  return { references: [], parameters: [], problems: [problem] }
}
