import type { Context } from 'hono'
import type { ApiSchema } from '../api.ts'
import type { ServerEnv } from '../context.ts'

type Output<Route> = Route extends { readonly output: infer Answer } ? Answer : never

/** Answers a route of the API as its type in {@link ApiSchema} says. */
export function answer<Path extends keyof ApiSchema, Method extends keyof ApiSchema[Path]>(
  context: Context<ServerEnv>,
  output: Output<ApiSchema[Path][Method]>,
): Response {
  return context.body(JSON.stringify(output), 200, { 'content-type': 'application/json; charset=utf-8' })
}
