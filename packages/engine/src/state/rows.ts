/** JSON as a column holds it; absent is NULL. */
export function toJsonColumn(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value)
}

/** The object without the keys whose value is NULL or undefined: rows have NULL where records have an absent key. */
export function withoutNulls<T extends Record<string, unknown>>(
  row: T,
): { [K in keyof T]?: Exclude<T[K], null | undefined> } {
  const entries = Object.entries(row).filter(([, value]) => value !== null && value !== undefined)
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], null | undefined> }
}

/** Parses a JSON column; NULL is absent. */
export function fromJsonColumn<T>(text: string | null): T | undefined {
  return text === null ? undefined : (JSON.parse(text) as T)
}
