import { open, type FileHandle } from 'node:fs/promises'
import { readSync } from 'node:fs'

const blockBytes = 64 * 1024
const blocksMax = 256
const flushBytes = 1 << 20

/** Texts by number, kept on the disk: a workbook may share more of them than fit into memory. At most 16 MB are cached. */
export class StringStore {
  readonly #file: FileHandle
  readonly #blocks = new Map<number, Buffer>()
  #ends = new Float64Array(1024)
  #count = 0
  #bytes = 0
  #pending: Buffer[] = []
  #pendingBytes = 0

  private constructor(file: FileHandle) {
    this.#file = file
  }

  static async create(path: string): Promise<StringStore> {
    return new StringStore(await open(path, 'w+', 0o600))
  }

  /** Adds the next text. */
  add(text: string): void {
    const bytes = Buffer.from(text)
    if (this.#count === this.#ends.length) {
      const larger = new Float64Array(this.#ends.length * 2)
      larger.set(this.#ends)
      this.#ends = larger
    }
    this.#bytes += bytes.length
    this.#ends[this.#count++] = this.#bytes
    this.#pending.push(bytes)
    this.#pendingBytes += bytes.length
  }

  /** Writes what was added, when it is much or `isEnd`. */
  async flush(isEnd = false): Promise<void> {
    if (this.#pendingBytes === 0 || (!isEnd && this.#pendingBytes < flushBytes)) return
    await this.#file.writeFile(Buffer.concat(this.#pending))
    this.#pending = []
    this.#pendingBytes = 0
  }

  /** The text with the number; `undefined` when there is none. Everything must have been flushed. */
  get(index: number): string | undefined {
    if (!Number.isInteger(index) || index < 0 || index >= this.#count) return undefined
    const start = index === 0 ? 0 : (this.#ends[index - 1] ?? 0)
    const end = this.#ends[index] ?? 0
    const first = Math.floor(start / blockBytes)
    const last = Math.floor(Math.max(start, end - 1) / blockBytes)
    if (first === last)
      return this.#block(first).toString('utf8', start - first * blockBytes, end - first * blockBytes)
    const parts: Buffer[] = []
    for (let number = first; number <= last; number++) parts.push(this.#block(number))
    return Buffer.concat(parts).toString('utf8', start - first * blockBytes, end - first * blockBytes)
  }

  close(): Promise<void> {
    return this.#file.close()
  }

  #block(number: number): Buffer {
    const cached = this.#blocks.get(number)
    if (cached !== undefined) return cached
    const block = Buffer.alloc(blockBytes)
    const read = readSync(this.#file.fd, block, 0, blockBytes, number * blockBytes)
    if (this.#blocks.size === blocksMax) {
      const [oldest] = this.#blocks.keys()
      if (oldest !== undefined) this.#blocks.delete(oldest)
    }
    const filled = block.subarray(0, read)
    this.#blocks.set(number, filled)
    return filled
  }
}
