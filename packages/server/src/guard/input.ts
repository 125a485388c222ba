import { CaudalError } from '@caudal/spec'
import type { Context } from 'hono'
import type * as z from 'zod'
import type { ServerEnv } from '../context.ts'

/**
 * Reads the query string by a schema. A parameter that is given once is a text, several times a list.
 * @throws CaudalError `CAUDAL_REQUEST_INVALID` with everything that is wrong.
 */
export function readQuery<Schema extends z.ZodType>(
  context: Context<ServerEnv>,
  schema: Schema,
): z.output<Schema> {
  const entries = Object.entries(context.req.queries()).map(([name, values]) => [
    name,
    values.length === 1 ? values[0] : values,
  ])
  return parse(schema, Object.fromEntries(entries), 'query')
}

/**
 * Reads the JSON body by a schema.
 * @throws CaudalError `CAUDAL_REQUEST_INVALID` with everything that is wrong.
 */
export async function readBody<Schema extends z.ZodType>(
  context: Context<ServerEnv>,
  schema: Schema,
): Promise<z.output<Schema>> {
  const text = await context.req.text()
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw invalid(['body: not JSON'], 'body')
  }
  return parse(schema, value, 'body')
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown, where: string): z.output<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const problems = result.error.issues.map((issue) => `${[where, ...issue.path].join('.')}: ${issue.message}`)
  throw invalid(problems, where)
}

function invalid(problems: readonly string[], where: string): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_REQUEST_INVALID',
    message: `The request's ${where} is not valid: ${problems.join('; ')}. Nothing was done.`,
    hint: 'Correct the named fields and send it again.',
    context: { problems },
  })
}
