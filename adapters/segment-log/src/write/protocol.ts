import type { ErrorReport, PartitionOffset } from '@caudal/spec'
import type { AppendParts } from './topic-writer.ts'

/** What the writer's thread is given when it starts. */
export interface WriterSettings {
  /** Absolute path of the log. */
  readonly root: string
  readonly segmentBytes: number
}

/** What the writer's thread is asked. */
export type WriterRequest = { readonly id: number } & (
  | { readonly kind: 'append'; readonly topic: string; readonly parts: AppendParts }
  | { readonly kind: 'declare'; readonly topic: string; readonly partitions: number }
  | { readonly kind: 'trim'; readonly topic: string; readonly before: readonly PartitionOffset[] }
  | { readonly kind: 'seal'; readonly topic: string }
  | { readonly kind: 'open' }
  | { readonly kind: 'close' }
)

/** What it answers. `value`: the first offsets of an append; of anything else nothing. */
export type WriterAnswer =
  | { readonly id: number; readonly value: readonly number[] }
  | { readonly id: number; readonly error: ErrorReport }
