/**
 * Cuts the texts of the objects out of a JSON array (or of one object alone) that may break off anywhere: those that are whole, in order.
 */
export function cutElements(text: string): string[] {
  const elements: string[] = []
  const base = text.startsWith('[') ? 1 : 0
  let depth = 0
  let start = 0
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at)
    if (character === '"') at = stringEnd(text, at)
    else if (character === '{' || character === '[') {
      if (depth === base) start = at
      depth++
    } else if (character === '}' || character === ']') {
      depth--
      if (depth === base && character === '}') elements.push(text.slice(start, at + 1))
    }
  }
  return elements
}

function stringEnd(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at++) {
    const character = text.charAt(at)
    if (character === '\\') at++
    else if (character === '"') return at
  }
  return text.length
}
