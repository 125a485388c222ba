import type { AdapterReference, ErrorReport } from '@caudal/spec'
import type { StoredWriteKey } from './write-keys.ts'

/** What a collector process is told first. */
export interface CollectorStart {
  readonly kind: 'start'
  readonly projectPath: string
  readonly log: AdapterReference
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  readonly keys: readonly StoredWriteKey[]
}

/** What it is told later: other keys, or to end when everything that it took is answered. */
export type CollectorOrder =
  | { readonly kind: 'keys'; readonly keys: readonly StoredWriteKey[] }
  | { readonly kind: 'stop' }

/** What it says: that it takes events for these topics, or why it does not. */
export type CollectorReport =
  | { readonly kind: 'ready'; readonly topics: readonly string[]; readonly port: number }
  | { readonly kind: 'failed'; readonly error: ErrorReport }
