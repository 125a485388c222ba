import type { JsonValue, LoadId, StreamDescription } from '@caudal/spec'

/** What is stored as a position: the adapter's own, and the snapshot that is not complete yet. */
export interface PositionEnvelope {
  readonly adapter: JsonValue
  readonly snapshot: LoadId | null
}

/** Where a stream's partition stands when an extraction begins. */
export interface StartPosition {
  readonly version: number
  readonly envelope: PositionEnvelope
  /** The complete read of the table that is in progress. */
  readonly inProgress?: LoadId
}

/** Whether a load of the stream may be part of a complete read that is told apart from others: by what it has not, rows go. */
function hasCompleteReads(stream: Pick<StreamDescription, 'disposition' | 'deletes'>): boolean {
  return (
    stream.disposition === 'replace' || stream.deletes === 'key sweep' || stream.deletes === 'full re-sync'
  )
}

/**
 * Where each partition of a stream is read on. A complete read in progress is continued where its own loads got to; a partition that stands
 * elsewhere has not begun it and is read from the start. For a stream without such reads only the position counts.
 */
export function startsOf(
  stream: Pick<StreamDescription, 'disposition' | 'deletes'>,
  stored: Readonly<Record<string, StartPosition>> = {},
): Readonly<Record<string, StartPosition>> {
  return Object.fromEntries(
    Object.entries(stored).map(([partition, { version, envelope, inProgress }]) => [
      partition,
      { version, envelope: continued(envelope, hasCompleteReads(stream) ? inProgress : undefined) },
    ]),
  )
}

function continued(stored: PositionEnvelope, inProgress: LoadId | undefined): PositionEnvelope {
  if (inProgress === undefined) return { adapter: stored.adapter, snapshot: null }
  return stored.snapshot === inProgress ? stored : { adapter: null, snapshot: null }
}
