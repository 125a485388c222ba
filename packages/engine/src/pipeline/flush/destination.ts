import type { FlushLoad, FlushOutcome, LoadId, StoredPosition } from '@caudal/spec'

/** Where the flushes of a pipeline take effect: a warehouse, in this process or behind the owner. */
export interface Destination {
  /** The stored positions of the pipeline, by partition. */
  positions(pipeline: string): Promise<readonly StoredPosition[]>
  /** An id for the next flush, above those that were given before. */
  nextLoadId(): Promise<LoadId>
  /** As `FlushingWarehouse.flush`. */
  flush(load: FlushLoad, signal: AbortSignal): Promise<FlushOutcome>
}
