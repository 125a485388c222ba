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

/** Parses a JSON column that {@link toJsonColumn} wrote; NULL is absent. */
export function fromJsonColumn(text: string | null): unknown {
  return text === null ? undefined : JSON.parse(text)
}
