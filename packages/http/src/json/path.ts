/** Where a value lies in a JSON document: field names from the root. `*` stands for every element or value. */
export type JsonPath = readonly string[]

/** A path as users write it: `'data.items'`, or the segments where a name holds a dot. Empty: the root. */
export function parseJsonPath(path: string | readonly string[]): JsonPath {
  if (typeof path !== 'string') return path
  return path === '' || path === '.' ? [] : path.split('.')
}

/** A path as text. */
export function formatJsonPath(path: JsonPath): string {
  return path.length === 0 ? '(root)' : path.join('.')
}

/** The value at a path without `*`; `undefined` when there is none. */
export function valueAt<Value>(root: Value, path: JsonPath): Value | undefined {
  let value: unknown = root
  for (const segment of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return undefined
    value = (value as Record<string, unknown>)[segment]
  }
  return value as Value | undefined
}

/** The values at a path that may hold `*`, in order. */
export function valuesAt<Value>(root: Value, path: JsonPath): Value[] {
  let values: unknown[] = [root]
  for (const segment of path) {
    values = values.flatMap((value) => {
      if (typeof value !== 'object' || value === null) return []
      if (segment === '*') return Object.values(value)
      return Object.hasOwn(value, segment) ? [(value as Record<string, unknown>)[segment]] : []
    })
  }
  return values as Value[]
}
