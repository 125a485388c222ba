import {
  CaudalError,
  normaliseFields,
  normaliseName,
  type Column,
  type Disposition,
  type JsonValue,
  type Lake,
  type LoadId,
  type SourceBatch,
  type StagedFile,
  type StreamDescription,
} from '@caudal/spec'
import type { LoadClock } from './load-id.ts'
import { RowWriter } from './row-writer.ts'
import { Segment } from './segment.ts'
import { loadFolder, sealStagedLoad, type StagedLoad } from './staged-load.ts'
import { stageFile } from './stage-file.ts'
import type { PositionEnvelope, StartPosition } from './starts.ts'

/** When a segment is sealed at the next place from which reading can continue. */
const segmentRowsMax = 100_000
const segmentBytesMax = 64 * 1024 * 1024
const segmentAgeMaxMs = 2_000

/** What a stager needs to know of its stream. */
export interface StagerOptions {
  readonly lake: Lake
  readonly clock: LoadClock
  readonly source: string
  readonly run: string
  readonly stream: StreamDescription
  readonly full: boolean
  readonly starts: ReadonlyMap<string, StartPosition>
  /** Hands a complete staged load over; resolves when the next may be staged. */
  readonly handOver: (load: StagedLoad) => Promise<void>
}

/**
 * Turns the batches of one stream into complete staged loads in the lake: rows gather in segments, files go in as they are. A load ends
 * where reading can continue, so that what is staged is never read again.
 */
export class Stager {
  readonly #options: StagerOptions
  readonly #writer = new RowWriter()
  readonly #versions = new Map<string, number>()
  readonly #positions = new Map<string, JsonValue>()
  /** Partitions whose last batch was a place to continue from. */
  readonly #places = new Set<string>()
  /** Partitions whose position belongs to the complete read in progress. */
  readonly #continued = new Set<string>()
  #columns: readonly Column[]
  #snapshot: LoadId | undefined
  #isBegun = false
  #segment: { readonly id: LoadId; readonly partition: string; readonly file: Segment } | undefined
  #filtered = 0
  /** Records and bytes taken so far. */
  rows = 0
  bytes = 0

  constructor(options: StagerOptions) {
    this.#options = options
    this.#columns = checkedColumns(options.stream.columns, `${options.source}.${options.stream.name}`)
    for (const [partition, start] of options.starts) {
      this.#versions.set(partition, start.version)
      if (options.full) continue
      this.#positions.set(partition, start.envelope.adapter)
      if (start.envelope.snapshot === null || start.envelope.adapter === null) continue
      this.#snapshot = start.envelope.snapshot
      this.#continued.add(partition)
    }
  }

