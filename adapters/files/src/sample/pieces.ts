import { open } from 'node:fs/promises'
import { plainChunks } from '../find/examine.ts'
import type { Compression } from '../find/kind.ts'

/** Bytes of a file to look at. */
export interface Pieces {
  /** From the start. */
  readonly head: Buffer
  /** Whether `head` is the whole file. */
  readonly isWhole: boolean
  /** From further on: the middle and the end. They begin and end anywhere. */
  readonly others: readonly Buffer[]
}

const headBytes = 128 * 1024
const otherBytes = 32 * 1024

/** An honest sample of a file's bytes: its start, and where it is not packed also pieces up to its end. */
export async function readPieces(
  path: string,
  name: string,
  compression: Compression | undefined,
): Promise<Pieces> {
  if (compression !== undefined) return packedHead(path, name, compression)
  const handle = await open(path)
  try {
    const { size } = await handle.stat()
    const piece = async (from: number, length: number): Promise<Buffer> => {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, from)
      return buffer.subarray(0, bytesRead)
    }
    const head = await piece(0, Math.min(size, headBytes))
    if (size <= headBytes) return { head, isWhole: true, others: [] }
    const starts = [0.25, 0.5, 0.75].map((share) => Math.floor(size * share))
    const places = [...starts, size - otherBytes].filter((from) => from >= headBytes)
    const others = await Promise.all(places.map((from) => piece(from, otherBytes)))
    return { head, isWhole: false, others }
  } finally {
    await handle.close()
  }
}

async function packedHead(path: string, name: string, compression: Compression): Promise<Pieces> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of plainChunks(path, name, compression)) {
    chunks.push(chunk)
    length += chunk.length
    if (length > headBytes) return { head: Buffer.concat(chunks), isWhole: false, others: [] }
  }
  return { head: Buffer.concat(chunks), isWhole: true, others: [] }
}
