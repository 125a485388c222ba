import { parseJsonPath, scalarText, valueAt, type LosslessJson } from '@caudal/http'
import { CaudalError } from '@caudal/spec'
import type { JsonRecord } from './records-page.ts'

const placeholder = /\{([^{}]+)\}/g

/** The parent's fields that a template names: `deals/{id}/notes` names `id`. */
export function placeholders(template: string): string[] {
  return [...template.matchAll(placeholder)].map(([, name = '']) => name)
}

/** The template with the parent's values. @throws CaudalError `CAUDAL_REST_PARENT_FIELD` when the parent has no such value. */
export function fillTemplate(
  template: string,
  parent: JsonRecord | undefined,
  encode: (text: string) => string,
): string {
  if (parent === undefined) return template
  return template.replace(placeholder, (_, name: string) => {
    const value = scalarText(valueAt(parent as LosslessJson, parseJsonPath(name)))
    if (value !== undefined) return encode(value)
    throw new CaudalError({
      code: 'CAUDAL_REST_PARENT_FIELD',
      message: `\`${template}\` names the parent's field \`${name}\`, which the record ${JSON.stringify(parent).slice(0, 100)} does not have.`,
      hint: 'Name a field that every record of the parent stream has.',
      context: { template, field: name },
    })
  })
}
