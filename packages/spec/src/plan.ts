import type { SourceCapabilities } from './source.ts'
import type { WarehouseCapabilities } from './warehouse.ts'

/** What a plan does with an object, in the order in which plans show them. */
export type StageAction = 'create' | 'change' | 'backfill' | 'refresh' | 'drop' | 'skip'

/**
 * One item of a plan. Explain, run and the console read the same list. A stage starts when those named in `after` have succeeded;
 * when one of them fails it is skipped.
 */
export type Stage =
  | {
      readonly kind: 'extract'
      readonly id: string
      readonly source: string
      readonly streams: readonly string[]
      readonly tables: readonly string[]
      readonly full: boolean
      /** What a crash at any moment leaves of this source in this warehouse. */
      readonly guarantee: SourceCapabilities['guarantee']
      readonly adapter: string
      readonly warehouse: string
      /** How a load takes effect there. */
      readonly protocol: WarehouseCapabilities['protocol']
      /** File of Caudal's repository with the crash test that holds the guarantee. Absent: there is none. */
      readonly crashTest?: string
      readonly after: readonly string[]
    }
  | {
      readonly kind: 'model'
      readonly id: string
      readonly model: string
      readonly action: StageAction
      /** Why: `new`, `SQL changed`, `upstream marts.deals changed`, `new rows in crm.deals`, … */
      readonly reason: string
      /** Half-open UTC intervals to build, for incremental models. */
      readonly intervals: readonly { readonly start: string; readonly end: string }[]
      readonly after: readonly string[]
    }
  | {
      /** The open dead letters of a table are loaded again under today's types. */
      readonly kind: 'replay'
      readonly id: string
      readonly table: string
      readonly letters: number
      readonly after: readonly string[]
    }
  | {
      /** The position of a stream is forgotten, so that the next run reads from the start; a table that is only appended to is emptied. */
      readonly kind: 'reset'
      readonly id: string
      readonly table: string
      readonly after: readonly string[]
    }
  | {
      readonly kind: 'check'
      readonly id: string
      readonly checks: readonly string[]
      readonly table: string
      readonly after: readonly string[]
    }

/** A plan: plain data, made before anything runs. */
export interface Plan {
  readonly target: string
  readonly stages: readonly Stage[]
}

/** States of a run and of a stage. A partial run is never `succeeded`. */
export const runStates = ['queued', 'running', 'succeeded', 'failed', 'skipped', 'cancelled'] as const

/** One of {@link runStates}. */
export type RunState = (typeof runStates)[number]
