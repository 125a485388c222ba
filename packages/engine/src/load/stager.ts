import {
  normaliseName,
  type Column,
  type Lake,
  type LoadId,
  type SourceBatch,
  type StagedFile,
} from '@caudal/spec'
import { checkKey } from './check-key.ts'
import { checkedColumns } from './checked-columns.ts'
import type { LoadClock } from './load-id.ts'
import { ReadProgress, type ReadFacts } from './read-progress.ts'
import { RowWriter } from './row-writer.ts'
import { Segment } from './segment.ts'
import { loadFolder, sealStagedLoad, type StagedLoad } from './staged-load.ts'
import { stageFile } from './stage-file.ts'

/** When a segment is sealed at the next place from which reading can continue. */
const segmentRowsMax = 100_000
const segmentBytesMax = 64 * 1024 * 1024
const segmentAgeMaxMs = 2_000

/** What a stager needs to know of its stream. */
export interface StagerOptions extends ReadFacts {
  readonly lake: Lake
  readonly clock: LoadClock
  readonly run: string
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
  readonly #progress: ReadProgress
  #columns: readonly Column[]
  #segment: { readonly id: LoadId; readonly partition: string; readonly file: Segment } | undefined
  #filtered = 0
  /** Records and bytes taken so far. */
  rows = 0
  bytes = 0

  constructor(options: StagerOptions) {
    this.#options = options
    this.#columns = checkedColumns(options.stream.columns, `${options.source}.${options.stream.name}`)
    this.#progress = new ReadProgress(options)
  }

  /** Takes a batch. */
  async take(batch: SourceBatch): Promise<void> {
    const partition = batch.partition ?? ''
    if (batch.schema !== undefined) await this.#changeSchema(batch.schema)
    if (this.#segment !== undefined && this.#segment.partition !== partition) await this.#seal(false)
    if (batch.begins === true) {
      await this.#seal(false)
      this.#progress.begin()
    }
    this.#filtered += batch.filtered ?? 0
    if (batch.payload.kind === 'file') await this.#takeFile(batch, partition)
    else await this.#takeRows(batch, partition)
  }

  /** Ends the read. @throws CaudalError `CAUDAL_SOURCE_INCOMPLETE` when a snapshot was begun and never completed. */
  async finish(): Promise<void> {
    await this.#seal(false)
    this.#progress.assertEnded()
  }

  /** Ends a read that failed: what can be continued from is kept, the rest given up. */
  async stop(): Promise<void> {
    const segment = this.#segment
    if (segment !== undefined && this.#progress.isAtPlace(segment.partition)) await this.#seal(false)
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
    this.#progress.note(partition, batch.position)
    const isPlace = this.#progress.isAtPlace(partition) || batch.complete === true || this.#progress.canRepeat
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
    this.#progress.note(partition, batch.position)
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
    checkKey(source, stream, this.#columns)
    const { snapshot, expectedVersion, position } = this.#progress.end(id, partition, isComplete)
    const load: StagedLoad = {
      format: 1,
      id,
      run,
      source,
      stream: stream.name,
      table: { schema: normaliseName(source), name: normaliseName(stream.name) },
      columns: this.#columns,
      isTyped: stream.isTyped,
      disposition: this.#progress.disposition,
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
      position,
      stagedAt: new Date().toISOString(),
    }
    this.#filtered = 0
    await sealStagedLoad(lake, load)
    await this.#options.handOver(load)
  }

  async #changeSchema(columns: readonly Column[]): Promise<void> {
    await this.#seal(false)
    this.#columns = checkedColumns(columns, `${this.#options.source}.${this.#options.stream.name}`)
  }
}
