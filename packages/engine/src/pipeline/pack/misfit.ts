/** A value that its column cannot hold. The event that it came from becomes a dead letter. */
export class ValueMisfit extends Error {
  readonly column: string

  constructor(column: string, reason: string) {
    super(reason)
    this.name = 'ValueMisfit'
    this.column = column
  }
}

/** A value as an error names it: short, with its type where that is not plain. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 80 ? `${value.slice(0, 77)}…` : value)
  if (typeof value === 'bigint') return `${value}n`
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'an invalid Date' : value.toISOString()
  if (Array.isArray(value)) return `an array of ${value.length}`
  if (typeof value === 'object' && value !== null) return 'an object'
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`
  return String(value)
}