  /** Takes a batch. */
  async take(batch: SourceBatch): Promise<void> {
    const partition = batch.partition ?? ''
    if (batch.schema !== undefined) await this.#changeSchema(batch.schema)
    if (this.#segment !== undefined && this.#segment.partition !== partition) await this.#seal(false)
    if (batch.begins === true) await this.#begin()
    this.#filtered += batch.filtered ?? 0
    if (batch.payload.kind === 'file') await this.#takeFile(batch, partition)
    else await this.#takeRows(batch, partition)
  }

  /** Ends the read. @throws CaudalError `CAUDAL_SOURCE_INCOMPLETE` when a snapshot was begun and never completed. */
  async finish(): Promise<void> {
    await this.#seal(false)
    if (this.#snapshot === undefined || !this.#replacesTable()) return
    const { source, stream } = this.#options
    throw new CaudalError({
      code: 'CAUDAL_SOURCE_INCOMPLETE',
      message: `${source}.${stream.name}: the source ended without saying that its complete read is complete. The table keeps its previous rows; what was staged stays private.`,
      hint: 'Yield { rows: [], complete: true } at the end of a complete read.',
      context: { source, stream: stream.name },
    })
  }

  /** Ends a read that failed: what can be continued from is kept, the rest given up. */
  async stop(): Promise<void> {
    const segment = this.#segment
    if (segment !== undefined && this.#places.has(segment.partition)) await this.#seal(false)
    else await this.discard()
  }

  /** Gives up what is not sealed. */
  async discard(): Promise<void> {
    await this.#segment?.file.discard()
    this.#segment = undefined
  }

  async #takeRows(batch: SourceBatch, partition: string): Promise<void> {
    const { payload } = batch
    if (payload.kind === 'file') return
    const segment = this.#open(partition)
    const rows = payload.kind === 'rows' ? payload.rows.length : payload.rows
    const lines =
      payload.kind === 'rows' ? this.#writer.write(payload.rows, payload.operations) : payload.bytes
    const fields = payload.kind === 'rows' ? this.#writer.fields : payload.fields
    if (payload.kind === 'rows' && payload.operations !== undefined) segment.hasOperations = true
    this.rows += rows
    this.bytes += lines.length
    await segment.add(
      lines,
      rows,
      fields,
      batch.origin ?? `${this.#options.source}.${this.#options.stream.name}`,
    )
    this.#notePosition(partition, batch)
    const isPlace = this.#places.has(partition) || batch.complete === true || this.#canRepeat()
    const isFull =
      segment.rows >= segmentRowsMax ||
      segment.bytes >= segmentBytesMax ||
      Date.now() - segment.openedAt >= segmentAgeMaxMs
    if (batch.complete === true || (isPlace && isFull)) await this.#seal(batch.complete === true)
  }

  async #takeFile(batch: SourceBatch, partition: string): Promise<void> {
    if (batch.payload.kind !== 'file') return
    await this.#seal(false)
    const id = this.#options.clock.next()
    const folder = loadFolder(this.#options.source, this.#options.stream.name, id)
    const file = await stageFile(this.#options.lake, folder, batch.payload, this.#doubles())
    this.bytes += file.bytes
    this.#notePosition(partition, batch)
    await this.#handOver(id, partition, [file], batch.complete === true, batch.replacesPartition === true)
  }

  /** Fields of columns that are doubles, whatever comes. */
  #doubles(): ReadonlySet<string> {
    const columns = this.#columns.filter(
      ({ type, isDeclared }) =>
        type.kind === 'double' && (isDeclared === true || this.#options.stream.isTyped),
    )
    return new Set(columns.map(({ name, field }) => field ?? name))
  }

  #notePosition(partition: string, { position }: SourceBatch): void {
    if (position === undefined) this.#places.delete(partition)
    else {
      this.#positions.set(partition, position)
      this.#places.add(partition)
      this.#continued.add(partition)
    }
  }

  async #begin(): Promise<void> {
    await this.#seal(false)
    this.#snapshot = undefined
    this.#continued.clear()
    this.#isBegun = true
  }

  #open(partition: string): Segment {
    if (this.#segment !== undefined) return this.#segment.file
    const id = this.#options.clock.next()
    const folder = loadFolder(this.#options.source, this.#options.stream.name, id)
    const file = new Segment(this.#options.lake, `${folder}/rows.ndjson.zst`)
    this.#segment = { id, partition, file }
    return file
  }

  async #seal(isComplete: boolean): Promise<void> {
    const segment = this.#segment
    if (segment === undefined) return
    this.#segment = undefined
    const file = await segment.file.finish()
    await this.#handOver(segment.id, segment.partition, file.rows === 0 ? [] : [file], isComplete)
  }

  async #handOver(
    id: LoadId,
    partition: string,
    files: StagedFile[],
    isComplete: boolean,
    replacesPartition = false,
  ): Promise<void> {
    const { source, stream, run, lake } = this.#options
    const snapshot = this.#snapshotPart(id, partition, isComplete)
    const expectedVersion = this.#versions.get(partition) ?? 0
    const envelope = this.#envelope(partition, snapshot)
    const load: StagedLoad = {
      format: 1,
      id,
      run,
      source,
      stream: stream.name,
      table: { schema: normaliseName(source), name: normaliseName(stream.name) },
      columns: this.#columns,
      isTyped: stream.isTyped,
      disposition: this.#disposition(),
      primaryKey: stream.primaryKey,
      ...(stream.order === undefined ? {} : { order: stream.order }),
      // A history is never replaced: what a complete read no longer holds ends its versions.
      deletes:
        stream.disposition === 'history' && stream.deletes === 'full re-sync' ? 'key sweep' : stream.deletes,
      contract: stream.contract,
      files,
      filtered: this.#filtered,
      ...(snapshot === undefined ? {} : { snapshot }),
      ...(replacesPartition ? { replacesPartition } : {}),
      partition,
      expectedVersion,
      position: { ...envelope },
      stagedAt: new Date().toISOString(),
    }
    this.#versions.set(partition, expectedVersion + 1)
    this.#filtered = 0
    await sealStagedLoad(lake, load)
    await this.#options.handOver(load)
  }

