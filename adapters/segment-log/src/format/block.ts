import { crc32 } from 'node:zlib'
import type { Frames } from './frames.ts'

/** `CBLK`, little endian. */
const magic = 0x4b4c4243
const headerBytes = 32
const partBytes = 24

/** The events that one write made durable, by partition. */
export interface Block {
  /** Counts from 1 in its topic. */
  readonly number: number
  readonly appendedAt: number
  readonly bytes: number
  /** CRC-32 of the block, started from that of the block before it. */
  readonly checksum: number
  readonly parts: readonly BlockPart[]
}

/** The events of one partition in a block. */
interface BlockPart {
  readonly partition: number
  readonly events: number
  /** Offset of its first event. */
  readonly first: number
  /** Where its frames begin, from the start of the block. */
  readonly start: number
  readonly bytes: number
}

/** What a block is made of. */
export interface BlockContent {
  readonly number: number
  readonly appendedAt: number
  readonly parts: readonly (Frames & { readonly first: number })[]
}

/** Bytes of a block with these parts. */
export function blockBytes(parts: readonly { readonly bytes: Uint8Array }[]): number {
  return parts.reduce((sum, part) => sum + partBytes + part.bytes.byteLength, headerBytes)
}

/**
 * Writes a block, little endian: `u32` magic, `u32` bytes, `u32` CRC-32 of all that follows it, `u32` parts, `u64` number, `u64` time; for
 * each part `u32` partition, `u32` events, `u64` first offset, `u32` bytes, `u32` 0; then the frames of each part.
 */
export function encodeBlock(content: BlockContent, before: number): { bytes: Buffer; checksum: number } {
  const bytes = Buffer.allocUnsafe(blockBytes(content.parts))
  bytes.writeUInt32LE(magic, 0)
  bytes.writeUInt32LE(bytes.byteLength, 4)
  bytes.writeUInt32LE(content.parts.length, 12)
  bytes.writeBigUInt64LE(BigInt(content.number), 16)
  bytes.writeBigUInt64LE(BigInt(content.appendedAt), 24)
  let at = headerBytes
  for (const part of content.parts) {
    bytes.writeUInt32LE(part.partition, at)
    bytes.writeUInt32LE(part.events, at + 4)
    bytes.writeBigUInt64LE(BigInt(part.first), at + 8)
    bytes.writeUInt32LE(part.bytes.byteLength, at + 16)
    bytes.writeUInt32LE(0, at + 20)
    at += partBytes
  }
  for (const part of content.parts) {
    bytes.set(part.bytes, at)
    at += part.bytes.byteLength
  }
  const checksum = crc32(bytes.subarray(12), before)
  bytes.writeUInt32LE(checksum, 8)
  return { bytes, checksum }
}

/** How many bytes the block at `at` says that it has, or `undefined` where no block begins. Nothing else of it has been looked at. */
export function claimedBytes(bytes: Buffer, at: number): number | undefined {
  if (bytes.byteLength - at < headerBytes || bytes.readUInt32LE(at) !== magic) return undefined
  const claimed = bytes.readUInt32LE(at + 4)
  return claimed < headerBytes ? undefined : claimed
}

/** Reads the block at `at`, or `undefined` when it is not whole or does not follow the block with the checksum `before`. */
export function decodeBlock(bytes: Buffer, at: number, before: number): Block | undefined {
  const claimed = claimedBytes(bytes, at)
  if (claimed === undefined || claimed > bytes.byteLength - at) return undefined
  const checksum = bytes.readUInt32LE(at + 8)
  if (crc32(bytes.subarray(at + 12, at + claimed), before) !== checksum) return undefined
  const parts: BlockPart[] = []
  const count = bytes.readUInt32LE(at + 12)
  let start = headerBytes + count * partBytes
  for (let index = 0; index < count; index++) {
    const part = at + headerBytes + index * partBytes
    const length = bytes.readUInt32LE(part + 16)
    parts.push({
      partition: bytes.readUInt32LE(part),
      events: bytes.readUInt32LE(part + 4),
      first: Number(bytes.readBigUInt64LE(part + 8)),
      start,
      bytes: length,
    })
    start += length
  }
  return {
    number: Number(bytes.readBigUInt64LE(at + 16)),
    appendedAt: Number(bytes.readBigUInt64LE(at + 24)),
    bytes: claimed,
    checksum,
    parts,
  }
}
