import type { PushEvent } from '@caudal/spec'
import type { StagedLoad } from '../load/staged-load.ts'
import type { Destination } from '../pipeline/flush/destination.ts'
import type { ControlState } from '../state/control-state.ts'
import type { OwnerApi } from '../worker/protocol.ts'

/** What answers the calls of a worker. */
export interface WorkerCallsOptions {
  readonly control: ControlState
  /** `run source` → who waits for its loads. */
  readonly receivers: ReadonlyMap<string, (load: StagedLoad) => Promise<void>>
  /** Where the flushes of pipelines take effect. */
  readonly destination: Destination
  readonly emit: (event: PushEvent) => void
  readonly log?: (level: string, message: string, facts?: Readonly<Record<string, unknown>>) => void
}

/** What the owner does for the workers of its project. */
export function workerCalls({ control, receivers, destination, emit, log }: WorkerCallsOptions): OwnerApi {
  return {
    staged: async (load) => {
      const receive = receivers.get(`${load.run} ${load.source}`)
      if (receive === undefined) throw new Error(`Invariant broken: nobody waits for loads of ${load.source}`)
      await receive(load)
      return null
    },
    progress: async ({ source, stream, ...progress }) => {
      emit({ kind: 'progress', stage: `extract ${source}`, note: stream, ...progress })
      return null
    },
    positions: ({ pipeline }) => destination.positions(pipeline),
    nextLoadId: () => destination.nextLoadId(),
    flush: (load) => destination.flush(load, new AbortController().signal),
    readSecret: async ({ source, name }) => (await control.secrets.read(source, name)) ?? null,
    writeSecret: async ({ source, name, value }) => {
      await control.secrets.write(source, name, value)
      return null
    },
    log: async ({ source, level, message, facts }) => {
      log?.(level, `${source}: ${message}`, facts)
      return null
    },
  }
}
