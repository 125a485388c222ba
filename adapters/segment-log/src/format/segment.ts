import { hasChecksum, readOffsets, sealWithChecksum, writeOffsets } from './fields.ts'

/** `CSEG` and `CEND`, little endian. */
const headMagic = 0x47455343
const footMagic = 0x444e4543

/** What stands at the start of a segment. */
export interface SegmentHead {
  /** Number of its first block. */
  readonly block: number
  /** Checksum of the block before its first. */
  readonly before: number
  /** The offset that the first event of each partition in it will have. */
  readonly first: readonly number[]
}

/** What stands at the end of a sealed segment. */
export interface SegmentFoot {
  /** Number of its last block. */
  readonly block: number
  readonly checksum: number
  /** Where the last block ends and the foot begins. */
  readonly end: number
  readonly lastAppendedAt: number
  /** The offset behind the last event of each partition. */
  readonly next: readonly number[]
}

/** Bytes of the head of a segment. */
export function headBytes(partitions: number): number {
  return 24 + partitions * 8
}

/** Writes a head, little endian: `u32` magic, `u32` partitions, `u64` block, `u32` checksum before, the first offsets as `u64`, `u32` CRC-32. */
export function encodeHead(head: SegmentHead): Buffer {
  const bytes = Buffer.alloc(headBytes(head.first.length))
  bytes.writeUInt32LE(headMagic, 0)
  bytes.writeUInt32LE(head.first.length, 4)
  bytes.writeBigUInt64LE(BigInt(head.block), 8)
  bytes.writeUInt32LE(head.before, 16)
  writeOffsets(bytes, 20, head.first)
  return sealWithChecksum(bytes)
}

/** Reads a head, or `undefined` where there is none. */
export function decodeHead(file: Buffer, partitions: number): SegmentHead | undefined {
  const bytes = file.subarray(0, headBytes(partitions))
  if (bytes.byteLength < headBytes(partitions) || bytes.readUInt32LE(0) !== headMagic) return undefined
  if (bytes.readUInt32LE(4) !== partitions || !hasChecksum(bytes)) return undefined
  return {
    block: Number(bytes.readBigUInt64LE(8)),
    before: bytes.readUInt32LE(16),
    first: readOffsets(bytes, 20, partitions),
  }
}

/** Bytes of the foot of a sealed segment. */
export function footBytes(partitions: number): number {
  return 36 + partitions * 8
}

/**
 * Writes a foot, little endian: `u32` magic, `u32` checksum, `u64` block, `u64` end, `u64` time, the next offsets as `u64`, `u32` CRC-32.
 */
export function encodeFoot(foot: SegmentFoot): Buffer {
  const bytes = Buffer.alloc(footBytes(foot.next.length))
  bytes.writeUInt32LE(footMagic, 0)
  bytes.writeUInt32LE(foot.checksum, 4)
  bytes.writeBigUInt64LE(BigInt(foot.block), 8)
  bytes.writeBigUInt64LE(BigInt(foot.end), 16)
  bytes.writeBigUInt64LE(BigInt(foot.lastAppendedAt), 24)
  writeOffsets(bytes, 32, foot.next)
  return sealWithChecksum(bytes)
}

/** Reads a foot, or `undefined` when these are not the bytes of one. */
export function decodeFoot(bytes: Buffer, partitions: number): SegmentFoot | undefined {
  if (bytes.byteLength !== footBytes(partitions) || bytes.readUInt32LE(0) !== footMagic) return undefined
  if (!hasChecksum(bytes)) return undefined
  return {
    checksum: bytes.readUInt32LE(4),
    block: Number(bytes.readBigUInt64LE(8)),
    end: Number(bytes.readBigUInt64LE(16)),
    lastAppendedAt: Number(bytes.readBigUInt64LE(24)),
    next: readOffsets(bytes, 32, partitions),
  }
}

/** Name of the file of a segment: the number of its first block. */
export function segmentName(block: number): string {
  return `${String(block).padStart(16, '0')}.segment`
}

/** The number of the first block of the segment with this file name, or `undefined` for another file. */
export function blockOfName(name: string): number | undefined {
  const digits = /^(\d{16})\.segment$/.exec(name)?.[1]
  return digits === undefined ? undefined : Number(digits)
}
