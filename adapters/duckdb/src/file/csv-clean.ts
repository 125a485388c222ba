import { CaudalError, rowsPerFile, type StagedFile } from '@caudal/spec'
import { isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { CsvScanner, recordBytesMax, type RawRecord } from './csv-scan.ts'

/** What a scan of a delimited file gave. */
export interface CleanCsv {
  /** Path of the records that are as wide as the header, each behind its rank in the load, and the place and length of what was written for it. */
  readonly good: string
  /** Path of the others as NDJSON: `{ line, cell, reason, raw }`; `cell` is the index of the first that is missing. */
  readonly bad: string
  /** Bytes of the longest record. */
  readonly longest: number
}

/**
 * Parts a delimited file into the records that the engine can read and those that it cannot, without looking at their values. Encoding,
 * packing and odd line breaks are gone from the good ones.
 * @throws CaudalError `CAUDAL_LOAD_LINE_TOO_LONG`
 */
export async function cleanCsv(
  file: StagedFile,
  path: string,
  width: number,
  index: number,
  folder: string,
): Promise<CleanCsv> {
  const delimiter = file.text?.delimiter ?? ','
  const quote = file.text?.quote ?? '"'
  const scanner = new CsvScanner({
    delimiter: Buffer.from(delimiter),
    quote: quote === '' ? undefined : quote.charCodeAt(0),
  })
  const good = await Output.create(`${folder}/good.csv`)
  const bad = await Output.create(`${folder}/bad.ndjson`)
  let isHeader = file.text?.header !== false
  let longest = 0
  let count = 0
  const take = async (records: readonly RawRecord[]): Promise<void> => {
    for (const record of records) {
      if (record.bytes.length > recordBytesMax) throw tooLong(file, record)
      longest = Math.max(longest, record.bytes.length)
      if (isHeader) isHeader = false
      else {
        const rank = file.lines?.[count++] ?? index * rowsPerFile + record.line
        const reason = record.broken ?? widthReason(record, width)
        if (reason !== undefined) bad.add(letter(record, rank % rowsPerFile, reason, width))
        else good.add(prefixOf(rank, good.length, record.bytes.length, delimiter), record.bytes, lineBreak)
      }
    }
    await good.flush()
    await bad.flush()
  }
  try {
    for await (const chunk of textBytes(file, path)) await take(scanner.push(chunk))
    await take(scanner.push(Buffer.alloc(0), true))
  } finally {
    await good.close()
    await bad.close()
  }
  return { good: good.path, bad: bad.path, longest }
}

/** The record of `length` bytes that was written at `place` of a {@link CleanCsv}'s good file, as it came. */
export async function rawRecord(
  good: FileHandle,
  record: { readonly rank: number; readonly place: number; readonly length: number },
  delimiter: string,
): Promise<string> {
  const skipped = prefixOf(record.rank, record.place, record.length, delimiter).length
  const buffer = Buffer.alloc(record.length)
  await good.read(buffer, 0, record.length, record.place + skipped)
  return buffer.toString()
}

const lineBreak = Buffer.from('\n')

function prefixOf(rank: number, place: number, length: number, delimiter: string): Buffer {
  return Buffer.from([rank, place, length, ''].join(delimiter))
}

function widthReason(record: RawRecord, width: number): string | undefined {
  if (record.cells < width) return `the row has too few columns: ${record.cells} of ${width}`
  return record.filled > width
    ? `the row has too many columns: ${record.filled}, the header ${width}`
    : undefined
}

function letter({ cells, bytes, broken }: RawRecord, line: number, reason: string, width: number): Buffer {
  const cell = broken === undefined && cells < width ? cells : null
  const isText = isUtf8(bytes)
  const raw = isText ? bytes.toString() : new TextDecoder('windows-1252').decode(bytes)
  return Buffer.from(`${JSON.stringify({ line, cell, reason, raw })}\n`)
}

function tooLong(file: StagedFile, record: RawRecord): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_LOAD_LINE_TOO_LONG',
    message: `${file.origin}, line ${record.line}: the row has more than ${recordBytesMax} bytes. Nothing was loaded; the bytes are kept in the lake as ${file.key}.`,
    hint: 'A quote that is never closed makes such a row, and so does a file that is no delimited text: check the line and the stream’s `text` format.',
    context: { origin: file.origin, line: record.line, bytesMax: recordBytesMax },
  })
}

/** A file that is written in pieces. */
class Output {
  readonly path: string
  /** Bytes added so far. */
  length = 0
  readonly #handle: FileHandle
  #parts: Buffer[] = []

  private constructor(path: string, handle: FileHandle) {
    this.path = path
    this.#handle = handle
  }

  static async create(path: string): Promise<Output> {
    return new Output(path, await open(path, 'w', 0o600))
  }

  add(...parts: readonly Buffer[]): void {
    for (const part of parts) {
      this.#parts.push(part)
      this.length += part.length
    }
  }

  async flush(): Promise<void> {
    if (this.#parts.length === 0) return
    await this.#handle.writeFile(Buffer.concat(this.#parts))
    this.#parts = []
  }

  close(): Promise<void> {
    return this.#handle.close()
  }
}

/** The bytes of a text file as UTF-8, unpacked and without a byte order mark. */
async function* textBytes(file: StagedFile, path: string): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(file.text?.encoding === 'utf-16' ? 'utf-16le' : 'utf-8')
  const isUtf16 = file.text?.encoding === 'utf-16'
  let isFirst = true
  for await (const chunk of plainBytes(file, path)) {
    const bytes = isUtf16 ? Buffer.from(decoder.decode(chunk as Buffer, { stream: true })) : (chunk as Buffer)
    const hasMark = isFirst && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
    isFirst = false
    yield hasMark ? bytes.subarray(3) : bytes
  }
}

function plainBytes(file: StagedFile, path: string): Readable {
  const source = createReadStream(path, { highWaterMark: 1 << 20 })
  if (file.compression === undefined) return source
  const unpack = file.compression === 'gzip' ? createGunzip() : createZstdDecompress()
  source.on('error', (error) => unpack.destroy(error))
  return source.pipe(unpack)
}
