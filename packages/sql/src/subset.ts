import type { SqlProblem } from './analyzer.ts'
import {
  identifierName,
  isIdentifier,
  isOperator,
  isWord,
  placeOf,
  tokenizeSql,
  type Token,
} from './tokens.ts'

/** What is found at a token: DuckDB alone knows it, or both know it and mean different things. */
interface Finding {
  readonly kind: 'differs' | 'refused'
  readonly message: string
  readonly hint: string
}

type Rule = (tokens: readonly Token[], index: number) => Finding | undefined

/** Functions of DuckDB that PostgreSQL does not have → what to write. */
const duckdbFunctions: Readonly<Record<string, string>> = {
  year: 'extract(year from x)',
  month: 'extract(month from x)',
  day: 'extract(day from x)',
  hour: 'extract(hour from x)',
  minute: 'extract(minute from x)',
  second: 'extract(second from x)',
  week: 'extract(week from x)',
  quarter: 'extract(quarter from x)',
  dayofweek: 'extract(dow from x)',
  weekday: 'extract(dow from x)',
  dayofyear: 'extract(doy from x)',
  epoch: 'extract(epoch from x)',
  last_day: 'month_end(x)',
  date_diff: 'days_between(a, b), months_between(a, b) or seconds_between(a, b)',
  datediff: 'days_between(a, b), months_between(a, b) or seconds_between(a, b)',
  date_sub: 'seconds_between(a, b), or days_between(a, b)',
  date_add: "x + interval '1 day'",
  strptime: 'try_date(x), or cast(x as timestamp) of an ISO 8601 text',
  try_strptime: 'try_date(x)',
  strftime: "cast(date_trunc('month', x) as date), and format where it is shown",
  median: 'percentile_cont(0.5) within group (order by x)',
  quantile: 'percentile_disc(0.5) within group (order by x)',
  quantile_cont: 'percentile_cont(0.5) within group (order by x)',
  quantile_disc: 'percentile_disc(0.5) within group (order by x)',
  list: 'array_agg(x order by …)',
  listagg: "string_agg(x, ',' order by …)",
  group_concat: "string_agg(x, ',' order by …)",
  arg_max: 'row_number() over (… order by … desc nulls last) = 1 in a subquery',
  arg_min: 'row_number() over (… order by …) = 1 in a subquery',
  max_by: 'row_number() over (… order by … desc nulls last) = 1 in a subquery',
  min_by: 'row_number() over (… order by …) = 1 in a subquery',
  first: 'min(x), or row_number() = 1 in a subquery',
  last: 'max(x), or row_number() = 1 in a subquery',
  count_if: 'count(*) filter (where …)',
  countif: 'count(*) filter (where …)',
  sumif: 'sum(x) filter (where …)',
  try_cast: 'try_integer(x), try_decimal(x) or try_date(x)',
  ifnull: 'coalesce(a, b)',
  if: 'case when … then … else … end',
  iff: 'case when … then … else … end',
  regexp_matches: 'matches(text, pattern)',
  regexp_extract: "substring(text from 'pattern')",
  regexp_full_match: "matches(text, '^(…)$')",
  contains: 'strpos(text, part) > 0',
  str_split: 'split_part(text, separator, n)',
  string_split: 'split_part(text, separator, n)',
  list_value: 'array[…]',
  struct_pack: 'separate columns',
  list_transform: 'a join',
  list_filter: 'a join with a filter',
  json_extract: "column -> 'key'",
  json_extract_string: "column ->> 'key'",
  make_timestamp_ms: 'a timestamp column in the source',
  epoch_ms: 'extract(epoch from x) * 1000',
  today: 'current_date',
  get_current_timestamp: 'current_timestamp',
  read_csv: 'a source of kind files()',
  read_csv_auto: 'a source of kind files()',
  read_parquet: 'a source of kind files()',
  read_json: 'a source of kind files()',
  read_json_auto: 'a source of kind files()',
}

