import type {
  EventContext,
  OperatorDeclaration,
  ParsedEvent,
  PipelineDeclaration,
  PipelineTable,
} from '@caudal/spec'
import type { z } from 'zod'

/** A pipeline as a project declares it. */
export function declare(
  name: string,
  schema: z.ZodType,
  operators: readonly OperatorDeclaration[],
  tables: readonly PipelineTable[],
  topic?: string,
): PipelineDeclaration {
  return {
    kind: 'pipeline',
    name,
    input: {
      kind: 'collector',
      partitions: 3,
      ...(topic === undefined ? {} : { topic }),
      parse: (value): ParsedEvent => {
        const { success, data, error } = schema.safeParse(value)
        if (success) return { isValid: true, value: data }
        return {
          isValid: false,
          issues: error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`),
        }
      },
    },
    operators,
    tables,
    place: 'pipelines/test.ts:1',
  }
}

/** An operator with its function. */
export function operator(
  kind: 'filter' | 'map' | 'flatMap',
  input: string,
  apply: (value: never, context: EventContext) => unknown,
): OperatorDeclaration {
  return { id: `${kind} 1`, kind, input, apply: apply as NonNullable<OperatorDeclaration['apply']> }
}

/** The operator that fills a table. */
export function into(table: string, input: string): OperatorDeclaration {
  return { id: table, kind: 'into', input }
}
