import type { Column } from './column.ts'
import type { EventCounts, LoadId, PositionChange } from './load.ts'
import type { PackedRows } from './packed.ts'
import type { TableName } from './stream.ts'
import type { Warehouse } from './warehouse.ts'

/** An event that an operator could not work on. */
export interface EventLetter {
  readonly partition: number
  readonly offset: number
  /** Id of the operator; `parse` for what is no event of the topic's schema. */
  readonly operator: string
  /** The table that its row was for. Absent: it had not come so far. */
  readonly table?: TableName
  readonly column?: string
  readonly reason: string
  /** The event as it came. */
  readonly raw: Uint8Array
  /** How often it was tried: 1, and one more with each replay. */
  readonly attempt: number
}

/** Rows that a flush puts into a table. */
export interface FlushTable {
  readonly table: TableName
  readonly columns: readonly Column[]
  /** Rows with the same key are one row: that of the later flush, and in one flush the later row. Empty: every row is added. */
  readonly key: readonly string[]
  readonly rows: PackedRows
}

/** One atomic change that a pipeline makes. It takes effect only if each position is at the version that it started from. */
export interface FlushLoad {
  readonly id: LoadId
  readonly pipeline: string
  readonly topic: string
  readonly run: string
  readonly tables: readonly FlushTable[]
  readonly letters: readonly EventLetter[]
  readonly counts: EventCounts
  /** By partition; the stream of each is the topic. At least one. */
  readonly positions: readonly PositionChange[]
}

/** What a flush did. */
export interface FlushOutcome {
  readonly id: LoadId
  /** Ledger sequence number; push ids are these numbers. */
  readonly sequence: number
  /** It had taken effect before: nothing changed now. */
  readonly wasApplied: boolean
}

/** A warehouse that takes what pipelines make. */
export interface FlushingWarehouse extends Warehouse {
  /**
   * Applies a flush whole or not at all. Given again, it changes nothing.
   * @throws CaudalError `CAUDAL_LOAD_POSITION_MOVED`: another flush or a reset came first; `CAUDAL_FLUSH_TABLE`: the table has other columns
   * that these do not fit. Nothing changed.
   */
  flush(load: FlushLoad, signal: AbortSignal): Promise<FlushOutcome>
}

/** Whether a warehouse takes what pipelines make. */
export function supportsFlush(warehouse: Warehouse): warehouse is FlushingWarehouse {
  return 'flush' in warehouse && typeof warehouse.flush === 'function'
}
