import type { FilePayload, Lake, StagedFile } from '@caudal/spec'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Readable } from 'node:stream'
import { PassThrough, Transform } from 'node:stream'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { LongNumberScanner, QuoteLongNumbers } from './long-numbers.ts'
import { NdjsonScanner } from './ndjson-scanner.ts'
import { wholeLines } from './whole-lines.ts'

/** The part of a lake that takes files. */
export type FileTaker = Pick<Lake, 'putIfAbsent' | 'putFileIfAbsent'>

/**
 * Puts a file into the lake byte for byte. What the warehouse cannot read as it is gets a converted copy beside it: text in an encoding
 * that the engine does not know becomes UTF-8, and JSON numbers with more digits than a double holds become strings, but for those of the
 * fields that are doubles in the table.
 */
export async function stageFile(
  lake: FileTaker,
  folder: string,
  file: FilePayload,
  doubles: ReadonlySet<string> = new Set(),
): Promise<StagedFile> {
  const key = `${folder}/${encodeURIComponent(path.basename(file.path))}`
  const [{ sha256, bytes, hasLongNumbers, fields }, , delivered] = await Promise.all([
    examine(file, doubles),
    lake.putFileIfAbsent(key, file.path),
    keepDelivered(lake, folder, file),
  ])
  const staged: StagedFile = {
    key,
    format: file.format,
    ...(delivered === undefined ? {} : { convertedFrom: delivered }),
    ...(file.compression === undefined ? {} : { compression: file.compression }),
    ...(file.text === undefined ? {} : { text: file.text }),
    sha256,
    bytes,
    ...(fields === undefined ? {} : { fields }),
    origin: file.origin,
  }
  const decoder = await decoderOf(file)
  if (decoder !== undefined) return convert(lake, file, staged, decoder)
  if (hasLongNumbers) return convert(lake, file, staged, new QuoteLongNumbers())
  return staged
}

/** Puts the bytes that the file was converted from beside it. @returns their key. */
async function keepDelivered(
  lake: FileTaker,
  folder: string,
  file: FilePayload,
): Promise<string | undefined> {
  if (file.convertedFrom === undefined) return undefined
  const key = `${folder}/${encodeURIComponent(path.basename(file.convertedFrom))}`
  await lake.putFileIfAbsent(key, file.convertedFrom)
  return key
}

interface Examined {
  readonly sha256: string
  readonly bytes: number
  readonly hasLongNumbers: boolean
  /** Every field of the records, where one look tells. */
  readonly fields?: readonly string[]
}

/** Looks at all bytes once, and at what they are packed from once more. */
async function examine(file: FilePayload, doubles: ReadonlySet<string>): Promise<Examined> {
  const scanner = scannerOf(file, doubles)
  if (file.sha256 !== undefined && scanner === undefined) {
    return { sha256: file.sha256, bytes: (await stat(file.path)).size, hasLongNumbers: false }
  }
  const hash = createHash('sha256')
  let bytes = 0
  const plain = decompressed(file)
  if (scanner !== undefined && plain !== undefined) {
    for await (const chunk of plain) scanner.scan(chunk as Buffer)
  }
  if (file.sha256 !== undefined && plain !== undefined) bytes = (await stat(file.path)).size
  else {
    for await (const chunk of wholeLines(file.path)) {
      if (file.sha256 === undefined) hash.update(chunk)
      bytes += chunk.length
      if (plain === undefined) scanner?.scan(chunk)
    }
  }
  const seen = scanner?.finish() ?? { hasLongNumbers: false }
  return { sha256: file.sha256 ?? hash.digest('hex'), bytes, ...seen }
}

function scannerOf(
  { format }: FilePayload,
  doubles: ReadonlySet<string>,
): NdjsonScanner | LongNumberScanner | undefined {
  if (format === 'ndjson') return new NdjsonScanner(doubles)
  return format === 'json' ? new LongNumberScanner() : undefined
}

function decompressed(file: FilePayload): Readable | undefined {
  if (file.compression === undefined) return undefined
  const unpack = file.compression === 'gzip' ? createGunzip() : createZstdDecompress()
  const source = createReadStream(file.path)
  source.on('error', (error) => unpack.destroy(error))
  return source.pipe(unpack)
}

async function decoderOf(file: FilePayload): Promise<Transform | undefined> {
  const encoding = file.text?.encoding
  if (encoding === 'windows-1252') return decoding('windows-1252')
  const isJson = file.format === 'json' || file.format === 'ndjson'
  if (encoding !== 'utf-16' && !isJson) return undefined
  const handle = await open(file.path)
  try {
    const { buffer } = await handle.read(Buffer.alloc(3), 0, 3, 0)
    if (isJson) return buffer.toString('hex') === 'efbbbf' ? decoding('utf-8') : undefined
    return buffer[0] === 0xfe && buffer[1] === 0xff ? decoding('utf-16be') : undefined
  } finally {
    await handle.close()
  }
}

function decoding(encoding: string): Transform {
  const decoder = new TextDecoder(encoding)
  return new Transform({
    transform(chunk: Buffer, _encoding, done): void {
      done(null, decoder.decode(chunk, { stream: true }))
    },
    flush(done): void {
      done(null, decoder.decode())
    },
  })
}

async function convert(
  lake: FileTaker,
  file: FilePayload,
  staged: StagedFile,
  transform: Transform,
): Promise<StagedFile> {
  const key = `${staged.key}.utf-8`
  const hash = createHash('sha256')
  let bytes = 0
  const body = new PassThrough()
  transform.on('data', (chunk: Buffer | string) => {
    hash.update(chunk)
    bytes += Buffer.byteLength(chunk)
  })
  const source = decompressed(file) ?? createReadStream(file.path)
  await Promise.all([pipeline(source, transform, body), lake.putIfAbsent(key, body)])
  const { compression: _compression, text, ...rest } = staged
  const { encoding: _encoding, ...format } = text ?? {}
  return {
    ...rest,
    key,
    sha256: hash.digest('hex'),
    bytes,
    convertedFrom: staged.key,
    ...(text === undefined ? {} : { text: format }),
  }
}
