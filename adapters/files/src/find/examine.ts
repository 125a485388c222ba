import { CaudalError } from '@caudal/spec'
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
  readonly compression: Compression | undefined
  /** Bytes after decompression. */
  readonly plainBytes: number
}

const chunkBytes = 1 << 20

/**
 * Reads a file once: its hash, whether it is packed and whole, and for text in UTF-8 whether it is that.
 * @throws CaudalError `CAUDAL_FILE_CUT` (packed bytes end early or are damaged), `CAUDAL_FILE_ENCODING`, `CAUDAL_FILE_UNREADABLE`.
 */
export async function examineFile(
  path: string,
  name: string,
  text: { readonly encoding: Encoding | undefined } | undefined,
): Promise<Examined> {
  const head = await readHead(path, name)
  const compression = compressionOf(head)
  const hash = createHash('sha256')
  const isUtf8Text = text !== undefined && encodingOf(head, text.encoding) === 'utf-8'
  const checksRaw = isUtf8Text && compression === undefined
  if (checksRaw && looksLikeUtf16(head)) throw notUtf8(name, 1, 'the bytes look like UTF-16', 'utf-16')
  let bytes = 0
  let rest: Buffer = Buffer.alloc(0)
  let isGood = true
  for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes })) {
    const data = chunk as Buffer
    hash.update(data)
    bytes += data.length
    if (!checksRaw || !isGood) continue
    const whole = rest.length === 0 ? data : Buffer.concat([rest, data])
    const end = whole.length - unfinishedBytes(whole)
    isGood = isUtf8(whole.subarray(0, end))
    rest = whole.subarray(end)
  }
  if (checksRaw && (!isGood || rest.length > 0)) throw await wrongEncoding(path, name)
  const plainBytes = compression === undefined ? bytes : await unpackedBytes(path, name, compression)
  return { sha256: hash.digest('hex'), bytes, compression, plainBytes }
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

/** The file's bytes, unpacked. */
export function openPlain(path: string, compression: Compression | undefined): Readable {
  const source = createReadStream(path, { highWaterMark: chunkBytes })
  if (compression === undefined) return source
  const unpack = compression === 'gzip' ? createGunzip() : createZstdDecompress()
  source.on('error', (error) => unpack.destroy(error))
  unpack.on('close', () => source.destroy())
  return source.pipe(unpack)
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

async function unpackedBytes(path: string, name: string, compression: Compression): Promise<number> {
  let bytes = 0
  try {
    for await (const chunk of openPlain(path, compression)) bytes += (chunk as Buffer).length
    return bytes
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown)
    throw new CaudalError({
      code: 'CAUDAL_FILE_CUT',
      message: `${name}: the ${compression} data is cut or damaged after ${bytes} unpacked bytes (${reason}). Nothing of it was loaded.`,
      hint: 'Copy or export the file again: a transfer that broke off leaves such a file.',
      context: { file: name, bytes, reason },
      cause: thrown,
    })
  }
}

async function wrongEncoding(path: string, name: string): Promise<CaudalError> {
  let line = 1
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes })) {
    const data = Buffer.concat([rest, chunk as Buffer])
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
