/** A node of the parser's syntax tree: one key, the node's type, and its fields. The parser's own type of it is a union of a thousand. */
export type SyntaxNode = Readonly<Record<string, unknown>>

/** Whether a value is a node or the fields of one. */
export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A field of a node as fields; empty when there are none. */
export function field(node: unknown, name: string): SyntaxNode {
  const value = isNode(node) ? node[name] : undefined
  return isNode(value) ? value : {}
}

/** A field of a node as text. */
export function textField(node: unknown, name: string): string | undefined {
  const value = isNode(node) ? node[name] : undefined
  return typeof value === 'string' ? value : undefined
}

/**
 * Visits every node below a value, itself included.
 * @param enter returns `false` to leave out what is below
 */
export function walkTree(value: unknown, enter: (type: string, fields: SyntaxNode) => boolean): void {
  if (Array.isArray(value)) {
    for (const item of value) walkTree(item, enter)
    return
  }
  if (!isNode(value)) return
  for (const [key, child] of Object.entries(value)) {
    if (Array.isArray(child)) walkTree(child, enter)
    else if (isNode(child) && enter(key, child)) walkTree(child, enter)
  }
}

/** Offset, in Unicode characters, of the first node below that knows its own. */
export function offsetOf(value: unknown): number | undefined {
  let first: number | undefined
  walkTree(value, (type, fields) => {
    const start = fields['start']
    if (type === 'span' && typeof start === 'number' && (first === undefined || start < first)) first = start
    return true
  })
  return first
}
