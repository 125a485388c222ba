import type { JsonValue } from '@caudal/spec'
import type { StoredBoundary } from './boundary.ts'

/** What the engine keeps for a stream. */
export interface RestPosition {
  /** The newest cursor value up to which everything was read, in the records' writing. */
  readonly highWater?: string
  /** The records at the edge: they do not come again. */
  readonly boundary?: StoredBoundary
  /** A read that has not come to its end. */
  readonly resume?: ResumePosition
}

/** Where a read goes on. */
export interface ResumePosition {
  /** Of the walk. */
  readonly at: JsonValue
  /** The server's clock when the read began, milliseconds since 1970: what changed later belongs to the next read. */
  readonly startedAt?: number
  /** The cursor parameter with which the read began. */
  readonly since?: string
  /** Whether the read began at the beginning of the stream, so that its end completes it. */
  readonly isWhole: boolean
  /** The newest cursor value so far. */
  readonly highest?: string
  /** The records at the edge so far. */
  readonly edge?: StoredBoundary
}

/** A position as it was stored; an absent one is empty. */
export function toRestPosition(position: JsonValue | undefined): RestPosition {
  const isObject = typeof position === 'object' && position !== null && !Array.isArray(position)
  return isObject ? (position as RestPosition) : {}
}
