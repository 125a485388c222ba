import { crc32 } from 'node:zlib'

/** Writes offsets one after the other, `u64` little endian. */
export function writeOffsets(bytes: Buffer, at: number, offsets: readonly number[]): void {
  for (const [index, offset] of offsets.entries()) bytes.writeBigUInt64LE(BigInt(offset), at + index * 8)
}

/** Reads what {@link writeOffsets} wrote. */
export function readOffsets(bytes: Buffer, at: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => Number(bytes.readBigUInt64LE(at + index * 8)))
}

/** Puts the CRC-32 of all other bytes into the last four. */
export function sealWithChecksum(bytes: Buffer): Buffer {
  bytes.writeUInt32LE(crc32(bytes.subarray(0, -4)), bytes.byteLength - 4)
  return bytes
}

/** Whether {@link sealWithChecksum} wrote these bytes. */
export function hasChecksum(bytes: Buffer): boolean {
  return crc32(bytes.subarray(0, -4)) === bytes.readUInt32LE(bytes.byteLength - 4)
}
