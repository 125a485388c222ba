import type { AdapterReference, Lake, LoadId, LoadOutcome, Manifest, Readers, Warehouse } from '@caudal/spec'
import type { Committer } from '../load/committer.ts'
import type { WriterLane } from '../load/lane.ts'
import type { StagedLoad } from '../load/staged-load.ts'
import type { ProjectWorker } from '../worker/project-worker.ts'

/** What the stages of a run work with: the owner's open parts. */
export interface RunContext {
  readonly manifest: Manifest
  readonly worker: ProjectWorker
  readonly warehouse: Warehouse
  readonly lake: Lake
  readonly lakeReference: AdapterReference
  readonly lane: WriterLane
  readonly readers: Readers
  readonly committer: Committer
  /** Newest load id that is known: ids of new loads begin above it. */
  lastLoad(): LoadId
  /** A new load id, for loads that the owner stages itself. */
  nextLoad(): LoadId
  /** Directs the loads that the worker stages for a run and source to a receiver. @returns a function that ends it. */
  receiveLoads(run: string, source: string, receive: (load: StagedLoad) => Promise<void>): () => void
  /** A load took effect. */
  committed(load: StagedLoad, outcome: LoadOutcome): void
  /** A publication took effect. */
  published(sequence: number, tables: readonly string[]): void
}
