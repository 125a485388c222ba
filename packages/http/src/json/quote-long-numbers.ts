import { mayHoldLongNumber, survivesDouble } from './parse.ts'

const token = /"(?:[^"\\]|\\[^])*"|-?\d[\d.eE+-]*/g

/**
 * Writes every number that a double cannot hold as a JSON string, so that readers which go through doubles keep its digits. Text without
 * such numbers is returned as it is. The text must be valid JSON.
 */
export function quoteLongNumbers(text: string): string {
  if (!mayHoldLongNumber(text)) return text
  return text.replace(token, (found) =>
    found.startsWith('"') || survivesDouble(found) ? found : `"${found}"`,
  )
}
