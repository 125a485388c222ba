import { parseJsonPath, valueAt } from '@caudal/http'
import type { JsonObject, JsonValue } from '@caudal/spec'
import type { RestStreamOptions } from '../options.ts'
import type { JsonRecord } from '../page/records-page.ts'

/** Names of the fields that each child record gets from its parent, and what the parent calls them. */
export function includedNames({
  parent,
}: RestStreamOptions): readonly (readonly [name: string, field: string])[] {
  const include = parent?.include ?? []
  if (!isList(include)) return Object.entries(include)
  return include.map((field) => [`${parent?.stream ?? ''}_${field.replaceAll('.', '_')}`, field])
}

/** The fields that each child record gets from its parent; `undefined` when there are none. */
export function includedFields(child: RestStreamOptions, parent: JsonRecord): JsonObject | undefined {
  const named = includedNames(child)
  if (named.length === 0) return undefined
  return Object.fromEntries(
    named.map(([name, field]): [string, JsonValue] => [
      name,
      (valueAt(parent, parseJsonPath(field)) as JsonValue | undefined) ?? null,
    ]),
  )
}

function isList(value: readonly string[] | Readonly<Record<string, string>>): value is readonly string[] {
  return Array.isArray(value)
}
