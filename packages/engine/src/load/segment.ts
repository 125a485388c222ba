import type { Lake, StagedFile } from '@caudal/spec'
import { createHash, type Hash } from 'node:crypto'
import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { constants, createZstdCompress } from 'node:zlib'

/** A file of rows on its way into the lake: compressed, hashed and written while it fills. */
export class Segment {
  readonly key: string
  rows = 0
  /** Bytes before compression. */
  bytes = 0
  hasOperations = false
  readonly openedAt: number = Date.now()
  readonly #fields = new Set<string>()
  readonly #origins = new Set<string>()
  readonly #compress = createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 1 } })
  readonly #hash: Hash = createHash('sha256')
  readonly #stored: Promise<boolean>
  #compressedBytes = 0

  constructor(lake: Lake, key: string) {
    this.key = key
    const body = new PassThrough({ highWaterMark: 1 << 20 })
    this.#compress.on('data', (chunk: Buffer) => {
      this.#hash.update(chunk)
      this.#compressedBytes += chunk.length
      if (!body.write(chunk)) {
        this.#compress.pause()
        body.once('drain', () => this.#compress.resume())
      }
    })
    this.#compress.once('end', () => body.end())
    this.#stored = lake.putIfAbsent(key, body)
    this.#stored.catch(() => this.#compress.destroy())
  }

  /** Adds lines; resolves when there is room for more. */
  async add(
    lines: string | Uint8Array,
    rows: number,
    fields: Iterable<string>,
    origin: string,
  ): Promise<void> {
    this.rows += rows
    this.bytes += lines.length
    for (const field of fields) this.#fields.add(field)
    if (this.#origins.size < 20) this.#origins.add(origin)
    if (lines.length === 0 || this.#compress.write(lines)) return
    await Promise.race([once(this.#compress, 'drain'), this.#stored])
  }

  /** Ends the file; resolves when it is durable in the lake. */
  async finish(): Promise<StagedFile> {
    this.#compress.end()
    await this.#stored
    return {
      key: this.key,
      format: 'ndjson',
      compression: 'zstd',
      sha256: this.#hash.digest('hex'),
      bytes: this.#compressedBytes,
      rows: this.rows,
      fields: [...this.#fields],
      origin: [...this.#origins].join(', '),
      ...(this.hasOperations ? { hasOperations: true } : {}),
    }
  }

  /** Gives the file up: what was written is never part of a load. */
  async discard(): Promise<void> {
    this.#compress.end()
    await this.#stored.catch(() => false)
  }
}
