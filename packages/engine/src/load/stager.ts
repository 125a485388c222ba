import {
  CaudalError,
  normaliseFields,
  normaliseName,
  type Column,
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

/** When a segment is sealed at the next place from which reading can continue. */
const segmentRowsMax = 100_000
const segmentBytesMax = 64 * 1024 * 1024
const segmentAgeMaxMs = 2_000

/** What is stored as a position: the adapter's own, and the snapshot that is not complete yet. */
export interface PositionEnvelope {
  readonly adapter: JsonValue
  readonly snapshot: LoadId | null
}

/** Where a stream's partition stands when an extraction begins. */
export interface StartPosition {
  readonly version: number
  readonly envelope: PositionEnvelope
}

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
      this.#positions.set(partition, start.envelope.adapter)
      if (!options.full && start.envelope.snapshot !== null) this.#snapshot = start.envelope.snapshot
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
    if (batch.position !== undefined) this.#positions.set(partition, batch.position)
    const isPlace = batch.position !== undefined || batch.complete === true || this.#canRepeat()
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
    const file = await stageFile(this.#options.lake, folder, batch.payload)
    this.bytes += file.bytes
    if (batch.position !== undefined) this.#positions.set(partition, batch.position)
    await this.#handOver(id, partition, [file], batch.complete === true, batch.replacesPartition === true)
  }

  async #begin(): Promise<void> {
    await this.#seal(false)
    this.#snapshot = undefined
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
    const envelope: PositionEnvelope = {
      adapter: this.#positions.get(partition) ?? null,
      snapshot: snapshot === undefined || snapshot.complete ? null : snapshot.id,
    }
    const load: StagedLoad = {
      format: 1,
      id,
      run,
      source,
      stream: stream.name,
      table: { schema: normaliseName(source), name: normaliseName(stream.name) },
      columns: this.#columns,
      isTyped: stream.isTyped,
      disposition: stream.disposition,
      primaryKey: stream.primaryKey,
      ...(stream.order === undefined ? {} : { order: stream.order }),
      deletes: stream.deletes,
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

  /** Whether the load is part of a complete read, and whether it ends it. */
  #snapshotPart(id: LoadId, partition: string, isComplete: boolean): StagedLoad['snapshot'] {
    const sweeps =
      this.#options.stream.deletes === 'key sweep' || this.#options.stream.deletes === 'full re-sync'
    const isFromStart =
      this.#isBegun ||
      this.#options.full ||
      (this.#options.starts.get(partition)?.envelope.adapter ?? null) === null
    const isPart = this.#snapshot !== undefined || this.#replacesTable() || (sweeps && isFromStart)
    if (!isPart) return undefined
    const began = this.#snapshot ?? id
    this.#snapshot = isComplete ? undefined : began
    return { id: began, complete: isComplete }
  }

  #replacesTable(): boolean {
    return this.#options.stream.disposition === 'replace'
  }

  /** Whether reading the same rows again later does no harm, so that a load may end anywhere. */
  #canRepeat(): boolean {
    return this.#replacesTable() || this.#options.stream.disposition === 'merge'
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