const rules: readonly Rule[] = [
  function duckdbFunction(tokens, index) {
    const name = functionCalled(tokens, index)
    const instead =
      name !== undefined && Object.hasOwn(duckdbFunctions, name) ? duckdbFunctions[name] : undefined
    if (name === undefined || instead === undefined) return undefined
    return refused(`PostgreSQL has no \`${name}(…)\`.`, `Write ${instead}.`)
  },
  function groupByAll(tokens, index) {
    if (
      !isWord(tokens[index], 'group', 'order') ||
      !isWord(tokens[index + 1], 'by') ||
      !isWord(tokens[index + 2], 'all')
    ) {
      return undefined
    }
    return refused(
      `PostgreSQL has no \`${tokens[index]?.text} by all\`.`,
      'Name the columns, or their positions: group by 1, 2.',
    )
  },
  function starOptions(tokens, index) {
    if (!isOperator(tokens[index], '*') || !isOperator(tokens[index + 2], '(')) return undefined
    if (!isWord(tokens[index + 1], 'exclude', 'replace', 'rename')) return undefined
    return refused(
      `PostgreSQL has no \`* ${tokens[index + 1]?.text} (…)\`.`,
      'Name the columns that are wanted.',
    )
  },
  function columnsStar(tokens, index) {
    if (functionCalled(tokens, index) !== 'columns') return undefined
    return refused('PostgreSQL has no `columns(…)`.', 'Name the columns that are wanted.')
  },
  function pivot(tokens, index) {
    if (!isWord(tokens[index], 'pivot', 'unpivot', 'pivot_wider', 'pivot_longer')) return undefined
    if (!isOperator(tokens[index + 1], '(') && !isIdentifier(tokens[index + 1])) return undefined
    return refused(
      `PostgreSQL has no \`${tokens[index]?.text}\`.`,
      "Write sum(x) filter (where y = '…') per column.",
    )
  },
  function asofJoin(tokens, index) {
    if (!isWord(tokens[index], 'asof', 'positional', 'semi', 'anti')) return undefined
    if (!isWord(tokens[index + 1], 'join', 'left', 'right', 'inner')) return undefined
    return refused(
      `PostgreSQL has no \`${tokens[index]?.text} join\`.`,
      'Write a join lateral (… order by … limit 1) on true, or where exists (…).',
    )
  },
  function qualify(tokens, index) {
    if (!isWord(tokens[index], 'qualify') || isOperator(tokens[index + 1], '.', ',')) return undefined
    return refused(
      'PostgreSQL has no `qualify`.',
      'Put the window into a subquery and filter outside: where row = 1.',
    )
  },
  function fromFirst(tokens, index) {
    if (!isWord(tokens[index], 'from')) return undefined
    if (index !== 0 && !(isOperator(tokens[index - 1], '(') && !isWord(tokens[index - 2], 'trim')))
      return undefined
    return refused('PostgreSQL has no query that begins with `from`.', 'Begin with select: select * from ….')
  },
  function listComprehension(tokens, index) {
    if (!isOperator(tokens[index], '[') || isWord(tokens[index - 1], 'array') || isOperand(tokens[index - 1]))
      return undefined
    const end = tokens.findIndex((token, at) => at > index && isOperator(token, ']'))
    const isComprehension = tokens.slice(index, end).some((token) => isWord(token, 'for'))
    return refused(
      `PostgreSQL has no ${isComprehension ? 'list comprehension' : '`[…]` list'}.`,
      isComprehension ? 'Write a join.' : 'Write array[…].',
    )
  },
  function integerDivision(tokens, index) {
    if (!isOperator(tokens[index], '//')) return undefined
    return refused('PostgreSQL has no `//`.', 'Write cast(floor(safe_divide(a, b)) as bigint).')
  },
  function regularExpression(tokens, index) {
    if (!isOperator(tokens[index], '~', '!~', '~*', '!~*')) return undefined
    return differs(
      `\`${tokens[index]?.text}\` compares the whole text on DuckDB and any part of it on PostgreSQL.`,
      'Write matches(text, pattern), which looks at any part on both.',
    )
  },
  function lambda(tokens, index) {
    if (!isOperator(tokens[index], '->') || !isWord(tokens[index - 1]) || !isOperator(tokens[index - 2], ','))
      return undefined
    if (tokens[index + 1]?.kind === 'string') return undefined
    return refused('PostgreSQL has no lambda (`x -> …`).', 'Write a join over unnest(…).')
  },
  function fileTable(tokens, index) {
    if (!isWord(tokens[index - 1], 'from', 'join') || tokens[index]?.kind !== 'string') return undefined
    if (isInsideCall(tokens, index)) return undefined
    return refused('A file is not a table on PostgreSQL.', 'Declare it as a source: files({ … }).')
  },
  function descendingNulls(tokens, index) {
    if (!isWord(tokens[index], 'desc') || isWord(tokens[index + 1], 'nulls')) return undefined
    const isCut = tokens.some((token) => isWord(token, 'limit', 'fetch')) || isInsideCall(tokens, index)
    if (!isCut) return undefined
    return refused(
      '`desc` puts nulls last on DuckDB and first on PostgreSQL.',
      'Write desc nulls last (or desc nulls first).',
    )
  },
]

/**
 * What in a query is outside the subset that DuckDB and PostgreSQL both run alike, found in its text alone. Kind `refused`: PostgreSQL answers with an
 * error, or may order rows otherwise. Kind `differs`: both answer, with different values.
 */
export function portabilityProblems(sql: string): readonly SqlProblem[] {
  const tokens = tokenizeSql(sql)
  return tokens.flatMap((token, index) =>
    rules.flatMap((rule) => {
      const finding = rule(tokens, index)
      return finding === undefined ? [] : [{ ...finding, place: placeOf(sql, token.start) }]
    }),
  )
}

function refused(message: string, hint: string): Finding {
  return { kind: 'refused', message, hint }
}

function differs(message: string, hint: string): Finding {
  return { kind: 'differs', message, hint }
}

function functionCalled(tokens: readonly Token[], index: number): string | undefined {
  const token = tokens[index]
  if (token?.kind !== 'word' || !isOperator(tokens[index + 1], '(') || isOperator(tokens[index - 1], '.'))
    return undefined
  if (isWord(tokens[index - 1], 'as', 'with', 'recursive', 'join', 'interval')) return undefined
  return identifierName(token)
}

function isOperand(token: Token | undefined): boolean {
  return (
    token?.kind === 'name' || token?.kind === 'number' || isOperator(token, ')', ']') || isColumnWord(token)
  )
}

function isColumnWord(token: Token | undefined): boolean {
  return (
    token?.kind === 'word' &&
    !isWord(token, 'select', 'in', 'then', 'else', 'when', 'and', 'or', 'by', 'any', 'all')
  )
}

/** Whether the token stands in the parentheses of a call or of `over`, not of a subquery. */
function isInsideCall(tokens: readonly Token[], index: number): boolean {
  let depth = 0
  for (let before = index - 1; before >= 0; before--) {
    if (isOperator(tokens[before], ')')) depth++
    else if (isOperator(tokens[before], '(') && depth-- === 0)
      return !isWord(tokens[before + 1], 'select', 'with')
  }
  return false
}