  /**
   * What is stored when the load takes effect. A full read of a stream that is appended to leaves the position alone until it is complete: if
   * it breaks off, the table is as it was. A complete read that ended somewhere else than at a place, and a part of one that has no key
   * to remove what comes twice, cannot be continued: the next read begins anew.
   */
  #envelope(partition: string, snapshot: StagedLoad['snapshot']): PositionEnvelope {
    const adapter = this.#positions.get(partition) ?? null
    if (snapshot === undefined) return { adapter, snapshot: null }
    const isReplacedOnce = this.#replacesTable() && this.#options.stream.disposition === 'append'
    if (isReplacedOnce && !snapshot.complete) {
      return { adapter: this.#options.starts.get(partition)?.envelope.adapter ?? null, snapshot: null }
    }
    const isAtPlace = this.#places.has(partition)
    if (snapshot.complete) return { adapter: isAtPlace ? adapter : null, snapshot: null }
    const canContinue = this.#continued.has(partition) && (isAtPlace || !this.#replacesTable())
    return canContinue ? { adapter, snapshot: snapshot.id } : { adapter: null, snapshot: null }
  }

  /** Whether the load is part of a complete read, and whether it ends it. */
  #snapshotPart(id: LoadId, partition: string, isComplete: boolean): StagedLoad['snapshot'] {
    const sweeps =
      this.#options.stream.deletes === 'key sweep' || this.#options.stream.deletes === 'full re-sync'
    const isFromStart =
      this.#isBegun ||
      this.#options.full ||
      (this.#options.starts.get(partition)?.envelope.adapter ?? null) === null
    const isPart = this.#snapshot !== undefined || this.#replacesTable() || (sweeps && isFromStart)
    if (!isPart && isComplete && sweeps) throw this.#notFromStart()
    if (!isPart) return undefined
    const began = this.#snapshot ?? id
    this.#snapshot = isComplete ? undefined : began
    return { id: began, complete: isComplete }
  }

  /** Reading a table without a key again adds every row twice: a full read replaces it. */
  #disposition(): Disposition {
    const { stream, full } = this.#options
    return full && stream.disposition === 'append' ? 'replace' : stream.disposition
  }

  #replacesTable(): boolean {
    return this.#disposition() === 'replace'
  }

  /** Whether reading the same rows again later does no harm, so that a load may end anywhere. */
  #canRepeat(): boolean {
    return this.#replacesTable() || this.#options.stream.disposition === 'merge'
  }

  #notFromStart(): CaudalError {
    const { source, stream } = this.#options
    return new CaudalError({
      code: 'CAUDAL_SOURCE_COMPLETE',
      message: `${source}.${stream.name}: the source called a read complete that began at a position, so the records that it did not deliver cannot be told from deleted ones. Nothing was deleted.`,
      hint: 'Yield `complete` without a position, or only for reads that began without one; caudal run --full reads everything again.',
      context: { source, stream: stream.name },
    })
  }

  async #changeSchema(columns: readonly Column[]): Promise<void> {
    await this.#seal(false)
    this.#columns = checkedColumns(columns, `${this.#options.source}.${this.#options.stream.name}`)
  }
}

/** Columns with normalised names. @throws CaudalError `CAUDAL_NAME_COLLISION`. */
function checkedColumns(columns: readonly Column[], where: string): Column[] {
  normaliseFields(
    columns.map((column) => column.field ?? column.name),
    where,
  )
  return columns.map((column) => ({
    ...column,
    name: normaliseName(column.name),
    field: column.field ?? column.name,
  }))
}
