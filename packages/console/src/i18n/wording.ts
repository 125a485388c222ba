import type { ErrorReport, JsonValue } from '@caudal/spec'

/**
 * What an error code says in another language than English. `{name}` is the value of that name in the error's context; what stands in
 * brackets is left out where one of its values is not there: `La tabla[ {table}] no existe.`
 */
interface ErrorWording {
  readonly message: string
  /** The mend; absent: the error has none. */
  readonly hint?: string
}

/** Error code → its wording. */
export type ErrorWordings = Readonly<Record<string, ErrorWording>>

const placeholder = /\{(\w+)\}/g
const optionalPart = /\[([^[\]]*\{\w+\}[^[\]]*)\]/g

/** Names of the values without which a wording says nothing. */
export function requiredValues(wording: string): readonly string[] {
  return [...wording.replaceAll(optionalPart, '').matchAll(placeholder)].map(([, name = '']) => name)
}

/** The wording with its values; `undefined` when one that it cannot do without is not there. */
export function fillWording(wording: string, values: ErrorReport['context']): string | undefined {
  const isThere = (name: string): boolean => valueText(values[name]) !== undefined
  const whole = wording.replaceAll(optionalPart, (_all, part: string) =>
    requiredValues(part).every(isThere) ? part : '',
  )
  if (!requiredValues(whole).every(isThere)) return undefined
  const begins = wording.startsWith('[') && !whole.startsWith('{') ? capitalized(whole.trimStart()) : whole
  return begins.replaceAll(placeholder, (_all, name: string) => valueText(values[name]) ?? '')
}

function capitalized(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1)
}

function valueText(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value
  if (typeof value === 'number') return String(value)
  if (!Array.isArray(value) || value.length === 0) return undefined
  const parts = value.map(valueText)
  return parts.includes(undefined) ? undefined : parts.join(', ')
}
