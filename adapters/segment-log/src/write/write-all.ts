import { writeSync } from 'node:fs'

/** Writes all bytes at a place. A disk that fills up takes a part of them first, without an error. */
export function writeAll(file: number, bytes: Uint8Array, position: number): void {
  for (let written = 0; written < bytes.byteLength;) {
    written += writeSync(file, bytes, written, bytes.byteLength - written, position + written)
  }
}
