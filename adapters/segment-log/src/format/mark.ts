import { hasChecksum, readOffsets, sealWithChecksum, writeOffsets } from './fields.ts'

/** `CMRK`, little endian. */
const magic = 0x4b524d43
const offsetsAt = 56

/** Where the log has got to: what is before it was acknowledged, and nothing behind it was. */
export interface Mark {
  /** Grows with every mark. */
  readonly sequence: number
  /** How often the topic was opened for writing. */
  readonly epoch: number
  /** Number of the first block of the oldest segment that is kept. */
  readonly oldest: number
  /** Number of the first block of the segment that is open. */
  readonly segment: number
  /** Where the last block ends in that segment. */
  readonly end: number
  /** Number of the last block; 0: none yet. */
  readonly block: number
  /** Checksum of the last block. */
  readonly checksum: number
  /** The oldest offset of each partition that is kept. */
  readonly first: readonly number[]
  /** The next offset of each partition. */
  readonly next: readonly number[]
}

/** Bytes of one of the two slots of a mark file. */
export function slotBytes(partitions: number): number {
  return Math.ceil((offsetsAt + partitions * 16 + 4) / 512) * 512
}

/**
 * Writes a slot, little endian: `u32` magic, `u32` partitions, `u32` checksum, `u32` epoch, `u64` sequence, `u64` oldest, `u64` segment,
 * `u64` end, `u64` block, the first and then the next offset of each partition as `u64`, and in the last four bytes the CRC-32 of all others.
 */
export function encodeMark(mark: Mark): Buffer {
  const bytes = Buffer.alloc(slotBytes(mark.next.length))
  for (const [index, value] of [magic, mark.next.length, mark.checksum, mark.epoch].entries()) {
    bytes.writeUInt32LE(value, index * 4)
  }
  writeOffsets(bytes, 16, [
    mark.sequence,
    mark.oldest,
    mark.segment,
    mark.end,
    mark.block,
    ...mark.first,
    ...mark.next,
  ])
  return sealWithChecksum(bytes)
}

/** The newer of the two slots that can be read, or `undefined` when neither can. */
export function decodeMark(file: Buffer, partitions: number): Mark | undefined {
  const slot = slotBytes(partitions)
  const marks = [0, 1].flatMap((index) =>
    decodeSlot(file.subarray(index * slot, (index + 1) * slot), partitions),
  )
  return marks.toSorted((a, b) => b.sequence - a.sequence)[0]
}

function decodeSlot(slot: Buffer, partitions: number): Mark[] {
  const isWhole = slot.byteLength === slotBytes(partitions) && slot.readUInt32LE(0) === magic
  if (!isWhole || slot.readUInt32LE(4) !== partitions || !hasChecksum(slot)) return []
  const [sequence = 0, oldest = 0, segment = 0, end = 0, block = 0, ...offsets] = readOffsets(
    slot,
    16,
    5 + 2 * partitions,
  )
  const [first, next] = [offsets.slice(0, partitions), offsets.slice(partitions)]
  const [checksum, epoch] = [slot.readUInt32LE(8), slot.readUInt32LE(12)]
  return [{ sequence, epoch, oldest, segment, end, block, checksum, first, next }]
}
