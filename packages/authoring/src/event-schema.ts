import { CaudalError, type JsonObject, type JsonValue, type ParsedEvent } from '@caudal/spec'

/** Something that is wrong with a value, as Standard Schema says it (https://standardschema.dev). */
interface SchemaIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

type SchemaResult<Event> =
  | { readonly value: Event; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] }

/** A schema of events: Standard Schema 1 with its JSON Schema, which zod 4.2, arktype 2.1.28 and valibot with its converter give. */
export interface EventSchema<Event> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => SchemaResult<Event> | Promise<SchemaResult<Event>>
    readonly jsonSchema?: {
      readonly input: (options: { readonly target: 'draft-2020-12' }) => Record<string, unknown>
    }
  }
}

/** The JSON Schema of what senders send. @throws CaudalError `CAUDAL_EVENT_SCHEMA`: the library gives none. */
export function jsonSchemaOf(schema: EventSchema<unknown>, where: string): JsonObject {
  const { vendor, jsonSchema } = schema['~standard']
  if (jsonSchema === undefined) {
    throw new CaudalError({
      code: 'CAUDAL_EVENT_SCHEMA',
      message: `${where}: the schema (${vendor}) is a Standard Schema, but does not give a JSON Schema.`,
      hint: 'Use zod 4.2 or newer, arktype 2.1.28 or newer, or valibot with toStandardJsonSchema of @valibot/to-json-schema.',
      context: { vendor },
    })
  }
  return jsonSchema.input({ target: 'draft-2020-12' }) as JsonObject
}

/** Checks values against a schema. */
export function parserOf(schema: EventSchema<unknown>, where: string): (value: JsonValue) => ParsedEvent {
  return (value) => {
    const result = schema['~standard'].validate(value)
    if (result instanceof Promise) throw asynchronous(where)
    if (result.issues === undefined) return { isValid: true, value: result.value }
    return { isValid: false, issues: result.issues.map(describeIssue) }
  }
}

function describeIssue({ message, path = [] }: SchemaIssue): string {
  const keys = path.map((part) => String(typeof part === 'object' ? part.key : part))
  return keys.length === 0 ? message : `${keys.join('.')}: ${message}`
}

function asynchronous(where: string): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_EVENT_SCHEMA',
    message: `${where}: the schema answers later (it is asynchronous), and events are checked one after the other.`,
    hint: 'Check by a rule that needs nothing from outside; look things up with `enrich`.',
  })
}
