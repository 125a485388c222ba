import type { EventCounts, EventLetter, PackedRows, PipelineTable } from '@caudal/spec'
import { RowPacker } from '../pack/row-packer.ts'

/** How far a flush brings a partition. */
export interface PartitionProgress {
  readonly partition: number
  /** Offset of its first event. */
  readonly from: number
  /** The offset to go on from. */
  readonly next: number
}

/** What a flush brings. */
export interface Flush {
  readonly partitions: readonly PartitionProgress[]
  /** Tables with at least one row. */
  readonly tables: readonly { readonly table: PipelineTable; readonly rows: PackedRows }[]
  readonly letters: readonly EventLetter[]
  readonly counts: EventCounts
}

/** What became of an event; an event with a dead letter is dead, else taken when it has a row. */
export type EventFate = 'taken' | 'filtered' | 'dead'

/** Gathers what becomes of events until it is sealed. */
export class FlushBuilder {
  readonly #packers: ReadonlyMap<string, { readonly table: PipelineTable; readonly packer: RowPacker }>
  readonly #partitions = new Map<number, PartitionProgress>()
  readonly #letters: EventLetter[] = []
  readonly #counts = { read: 0, taken: 0, filtered: 0, dead: 0 }

  constructor(tables: readonly PipelineTable[]) {
    this.#packers = new Map(
      tables.map((table) => [table.name, { table, packer: new RowPacker(table.columns) }]),
    )
  }

  /** Events so far. */
  get events(): number {
    return this.#counts.read
  }

  /** Adds a row to a table of the pipeline. @throws ValueMisfit: nothing was added. */
  addRow(table: string, row: Readonly<Record<string, unknown>>): void {
    this.#packers.get(table)?.packer.add(row)
  }

  addLetter(letter: EventLetter): void {
    this.#letters.push(letter)
  }

  count(fate: EventFate): void {
    this.#counts.read += 1
    this.#counts[fate] += 1
  }

  /** Notes that events of a partition were worked on. */
  advance(partition: number, from: number, next: number): void {
    const before = this.#partitions.get(partition)
    this.#partitions.set(partition, { partition, from: before?.from ?? from, next })
  }

  /** What was gathered. The builder is used no more. */
  seal(): Flush {
    return {
      partitions: [...this.#partitions.values()],
      tables: [...this.#packers.values()].flatMap(({ table, packer }) =>
        packer.rows === 0 ? [] : { table, rows: packer.finish() },
      ),
      letters: this.#letters,
      counts: this.#counts,
    }
  }
}
