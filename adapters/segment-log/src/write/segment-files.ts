import {
  closeSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { full, writeFailed } from '../errors.ts'
import { encodeFoot, encodeHead, type SegmentFoot, type SegmentHead } from '../format/segment.ts'
import { exists, segmentPath, type TopicFolder } from '../format/topic-folder.ts'
import { writeAll } from './write-all.ts'

const zeroBytes = 1024 * 1024

/** A segment that blocks are added to. Every call blocks until it is done: it runs on the writer's own thread. */
export class OpenSegment {
  readonly block: number
  readonly bytesMax: number
  readonly #file: number
  #position: number

  private constructor(block: number, file: number, position: number, bytesMax: number) {
    this.block = block
    this.#file = file
    this.#position = position
    this.bytesMax = bytesMax
  }

  /** Goes on in a segment that has blocks. What the disk has of it must be synced before it is relied upon. */
  static resume(folder: TopicFolder, block: number, end: number): OpenSegment {
    const file = segmentPath(folder, block)
    const handle = openSync(file, 'r+')
    fsyncSync(handle)
    return new OpenSegment(block, handle, end, statSync(file).size)
  }

  /** Gives the prepared file its name and head. */
  static begin(folder: TopicFolder, head: SegmentHead): OpenSegment {
    const file = segmentPath(folder, head.block)
    renameSync(preparedPath(folder), file)
    syncFolder(folder.path)
    const handle = openSync(file, 'r+')
    const bytes = encodeHead(head)
    writeAll(handle, bytes, 0)
    fdatasyncSync(handle)
    return new OpenSegment(head.block, handle, bytes.byteLength, statSync(file).size)
  }

  /** Where the next block begins. */
  get end(): number {
    return this.#position
  }

  hasRoomFor(bytes: number): boolean {
    return this.#position + bytes <= this.bytesMax
  }

  /** Writes a block and syncs it. */
  append(block: Uint8Array): void {
    writeAll(this.#file, block, this.#position)
    this.#position += block.byteLength
    fdatasyncSync(this.#file)
  }

  /** Cuts the file to its blocks and a foot. */
  seal(foot: SegmentFoot): void {
    const bytes = encodeFoot(foot)
    writeAll(this.#file, bytes, this.#position)
    ftruncateSync(this.#file, this.#position + bytes.byteLength)
    fsyncSync(this.#file)
    closeSync(this.#file)
  }

  close(): void {
    closeSync(this.#file)
  }
}

/** Path of the file that becomes the next segment. */
export function preparedPath(folder: TopicFolder): string {
  return path.join(folder.path, 'prepared')
}

/**
 * Fills the file that becomes the next segment with zeros, so that blocks in it need no more space. Does nothing when it is there.
 * @throws CaudalError `CAUDAL_LOG_FULL`, `CAUDAL_LOG_WRITE`.
 */
export async function prepareSegment(folder: TopicFolder, bytes: number): Promise<void> {
  if (await exists(preparedPath(folder))) return
  const unfinished = `${preparedPath(folder)}.tmp`
  try {
    const handle = await open(unfinished, 'w', 0o600)
    try {
      const zeros = Buffer.alloc(Math.min(zeroBytes, bytes))
      for (let at = 0; at < bytes;) {
        const { bytesWritten } = await handle.write(zeros, 0, Math.min(zeros.byteLength, bytes - at), at)
        at += bytesWritten
      }
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(unfinished, preparedPath(folder))
  } catch (error) {
    await rm(unfinished, { force: true })
    if (error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT'))
      throw full(folder.topic, folder.path, error)
    throw writeFailed(folder.topic, error)
  }
}

/** Removes a segment for good. */
export function removeSegment(folder: TopicFolder, block: number): void {
  rmSync(segmentPath(folder, block))
}

/** Makes names that were added to or removed from a folder durable. Windows does that by itself and cannot open a folder. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
