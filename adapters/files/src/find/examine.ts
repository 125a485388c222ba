import { CaudalError, type FileFormat } from '@caudal/spec'
import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { encodingOf, looksLikeUtf16, unfinishedBytes, type Encoding } from '../sample/encoding.ts'
import { compressionOf, type Compression } from './kind.ts'

/** What one look at all bytes of a file tells. */
export interface Examined {
  readonly sha256: string
  readonly bytes: number
}

/** What is known of a file before its bytes are read. */
export interface ExamineQuestion {
  readonly path: string
  readonly name: string
  /** `undefined`: no format of the warehouse's. */
  readonly format: FileFormat | undefined
  readonly encoding: Encoding | undefined
}

const chunkBytes = 1 << 20

/**
 * Reads a file once: its hash, whether what is packed is whole, whether text in UTF-8 is that, and whether a JSON array has its end.
 * @throws CaudalError `CAUDAL_FILE_CUT`, `CAUDAL_FILE_ENCODING`, `CAUDAL_FILE_UNREADABLE`.
 */
export async function examineFile({ path, name, format, encoding }: ExamineQuestion): Promise<Examined> {
  const head = await readHead(path, name)
  const compression = compressionOf(head)
  const isText = format !== undefined && format !== 'parquet' && encodingOf(head, encoding) === 'utf-8'
  if (isText && compression === undefined && looksLikeUtf16(head)) {
    throw notUtf8(name, 1, 'the bytes look like UTF-16', 'utf-16')
  }
  const hash = createHash('sha256')
  const utf8 = new Utf8Check()
  const ends = new Ends()
  let bytes = 0
  for await (const chunk of packedChunks(path, name)) {
    hash.update(chunk)
    bytes += chunk.length
    if (compression === undefined && isText) utf8.push(chunk)
    if (compression === undefined && format === 'json') ends.push(chunk)
  }
  if (compression !== undefined) {
    for await (const chunk of plainChunks(path, name, compression)) {
      if (isText) utf8.push(chunk)
      if (format === 'json') ends.push(chunk)
    }
  }
  if (isText && !utf8.isGood) throw await wrongEncoding(path, name, compression)
  if (format === 'json' && !ends.isWhole) throw cutJson(name)
  return { sha256: hash.digest('hex'), bytes }
}

/** Whether all bytes are UTF-8. */
class Utf8Check {
  #isGood = true
  #rest: Buffer = Buffer.alloc(0)

  push(chunk: Buffer): void {
    if (!this.#isGood) return
    const whole = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const end = whole.length - unfinishedBytes(whole)
    this.#isGood = isUtf8(whole.subarray(0, end))
    this.#rest = Buffer.from(whole.subarray(end))
  }

  get isGood(): boolean {
    return this.#isGood && this.#rest.length === 0
  }
}

/** Whether a JSON text ends with what closes its beginning. */
class Ends {
  #first: string | undefined
  #last = ''

  push(chunk: Buffer): void {
    const text = chunk.toString('latin1')
    this.#first ??= /[^\s\xef\xbb\xbf]/.exec(text)?.[0]
    this.#last = /(\S)\s*$/.exec(text.slice(-4096))?.[1] ?? this.#last
  }

  get isWhole(): boolean {
    return this.#first === '[' ? this.#last === ']' : this.#last === '}'
  }
}

/** The first bytes of a file. @throws CaudalError `CAUDAL_FILE_UNREADABLE`. */
export async function readHead(path: string, name: string, length = 4096): Promise<Buffer> {
  let handle: FileHandle | undefined
  try {
    handle = await open(path)
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, 0)
    return buffer.subarray(0, bytesRead)
  } catch (thrown) {
    throw unreadableFile(name, thrown)
  } finally {
    await handle?.close()
  }
}

