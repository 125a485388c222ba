import { rm } from 'node:fs/promises'
import type { CaudalError, PartitionOffset } from '@caudal/spec'
import { writeFailed } from '../errors.ts'
import { blockBytes, encodeBlock } from '../format/block.ts'
import type { Frames } from '../format/frames.ts'
import { footBytes } from '../format/segment.ts'
import type { Mark } from '../format/mark.ts'
import { listSegments, readFoot, type TopicFolder } from '../format/topic-folder.ts'
import { MarkFile } from './mark-file.ts'
import { recoverTopic } from './recover.ts'
import { OpenSegment, preparedPath, prepareSegment, removeSegment, syncFolder } from './segment-files.ts'

/** Events that are to be appended together. */
export type AppendParts = readonly Frames[]

/** Adds events to the segments of one topic. One writer per topic; calls come one after the other. */
export class TopicWriter {
  readonly #folder: TopicFolder
  readonly #segmentBytes: number
  readonly #mark: MarkFile
  readonly #next: number[]
  #segment: OpenSegment
  #block: number
  #checksum: number
  #lastAppendedAt = 0
  #preparing: Promise<void> | undefined
  #failure: CaudalError | undefined

  private constructor(folder: TopicFolder, segmentBytes: number, mark: MarkFile, segment: OpenSegment) {
    this.#folder = folder
    this.#segmentBytes = segmentBytes
    this.#mark = mark
    this.#next = [...mark.mark.next]
    this.#segment = segment
    this.#block = mark.mark.block
    this.#checksum = mark.mark.checksum
  }

  /** Looks at what is there, and goes on behind it. @throws CaudalError as {@link recoverTopic}. */
  static async open(folder: TopicFolder, segmentBytes: number): Promise<TopicWriter> {
    await rm(`${preparedPath(folder)}.tmp`, { force: true })
    const found = await recoverTopic(folder)
    const segment =
      found === undefined
        ? await firstSegment(folder, segmentBytes)
        : OpenSegment.resume(folder, found.segment, found.end)
    const mark = new MarkFile(folder, found ?? emptyMark(folder, segment))
    mark.move({ epoch: mark.mark.epoch + 1 })
    syncFolder(folder.path)
    return new TopicWriter(folder, segmentBytes, mark, segment)
  }

  /** Bytes of frames that one block may have. */
  get blockBytesMax(): number {
    return this.#segmentBytes / 2
  }

  /**
   * Makes events durable, those of one request in one block.
   * @returns for each request the first offset of each of its parts.
   */
  async append(requests: readonly AppendParts[]): Promise<readonly (readonly number[])[]> {
    if (this.#failure !== undefined) throw this.#failure
    const bytes = requests.reduce((sum, parts) => sum + blockBytes(parts), 0)
    const segment = await this.#roomFor(bytes)
    try {
      return this.#write(segment, requests)
    } catch (error) {
      throw (this.#failure = writeFailed(this.#folder.topic, error))
    }
  }

  /** Seals the open segment, if it has a block. */
  async seal(): Promise<void> {
    if (this.#segment.block > this.#block) return
    await this.#roomFor(this.#segment.bytesMax)
  }

  /** Removes whole segments that hold nothing from the places on. */
  async trim(before: readonly PartitionOffset[]): Promise<void> {
    const places = new Map(before.map(({ partition, offset }) => [partition, offset]))
    const going: number[] = []
    let { oldest, first } = this.#mark.mark
    for (const block of await listSegments(this.#folder)) {
      const foot = block === this.#segment.block ? undefined : await readFoot(this.#folder, block)
      if (foot === undefined || foot.next.some((next, partition) => next > (places.get(partition) ?? 0)))
        break
      going.push(block)
      oldest = foot.block + 1
      first = foot.next
    }
    if (going.length === 0) return
    this.#mark.move({ oldest, first })
    for (const block of going) removeSegment(this.#folder, block)
    syncFolder(this.#folder.path)
  }

  async close(): Promise<void> {
    await this.#preparing?.catch(() => undefined)
    this.#segment.close()
    this.#mark.close()
  }

  #write(segment: OpenSegment, requests: readonly AppendParts[]): (readonly number[])[] {
    const appendedAt = Math.max(Date.now(), this.#lastAppendedAt)
    const firsts = requests.map((parts) => parts.map((part) => this.#take(part)))
    const content = requests.flatMap((parts, request) =>
      parts.map((part, index) => ({ ...part, first: firsts[request]?.[index] ?? 0 })),
    )
    const { bytes, checksum } = encodeBlock(
      { number: this.#block + 1, appendedAt, parts: content },
      this.#checksum,
    )
    segment.append(bytes)
    this.#block += 1
    this.#checksum = checksum
    this.#lastAppendedAt = appendedAt
    this.#mark.move({
      segment: segment.block,
      end: segment.end,
      block: this.#block,
      checksum,
      next: [...this.#next],
    })
    if (segment.end > segment.bytesMax / 2) this.#prepare()
    return firsts
  }

  #take({ partition, events }: Frames): number {
    const first = this.#next[partition] ?? 0
    this.#next[partition] = first + events
    return first
  }

  /** The segment that has room for that many bytes: the open one or the next. */
  async #roomFor(bytes: number): Promise<OpenSegment> {
    const foot = footBytes(this.#folder.partitions)
    if (this.#segment.hasRoomFor(bytes + foot)) return this.#segment
    await this.#prepared()
    try {
      this.#segment.seal({
        block: this.#block,
        checksum: this.#checksum,
        end: this.#segment.end,
        lastAppendedAt: this.#lastAppendedAt,
        next: this.#next,
      })
      this.#segment = OpenSegment.begin(this.#folder, {
        block: this.#block + 1,
        before: this.#checksum,
        first: this.#next,
      })
      this.#mark.move({ segment: this.#segment.block, end: this.#segment.end })
    } catch (error) {
      throw (this.#failure = writeFailed(this.#folder.topic, error))
    }
    return this.#segment
  }

  /** Waits for the file that becomes the next segment; when it could not be made ahead, tries again. */
  async #prepared(): Promise<void> {
    await this.#preparing?.catch(() => undefined)
    this.#preparing = undefined
    await prepareSegment(this.#folder, this.#segmentBytes)
  }

  #prepare(): void {
    if (this.#preparing !== undefined) return
    this.#preparing = prepareSegment(this.#folder, this.#segmentBytes)
    this.#preparing.catch(() => undefined)
  }
}

async function firstSegment(folder: TopicFolder, segmentBytes: number): Promise<OpenSegment> {
  await prepareSegment(folder, segmentBytes)
  return OpenSegment.begin(folder, { block: 1, before: 0, first: zeros(folder) })
}

function emptyMark(folder: TopicFolder, segment: OpenSegment): Mark {
  const none = { sequence: 0, epoch: 0, block: 0, checksum: 0 }
  return {
    ...none,
    oldest: 1,
    segment: segment.block,
    end: segment.end,
    first: zeros(folder),
    next: zeros(folder),
  }
}

function zeros(folder: TopicFolder): number[] {
  return Array.from({ length: folder.partitions }, () => 0)
}
