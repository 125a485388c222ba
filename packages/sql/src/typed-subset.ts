import type { KnownTable } from './analyzer.ts'
import { field, isNode, offsetOf, textField, walkTree, type SyntaxNode } from './syntax-tree.ts'

/** A finding with its offset in Unicode characters. */
export interface TypedFinding {
  readonly kind: 'differs' | 'refused'
  readonly message: string
  readonly hint: string
  /** Absent where the parser does not say; then the first `symbol` is meant. */
  readonly offset: number | undefined
  readonly symbol: string
}

const integerTypes = new Set([
  'tiny_int',
  'small_int',
  'int',
  'big_int',
  'int128',
  'u_tiny_int',
  'u_small_int',
  'u_int',
  'u_big_int',
])

/**
 * What needs types or scopes to be seen as outside the common subset: division of integers, rounding of doubles, aliases used beside their
 * definition.
 * @param tree the syntax tree with inferred types
 */
export function typedPortabilityProblems(
  tree: unknown,
  tables: readonly KnownTable[],
): readonly TypedFinding[] {
  const findings: TypedFinding[] = []
  const aliases = aliasCounts(tree)
  const columns = new Set(tables.flatMap((table) => table.columns.map((column) => column.name.toLowerCase())))
  walkTree(tree, (type, fields) => {
    if (type === 'div' && isInteger(fields['left']) && isInteger(fields['right']))
      findings.push(divisionFinding(fields))
    if (type === 'function' || type === 'round') findings.push(...roundFindings(type, fields))
    if (type === 'select') {
      findings.push(...lateralAliases(fields, (name) => aliases.get(name) === 1 && !columns.has(name)))
    }
    return true
  })
  return findings
}

function divisionFinding(division: SyntaxNode): TypedFinding {
  return {
    kind: 'differs',
    message: '`/` of two integers keeps the fraction on DuckDB and drops it on PostgreSQL.',
    hint: 'Write safe_divide(a, b), or cast one side: cast(a as decimal(18,6)) / b.',
    offset: offsetOf(division),
    symbol: '/',
  }
}

function roundFindings(type: string, fields: SyntaxNode): readonly TypedFinding[] {
  const values = fields['args']
  const first = type === 'round' ? fields['this'] : Array.isArray(values) ? values[0] : undefined
  const hasDigits =
    type === 'round' ? isNode(fields['decimals']) : Array.isArray(values) && values.length === 2
  if (type === 'function' && textField(fields, 'name')?.toLowerCase() !== 'round') return []
  if (!hasDigits || !['double', 'float'].includes(inferredType(first) ?? '')) return []
  return [
    {
      kind: 'refused',
      message: 'PostgreSQL rounds a double to whole numbers only.',
      hint: 'Write round_to(value, digits).',
      offset: offsetOf(fields),
      symbol: 'round',
    },
  ]
}

/** Aliases that the same SELECT uses in its list, WHERE or HAVING. */
function lateralAliases(select: SyntaxNode, isOnlyAlias: (name: string) => boolean): readonly TypedFinding[] {
  const expressions = Array.isArray(select['expressions']) ? select['expressions'] : []
  const places = [...expressions, select['where_clause'], select['having']]
  const aliases = new Set(
    expressions
      .map((expression) => textField(field(field(expression, 'alias'), 'alias'), 'name')?.toLowerCase())
      .filter((name) => name !== undefined && isOnlyAlias(name)),
  )
  const findings: TypedFinding[] = []
  walkTree(places, (type, fields) => {
    if (type === 'select') return false
    const name =
      type === 'column' && !isNode(fields['table']) ? textField(field(fields, 'name'), 'name') : undefined
    if (name !== undefined && aliases.has(name.toLowerCase())) {
      findings.push({
        kind: 'refused',
        message: `PostgreSQL does not know the alias \`${name}\` beside its definition.`,
        hint: 'Write the expression again, or define it in a WITH query above.',
        offset: offsetOf(fields),
        symbol: name,
      })
    }
    return true
  })
  return findings
}

function aliasCounts(tree: unknown): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  walkTree(tree, (type, fields) => {
    const name = type === 'alias' ? textField(field(fields, 'alias'), 'name')?.toLowerCase() : undefined
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1)
    return true
  })
  return counts
}

function isInteger(expression: unknown): boolean {
  if (!isNode(expression)) return false
  const literal = field(expression, 'literal')
  if (textField(literal, 'literal_type') === 'number') return /^\d+$/.test(textField(literal, 'value') ?? '')
  const type = inferredType(expression)
  if (type !== undefined) return integerTypes.has(type)
  if ('paren' in expression) return isInteger(field(expression, 'paren')['this'])
  for (const operator of ['add', 'sub', 'mul']) {
    const sides = field(expression, operator)
    if ('left' in sides) return isInteger(sides['left']) && isInteger(sides['right'])
  }
  return false
}

function inferredType(expression: unknown): string | undefined {
  if (!isNode(expression)) return undefined
  const [fields] = Object.values(expression)
  return textField(field(fields, 'inferred_type'), 'data_type')
}
