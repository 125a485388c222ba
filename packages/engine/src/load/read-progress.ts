import {
  CaudalError,
  type Disposition,
  type JsonValue,
  type LoadId,
  type StreamDescription,
} from '@caudal/spec'
import type { StagedLoad } from './staged-load.ts'
import type { PositionEnvelope, StartPosition } from './starts.ts'

/** What a read of a stream starts from. */
export interface ReadFacts {
  readonly source: string
  readonly stream: StreamDescription
  readonly full: boolean
  readonly starts: ReadonlyMap<string, StartPosition>
}

/**
 * Where a read of one stream stands: the position of each partition, whether it is a place from which reading can continue, and the
 * complete read in progress. It tells what a load that ends here records.
 */
export class ReadProgress {
  readonly #facts: ReadFacts
  readonly #versions = new Map<string, number>()
  readonly #positions = new Map<string, JsonValue>()
  /** Partitions whose last batch was a place to continue from. */
  readonly #places = new Set<string>()
  /** Partitions whose position belongs to the complete read in progress. */
  readonly #continued = new Set<string>()
  #snapshot: LoadId | undefined
  #isBegun = false

  constructor(facts: ReadFacts) {
    this.#facts = facts
    for (const [partition, start] of facts.starts) {
      this.#versions.set(partition, start.version)
      if (facts.full) continue
      this.#positions.set(partition, start.envelope.adapter)
      if (start.envelope.snapshot === null || start.envelope.adapter === null) continue
      this.#snapshot = start.envelope.snapshot
      this.#continued.add(partition)
    }
  }

  /** Reading a table without a key again adds every row twice: a full read replaces it. */
  get disposition(): Disposition {
    const { stream, full } = this.#facts
    return full && stream.disposition === 'append' ? 'replace' : stream.disposition
  }

  /** Whether reading the same rows again later does no harm, so that a load may end anywhere. */
  get canRepeat(): boolean {
    return this.#replacesTable || this.#facts.stream.disposition === 'merge'
  }

  /** Whether reading of the partition can continue from where it stands. */
  isAtPlace(partition: string): boolean {
    return this.#places.has(partition)
  }

  /** The source begins a complete read anew. */
  begin(): void {
    this.#snapshot = undefined
    this.#continued.clear()
    this.#isBegun = true
  }

  /** A batch of the partition was taken; without a position reading cannot continue behind it. */
  note(partition: string, position: JsonValue | undefined): void {
    if (position === undefined) this.#places.delete(partition)
    else {
      this.#positions.set(partition, position)
      this.#places.add(partition)
      this.#continued.add(partition)
    }
  }

  /** A load ends here: what it records of the read. @throws CaudalError `CAUDAL_SOURCE_COMPLETE`. */
  end(
    id: LoadId,
    partition: string,
    isComplete: boolean,
  ): Pick<StagedLoad, 'snapshot' | 'expectedVersion' | 'position'> {
    const snapshot = this.#snapshotPart(id, partition, isComplete)
    const expectedVersion = this.#versions.get(partition) ?? 0
    this.#versions.set(partition, expectedVersion + 1)
    const position = { ...this.#envelope(partition, snapshot) }
    return { ...(snapshot === undefined ? {} : { snapshot }), expectedVersion, position }
  }

  /** The read has ended. @throws CaudalError `CAUDAL_SOURCE_INCOMPLETE` when a snapshot was begun and never completed. */
  assertEnded(): void {
    if (this.#snapshot === undefined || !this.#replacesTable) return
    const { source, stream } = this.#facts
    throw new CaudalError({
      code: 'CAUDAL_SOURCE_INCOMPLETE',
      message: `${source}.${stream.name}: the source ended without saying that its complete read is complete. The table keeps its previous rows; what was staged stays private.`,
      hint: 'Yield { rows: [], complete: true } at the end of a complete read.',
      context: { source, stream: stream.name },
    })
  }

  get #replacesTable(): boolean {
    return this.disposition === 'replace'
  }

  /**
   * What is stored when the load takes effect. A full read of a stream that is appended to leaves the position alone until it is complete: if
   * it breaks off, the table is as it was. A complete read that ended somewhere else than at a place, and a part of one that has no key
   * to remove what comes twice, cannot be continued: the next read begins anew.
   */
  #envelope(partition: string, snapshot: StagedLoad['snapshot']): PositionEnvelope {
    const adapter = this.#positions.get(partition) ?? null
    if (snapshot === undefined) return { adapter, snapshot: null }
    const isReplacedOnce = this.#replacesTable && this.#facts.stream.disposition === 'append'
    if (isReplacedOnce && !snapshot.complete) {
      return { adapter: this.#facts.starts.get(partition)?.envelope.adapter ?? null, snapshot: null }
    }
    const isAtPlace = this.#places.has(partition)
    if (snapshot.complete) return { adapter: isAtPlace ? adapter : null, snapshot: null }
    const canContinue = this.#continued.has(partition) && (isAtPlace || !this.#replacesTable)
    return canContinue ? { adapter, snapshot: snapshot.id } : { adapter: null, snapshot: null }
  }

  /** Whether the load is part of a complete read, and whether it ends it. */
  #snapshotPart(id: LoadId, partition: string, isComplete: boolean): StagedLoad['snapshot'] {
    const sweeps = this.#facts.stream.deletes === 'key sweep' || this.#facts.stream.deletes === 'full re-sync'
    const isFromStart =
      this.#isBegun ||
      this.#facts.full ||
      (this.#facts.starts.get(partition)?.envelope.adapter ?? null) === null
    const isPart = this.#snapshot !== undefined || this.#replacesTable || (sweeps && isFromStart)
    if (!isPart && isComplete && sweeps) throw this.#notFromStart()
    if (!isPart) return undefined
    const began = this.#snapshot ?? id
    this.#snapshot = isComplete ? undefined : began
    return { id: began, complete: isComplete }
  }

  #notFromStart(): CaudalError {
    const { source, stream } = this.#facts
    return new CaudalError({
      code: 'CAUDAL_SOURCE_COMPLETE',
      message: `${source}.${stream.name}: the source called a read complete that began at a position, so the records that it did not deliver cannot be told from deleted ones. Nothing was deleted.`,
      hint: 'Yield `complete` without a position, or only for reads that began without one; caudal run --full reads everything again.',
      context: { source, stream: stream.name },
    })
  }
}
