import { open, type FileHandle } from 'node:fs/promises'
import { claimedBytes, decodeBlock, type Block } from '../format/block.ts'
import { headBytes } from '../format/segment.ts'
import { readAt, readHead, segmentPath, type TopicFolder } from '../format/topic-folder.ts'

/** Read at once; a larger block is read whole. */
const chunkBytes = 1024 * 1024

/** A block and the memory that it lies in. */
export interface ReadBlock {
  readonly block: Block
  readonly bytes: Buffer
}

/** Reads the blocks of one segment, one after the other, checking the chain. */
export class SegmentReader {
  /** Number of its first block. */
  readonly segment: number
  readonly file: string
  readonly #handle: FileHandle
  #checksum: number
  #position: number
  #chunk: Buffer = Buffer.alloc(0)
  #chunkAt = 0

  private constructor(segment: number, file: string, handle: FileHandle, before: number, position: number) {
    this.segment = segment
    this.file = file
    this.#handle = handle
    this.#checksum = before
    this.#position = position
  }

  /** Opens the segment that begins with a block, or gives `undefined` when its head is not whole. */
  static async open(folder: TopicFolder, segment: number): Promise<SegmentReader | undefined> {
    const head = await readHead(folder, segment)
    if (head === undefined) return undefined
    const file = segmentPath(folder, segment)
    return new SegmentReader(segment, file, await open(file, 'r'), head.before, headBytes(folder.partitions))
  }

  /** Where the next block begins. */
  get position(): number {
    return this.#position
  }

  /** Checksum of the last block that was read. */
  get checksum(): number {
    return this.#checksum
  }

  /** The next block, or `undefined` when what lies there, up to `end`, is no whole block that follows the one before. */
  async next(end: number): Promise<ReadBlock | undefined> {
    const bytes = await this.#blockBytes(end)
    const block = bytes === undefined ? undefined : decodeBlock(bytes, 0, this.#checksum)
    if (bytes === undefined || block === undefined) return undefined
    this.#checksum = block.checksum
    this.#position += block.bytes
    return { block, bytes: bytes.subarray(0, block.bytes) }
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }

  async #blockBytes(end: number): Promise<Buffer | undefined> {
    const claimed = claimedBytes(await this.#at(32, end), 0)
    if (claimed === undefined || claimed > end - this.#position) return undefined
    return this.#at(claimed, end)
  }

  /** At least `length` bytes from the position on, where the file has them before `end`. */
  async #at(length: number, end: number): Promise<Buffer> {
    const from = this.#position - this.#chunkAt
    const held = this.#chunk.byteLength - from
    if (from >= 0 && held >= length) return this.#chunk.subarray(from)
    const wanted = Math.min(Math.max(chunkBytes, length), end - this.#position)
    this.#chunk = await readAt(this.#handle, this.#position, Math.max(0, wanted))
    this.#chunkAt = this.#position
    return this.#chunk
  }
}
