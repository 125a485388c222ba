import type { Column } from './column.ts'
import type { JsonObject, JsonValue } from './json.ts'
import type { CodeReference } from './reference.ts'

/** What operators do with events. */
export const operatorKinds = ['filter', 'map', 'flatMap', 'into'] as const

/** One of {@link operatorKinds}. */
export type OperatorKind = (typeof operatorKinds)[number]

/** An operator as plain data. */
export interface OperatorNode {
  /** Unique in its pipeline: `filter 1`, and for `into` the table. */
  readonly id: string
  readonly kind: OperatorKind
  /** Id of the operator whose output it takes; `''`: the events of the topic. */
  readonly input: string
}

/** A table that a pipeline fills. */
export interface PipelineTable {
  /** `schema.name`. */
  readonly name: string
  readonly columns: readonly Column[]
  /** Rows with the same key are one row, the later one wins. Empty: every row is added. */
  readonly key: readonly string[]
}

/** What a pipeline reads. */
export interface TopicNode {
  readonly kind: 'collector'
  readonly topic: string
  readonly partitions: number
  /** JSON Schema of an event, where its schema gives one. */
  readonly schema?: JsonObject
}

/** A pipeline: typed operators from a topic to tables. */
export interface PipelineNode {
  readonly name: string
  readonly code: CodeReference
  readonly input: TopicNode
  /** Each after the one whose output it takes. */
  readonly operators: readonly OperatorNode[]
  readonly tables: readonly PipelineTable[]
  readonly description?: string
  readonly place: string
}

/** Where an event came from, for the functions of a pipeline. */
export interface EventContext {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  /** When the log took it. */
  readonly appendedAt: Date
  readonly key?: string
  readonly headers: Readonly<Record<string, string>>
}

/** What a schema says of a value. */
export type ParsedEvent =
  | { readonly isValid: true; readonly value: unknown }
  /** One for each thing that is wrong, with its path in the value. */
  | { readonly isValid: false; readonly issues: readonly string[] }

/** What a pipeline reads, with its schema. */
export interface TopicDeclaration extends Omit<TopicNode, 'topic'> {
  /** Absent: the name of the pipeline. */
  readonly topic?: string
  readonly parse: (value: JsonValue) => ParsedEvent
}

/** An operator with its function. */
export interface OperatorDeclaration extends OperatorNode {
  /** Absent for `into`. */
  readonly apply?: (value: unknown, context: EventContext) => unknown
}

/** A pipeline as it is declared. */
export interface PipelineDeclaration {
  readonly kind: 'pipeline'
  readonly name: string
  readonly input: TopicDeclaration
  readonly operators: readonly OperatorDeclaration[]
  readonly tables: readonly PipelineTable[]
  readonly description?: string
  readonly place: string
}