/** The file's bytes as they are, read ahead. A chunk is overwritten when the next one is asked for: new buffers took a third of the whole look. */
async function* packedChunks(path: string, name: string): AsyncGenerator<Buffer> {
  const buffers = [Buffer.allocUnsafe(chunkBytes), Buffer.allocUnsafe(chunkBytes)] as const
  let handle: FileHandle | undefined
  try {
    handle = await open(path)
    let next = handle.read(buffers[0], 0, chunkBytes)
    for (let turn = 1; ; turn++) {
      const { bytesRead, buffer } = await next
      if (bytesRead === 0) return
      next = handle.read(buffers[turn % 2 === 0 ? 0 : 1], 0, chunkBytes)
      yield buffer.subarray(0, bytesRead)
    }
  } catch (thrown) {
    throw unreadableFile(name, thrown)
  } finally {
    await handle?.close()
  }
}

/**
 * The file's bytes, unpacked.
 * @throws CaudalError `CAUDAL_FILE_CUT` when the packed bytes end early or are damaged, `CAUDAL_FILE_UNREADABLE`.
 */
export async function* plainChunks(
  path: string,
  name: string,
  compression: Compression | undefined,
): AsyncGenerator<Buffer> {
  const source = createReadStream(path, { highWaterMark: chunkBytes })
  let bytes = 0
  try {
    for await (const chunk of compression === undefined ? source : unpack(source, compression)) {
      bytes += (chunk as Buffer).length
      yield chunk as Buffer
    }
  } catch (thrown) {
    const isPacked =
      thrown instanceof Error && 'code' in thrown && /^(Z_|ERR_|ZSTD_)/.test(String(thrown.code))
    throw isPacked ? cutPack(name, compression ?? '', bytes, thrown) : unreadableFile(name, thrown)
  } finally {
    source.destroy()
  }
}

function unpack(source: Readable, compression: Compression): Readable {
  const plain = compression === 'gzip' ? createGunzip() : createZstdDecompress()
  source.on('error', (error) => plain.destroy(error))
  return source.pipe(plain)
}

/** The error for a file that the system does not let us read. */
export function unreadableFile(name: string, thrown: unknown): CaudalError {
  const reason = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown)
  return new CaudalError({
    code: 'CAUDAL_FILE_UNREADABLE',
    message: `${name} cannot be read (${reason}). Nothing of it was loaded; what was loaded before is unchanged.`,
    hint: 'Check that the file is there and that the user that runs Caudal may read it.',
    context: { file: name, reason },
    cause: thrown,
  })
}

function cutPack(name: string, compression: string, bytes: number, thrown: Error): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_FILE_CUT',
    message: `${name}: the ${compression} data is cut or damaged after ${bytes} unpacked bytes (${thrown.message}). Nothing of it was loaded.`,
    hint: 'Copy or export the file again: a transfer that broke off leaves such a file.',
    context: { file: name, bytes, reason: thrown.message },
    cause: thrown,
  })
}

function cutJson(name: string): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_FILE_CUT',
    message: `${name}: the JSON ends in the middle: what opens the file is not closed at its end. Nothing of it was loaded.`,
    hint: 'Copy or export the file again: a transfer that broke off leaves such a file.',
    context: { file: name },
  })
}

async function wrongEncoding(
  path: string,
  name: string,
  compression: Compression | undefined,
): Promise<CaudalError> {
  let line = 1
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of plainChunks(path, name, compression)) {
    const data = Buffer.concat([rest, chunk])
    let at = 0
    for (let end = data.indexOf(10); end !== -1; end = data.indexOf(10, at)) {
      const bytes = data.subarray(at, end)
      if (!isUtf8(bytes)) return notUtf8(name, line, shown(bytes), 'windows-1252')
      line++
      at = end + 1
    }
    rest = data.subarray(at)
  }
  return notUtf8(name, line, shown(rest), 'windows-1252')
}

function shown(bytes: Uint8Array): string {
  const text = new TextDecoder('windows-1252').decode(bytes)
  const odd = Math.max(0, text.search(/[^\0-\x7f]/) - 20)
  return `read as windows-1252 it is "${text.slice(odd, odd + 60).trim()}"`
}

function notUtf8(name: string, line: number, what: string, encoding: Encoding): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_FILE_ENCODING',
    message: `${name}, line ${line}: the text is not UTF-8; ${what}. Nothing of it was loaded.`,
    hint: `If that reads right, say so in the stream: text: { encoding: '${encoding}' }; else export the file as UTF-8.`,
    context: { file: name, line, encoding },
  })
}
