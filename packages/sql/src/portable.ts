import { isOperator, isWord, tokenizeSql, type Token } from './tokens.ts'

/** Dialects that portable functions are written for. */
export const sqlDialects = ['duckdb', 'postgresql'] as const

/** One of {@link sqlDialects}. */
export type SqlDialect = (typeof sqlDialects)[number]

/** A function that a model may use on every warehouse: each dialect has its own text for it, `$1` to `$3` are the arguments. */
export interface PortableFunction {
  readonly name: string
  /** Names of the arguments, in order. */
  readonly parameters: readonly string[]
  /** What it returns, for the documentation. */
  readonly description: string
  readonly sql: Readonly<Record<SqlDialect, string>>
}

/** The same text in each dialect. */
function everywhere(sql: string): Readonly<Record<SqlDialect, string>> {
  return { duckdb: sql, postgresql: sql }
}

/**
 * What DuckDB and PostgreSQL spell or count differently. A model calls these by name; {@link renderPortable} writes them in the dialect of the
 * warehouse. Null in any argument gives null.
 */
export const portableFunctions: readonly PortableFunction[] = [
  {
    name: 'days_between',
    parameters: ['start', 'end'],
    description:
      'Midnights passed from start to end, as an integer: 1 from 23:59 to 00:01 of the next day. Negative when end is earlier.',
    sql: everywhere('cast(cast($2 as date) - cast($1 as date) as bigint)'),
  },
  {
    name: 'months_between',
    parameters: ['start', 'end'],
    description:
      'First days of a month passed from start to end, as an integer: 1 from 31 January to 1 February.',
    sql: everywhere(
      'cast((extract(year from $2) - extract(year from $1)) * 12 + extract(month from $2) - extract(month from $1) as bigint)',
    ),
  },
  {
    name: 'seconds_between',
    parameters: ['start', 'end'],
    description: 'Elapsed seconds from start to end, with fractions.',
    sql: everywhere('cast(extract(epoch from $2) - extract(epoch from $1) as double precision)'),
  },
  {
    name: 'safe_divide',
    parameters: ['numerator', 'denominator'],
    description: 'The quotient as a double, also of integers; null when the denominator is 0.',
    sql: everywhere('(cast($1 as double precision) / nullif(cast($2 as double precision), 0))'),
  },
  {
    name: 'round_to',
    parameters: ['value', 'digits'],
    description: 'Rounded half away from zero to so many digits, as a decimal(38,9).',
    sql: everywhere('cast(round(cast($1 as decimal(38,9)), $2) as decimal(38,9))'),
  },
  {
    name: 'month_end',
    parameters: ['day'],
    description: 'The last day of the month, as a date.',
    sql: everywhere("cast(date_trunc('month', $1) + interval '1 month' - interval '1 day' as date)"),
  },
  {
    name: 'matches',
    parameters: ['text', 'pattern'],
    description: 'Whether a part of the text matches the regular expression.',
    sql: { duckdb: 'regexp_matches($1, $2)', postgresql: '(($1) ~ ($2))' },
  },
  {
    name: 'try_integer',
    parameters: ['text'],
    description: 'The text as an integer; null when it is not one.',
    sql: everywhere("case when trim($1) similar to '[+-]?[0-9]{1,18}' then cast(trim($1) as bigint) end"),
  },
  {
    name: 'try_decimal',
    parameters: ['text'],
    description: 'The text as a decimal(38,9), point as decimal separator; null when it is not one.',
    sql: everywhere(
      "case when trim($1) similar to '[+-]?[0-9]{1,29}([.][0-9]*)?' then cast(trim($1) as decimal(38,9)) end",
    ),
  },
  {
    name: 'try_date',
    parameters: ['text'],
    description: 'An ISO 8601 day (`2026-01-31`) as a date; null when it is not one.',
    sql: {
      duckdb: "case when $1 similar to '[0-9]{4}-[0-9]{2}-[0-9]{2}' then try_cast($1 as date) end",
      postgresql:
        "case when $1 similar to '[0-9]{4}-[0-9]{2}-[0-9]{2}' and pg_input_is_valid($1, 'date') then cast(cast($1 as text) as date) end",
    },
  },
]

const byName = new Map(portableFunctions.map((portable) => [portable.name, portable]))

/** Writes the portable functions of a query in a dialect; everything else stays as it is. */
export function renderPortable(sql: string, dialect: SqlDialect): string {
  return renderRange(sql, tokenizeSql(sql), 0, sql.length, dialect)
}

/** Renders the characters from `start` to `end`. */
function renderRange(
  sql: string,
  tokens: readonly Token[],
  start: number,
  end: number,
  dialect: SqlDialect,
): string {
  let rendered = ''
  let at = start
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index]
    if (token === undefined || token.start < at || token.end > end) continue
    const portable = portableCall(tokens, index)
    if (portable === undefined) continue
    const call = callArguments(tokens, index + 1)
    if (call === undefined || call.ranges.length !== portable.parameters.length) continue
    const values = call.ranges.map(([from, to]) => renderRange(sql, tokens, from, to, dialect).trim())
    rendered += sql.slice(at, token.start)
    rendered += portable.sql[dialect].replace(
      /\$(\d)/g,
      (_, position: string) => values[Number(position) - 1] ?? '',
    )
    at = call.end
  }
  return rendered + sql.slice(at, end)
}

function portableCall(tokens: readonly Token[], index: number): PortableFunction | undefined {
  const token = tokens[index]
  if (token?.kind !== 'word' || !isOperator(tokens[index + 1], '(')) return undefined
  if (isOperator(tokens[index - 1], '.') || isWord(tokens[index - 1], 'as')) return undefined
  return byName.get(token.text.toLowerCase())
}

/** The ranges of the arguments of a call whose opening parenthesis is at `open`, and the offset behind its closing one. */
function callArguments(
  tokens: readonly Token[],
  open: number,
): { readonly ranges: readonly (readonly [number, number])[]; readonly end: number } | undefined {
  const ranges: [number, number][] = []
  let depth = 0
  let from = tokens[open]?.end ?? 0
  for (const token of tokens.slice(open)) {
    if (isOperator(token, '(', '[')) depth++
    else if (isOperator(token, ')', ']')) depth--
    if (depth === 1 && isOperator(token, ',')) {
      ranges.push([from, token.start])
      from = token.end
    }
    if (depth === 0) return { ranges: [...ranges, [from, token.start]], end: token.end }
  }
  return undefined
}
