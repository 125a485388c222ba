import type { SourceBatch, StreamDescription } from '@caudal/spec'

/** A row as a source delivered it. */
export type DeliveredRow = Readonly<Record<string, unknown>>

/** A batch with its rows taken out of its payload. */
export interface DeliveredBatch {
  readonly batch: SourceBatch
  readonly rows: readonly DeliveredRow[]
}

/** The table that a stream's batches make: what the engine and a warehouse do with them, in as few words as can be. */
export class Replica {
  readonly #stream: StreamDescription
  /** Rows by key; rows without a key by a number. */
  #rows = new Map<string, DeliveredRow>()
  /** The table that a complete read fills, or the keys that it has seen. */
  #snapshot: Map<string, DeliveredRow> | undefined
  readonly #partitions = new Map<string, string[]>()
  #nextName = 0

  constructor(stream: StreamDescription) {
    this.#stream = stream
  }

  get rows(): readonly DeliveredRow[] {
    return [...this.#rows.values()]
  }

  /** Begins a read. `isFromStart`: without a position, or a full one. */
  begin(isFromStart: boolean): void {
    if (isFromStart) this.#snapshot = new Map()
  }

  apply({ batch, rows }: DeliveredBatch): void {
    if (batch.begins === true) this.#snapshot = new Map()
    const partition = batch.partition ?? ''
    if (batch.replacesPartition === true) this.#forget(partition)
    const { payload } = batch
    const operations = payload.kind === 'rows' ? payload.operations : undefined
    for (const [index, row] of rows.entries()) this.#put(row, partition, operations?.[index] === 'delete')
    if (batch.complete === true) this.#complete()
  }

  #put(row: DeliveredRow, partition: string, isDeleted: boolean): void {
    const { primaryKey, disposition } = this.#stream
    const isKeyed = primaryKey.length > 0 && disposition !== 'append'
    const name = isKeyed
      ? primaryKey.map((column) => String(row[column])).join('\u001f')
      : `#${this.#nextName++}`
    const targets = disposition === 'replace' ? [this.#snapshot ?? this.#rows] : [this.#rows, this.#snapshot]
    for (const target of targets) {
      if (isDeleted) target?.delete(name)
      else target?.set(name, row)
    }
    this.#partitions.set(partition, [...(this.#partitions.get(partition) ?? []), name])
  }

  #complete(): void {
    const { disposition, deletes } = this.#stream
    const sweeps = deletes === 'key sweep' || deletes === 'full re-sync'
    if (this.#snapshot !== undefined && (disposition === 'replace' || sweeps)) this.#rows = this.#snapshot
    this.#snapshot = undefined
  }

  #forget(partition: string): void {
    for (const name of this.#partitions.get(partition) ?? []) this.#rows.delete(name)
    this.#partitions.delete(partition)
  }
}
