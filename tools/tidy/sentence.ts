import type { Expression } from 'oxc-parser'

/** The initial values of the constants of a file, by name. */
export type Constants = Map<string, Expression>

/**
 * The text that an expression gives, with `{…}` for each computed part: a literal, a template, pieces joined by `+`,
 * one of two texts (`a / b`), or a constant of the same file that is one of these.
 */
export function sentence(
  expression: Expression | undefined,
  constants: Constants,
  text: string,
): string | undefined {
  if (expression === undefined) return undefined
  if (expression.type === 'Literal') return String(expression.value)
  if (expression.type === 'TemplateLiteral') {
    const computed = expression.expressions.map((part) => `{${shortName(text.slice(part.start, part.end))}}`)
    return expression.quasis.map((quasi, at) => (quasi.value.cooked ?? '') + (computed[at] ?? '')).join('')
  }
  if (expression.type === 'Identifier') {
    const constant = constants.get(expression.name)
    return constant === undefined || constant === expression ? undefined : sentence(constant, constants, text)
  }
  const pair = pairOf(expression)
  if (pair === undefined) return undefined
  const parts = pair.parts.map((part) => sentence(part, constants, text) ?? '{…}')
  return parts.every((part) => part === '{…}') ? undefined : parts.join(pair.joint)
}

function pairOf(expression: Expression): { parts: Expression[]; joint: string } | undefined {
  if (expression.type === 'BinaryExpression' && expression.operator === '+') {
    return { parts: [expression.left, expression.right], joint: '' }
  }
  if (expression.type === 'ConditionalExpression') {
    return { parts: [expression.consequent, expression.alternate], joint: ' / ' }
  }
  return undefined
}

function shortName(computed: string): string {
  const name = /([A-Za-z_$][\w$]*)(?:\([^()]*\))?$/.exec(computed)?.[1]
  return name ?? '…'
}
