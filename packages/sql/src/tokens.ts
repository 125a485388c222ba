/** Kinds of token. `word` is an unquoted identifier or keyword, `name` a quoted identifier. */
type TokenKind = 'word' | 'name' | 'string' | 'number' | 'parameter' | 'operator'

/** A token of a SQL text. Comments and white space are not tokens. */
export interface Token {
  readonly kind: TokenKind
  /** As written. */
  readonly text: string
  /** Offset of the first character, in UTF-16 units. */
  readonly start: number
  /** Offset behind the last character. */
  readonly end: number
}

/** A place in a text, 1-based. */
export interface TextPlace {
  readonly line: number
  readonly column: number
}

const patterns: readonly (readonly [TokenKind | 'space', RegExp])[] = [
  ['space', /\s+|--[^\n]*/y],
  ['string', /\$([A-Za-z_]\w*)?\$[^]*?(?:\$\1\$|$)/y],
  ['parameter', /\$\w+|\?/y],
  ['string', /[eE]'(?:[^'\\]|\\[^]|'')*(?:'|$)|(?:[xX])?'(?:[^']|'')*(?:'|$)/y],
  ['name', /"(?:[^"]|"")*(?:"|$)/y],
  ['number', /0[xX][\da-fA-F]+|(?:\d[\d_]*(?:\.(?:\d[\d_]*)?)?|\.\d+)(?:[eE][+-]?\d+)?/y],
  ['word', /[\p{L}_][\p{L}\p{M}\p{N}_$]*/uy],
  ['operator', /->>|!~~\*|!~~|!~\*|~~\*|::|\|\||<=|>=|<>|!=|->|\/\/|\*\*|~\*|!~|~~|:=|=>|==|[^]/y],
]

/** The text that was split last: one text is asked about many times in a row. */
let last: { readonly text: string; readonly tokens: readonly Token[] } | undefined

/** Splits a SQL text of DuckDB or PostgreSQL into tokens. Never fails: an unclosed string or comment ends with the text. */
export function tokenizeSql(text: string): readonly Token[] {
  if (last?.text !== text) last = { text, tokens: split(text) }
  return last.tokens
}

function split(text: string): readonly Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) {
    if (text.startsWith('/*', at)) {
      at = endOfBlockComment(text, at)
      continue
    }
    for (const [kind, pattern] of patterns) {
      pattern.lastIndex = at
      const match = pattern.exec(text)
      if (match === null) continue
      const end = at + match[0].length
      if (kind !== 'space') tokens.push({ kind, text: match[0], start: at, end })
      at = end
      break
    }
  }
  return tokens
}

/** The line and column of an offset. */
export function placeOf(text: string, offset: number): TextPlace {
  const before = text.slice(0, offset)
  const line = before.split('\n').length
  return { line, column: offset - before.lastIndexOf('\n') }
}

/** The place of an offset that counts Unicode characters; empty without one. */
export function placeOfCharacter(
  text: string,
  characters: number | undefined,
): { readonly place?: TextPlace } {
  if (characters === undefined) return {}
  let offset = 0
  for (let count = 0; count < characters; count++) offset += (text.codePointAt(offset) ?? 0) > 0xff_ff ? 2 : 1
  return { place: placeOf(text, offset) }
}

/** The place of the first token of this name or text; empty when there is none. */
export function placeOfToken(sql: string, text: string): { readonly place?: TextPlace } {
  const token = tokenizeSql(sql).find(
    (candidate) =>
      candidate.text === text ||
      (isIdentifier(candidate) && identifierName(candidate).toLowerCase() === text),
  )
  return token === undefined ? {} : { place: placeOf(sql, token.start) }
}

/** Whether the token is this keyword, in any case. */
export function isWord(token: Token | undefined, ...words: readonly string[]): boolean {
  return token?.kind === 'word' && words.includes(token.text.toLowerCase())
}

/** Whether the token is this operator or punctuation. */
export function isOperator(token: Token | undefined, ...operators: readonly string[]): boolean {
  return token?.kind === 'operator' && operators.includes(token.text)
}

/** Whether the token can be an identifier. */
export function isIdentifier(token: Token | undefined): token is Token {
  return token?.kind === 'word' || token?.kind === 'name'
}

/** The name that an identifier stands for: unquoted, in small letters unless it was quoted. */
export function identifierName(token: Token): string {
  return token.kind === 'name' ? token.text.slice(1, -1).replaceAll('""', '"') : token.text.toLowerCase()
}

/**
 * The text without comments and layout, unquoted words in small letters: two texts with the same normal form are the same query.
 * Quoted names and strings keep every character.
 */
export function normaliseSql(text: string): string {
  const tokens = tokenizeSql(text)
  const end = tokens.findLastIndex((token) => !isOperator(token, ';'))
  return tokens
    .slice(0, end + 1)
    .map((token) => (token.kind === 'word' ? token.text.toLowerCase() : token.text))
    .join(' ')
}

function endOfBlockComment(text: string, start: number): number {
  let depth = 0
  let at = start
  while (at < text.length) {
    if (text.startsWith('/*', at)) {
      depth++
      at += 2
    } else if (text.startsWith('*/', at)) {
      depth--
      at += 2
      if (depth === 0) return at
    } else at++
  }
  return text.length
}
