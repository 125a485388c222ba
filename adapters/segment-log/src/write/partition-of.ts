import { crc32 } from 'node:zlib'

/** The partition of a key: its CRC-32 modulo the number of partitions. */
export function partitionOf(key: Uint8Array, partitions: number): number {
  return crc32(key) % partitions
}
