import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip, constants as zlib } from 'node:zlib'
import { createCompany } from '../company/company.ts'
import { quotaRows, rateRows } from '../company/finance.ts'
import type { CompanyOptions } from '../company/world.ts'
import { csvLines } from './csv.ts'

/** Where to write which company. */
export interface WriteFilesOptions extends CompanyOptions {
  /** Made if missing; files of the same names are replaced. */
  readonly folder: string
}

/** A file that was written. */
export interface WrittenFile {
  readonly path: string
  /** Rows, without the header. */
  readonly rows: number
}

/**
 * Writes what a company keeps in files: `sdrs.csv`, `teams.csv`, `quotas.csv`, `fx_rates.csv`, `accounts.csv`,
 * `email_events.csv` and `product_usage.ndjson.gz`. UTF-8, same options same bytes, constant memory.
 */
export async function writeFiles(options: WriteFilesOptions): Promise<WrittenFile[]> {
  const company = createCompany(options)
  await mkdir(options.folder, { recursive: true })
  const csv = (name: string, rows: Iterable<object>): Promise<WrittenFile> =>
    writeLines(join(options.folder, name), csvLines, rows)
  return [
    await csv('sdrs.csv', company.read('sdrs')),
    await csv('teams.csv', company.read('teams')),
    await csv('quotas.csv', quotaRows(company.world)),
    await csv('fx_rates.csv', rateRows(company.world)),
    await csv('accounts.csv', company.read('accounts')),
    await csv('email_events.csv', company.read('email_events')),
    await writeLines(
      join(options.folder, 'product_usage.ndjson.gz'),
      ndjsonLines,
      company.read('product_usage'),
    ),
  ]
}

function* ndjsonLines(rows: Iterable<object>): Generator<string, void, undefined> {
  for (const row of rows) yield `${JSON.stringify(row)}\n`
}

type ToLines = (rows: Iterable<object>) => Iterable<string>

async function writeLines(path: string, toLines: ToLines, rows: Iterable<object>): Promise<WrittenFile> {
  const counter = { rows: 0 }
  const source = Readable.from(chunksOf(toLines(counted(rows, counter))), {
    objectMode: true,
    highWaterMark: 1,
  })
  if (path.endsWith('.gz'))
    await pipeline(source, createGzip(PORTABLE), neutralHeader, createWriteStream(path))
  else await pipeline(source, createWriteStream(path))
  return { path, rows: counter.rows }
}

function* counted(rows: Iterable<object>, counter: { rows: number }): Generator<object, void, undefined> {
  for (const row of rows) {
    counter.rows++
    yield row
  }
}

const CHUNK_CHARACTERS = 1 << 16

function* chunksOf(lines: Iterable<string>): Generator<Buffer, void, undefined> {
  let text = ''
  for (const line of lines) {
    text += line
    if (text.length < CHUNK_CHARACTERS) continue
    yield Buffer.from(text)
    text = ''
  }
  if (text !== '') yield Buffer.from(text)
}

/** String matching in Node's zlib depends on the processor's instructions; Huffman coding alone does not. */
const PORTABLE = { strategy: zlib.Z_HUFFMAN_ONLY, memLevel: 8 }

/** Byte 9 of a gzip file names the operating system; 255 says unknown. */
async function* neutralHeader(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  let offset = 0
  for await (const chunk of chunks) {
    if (offset <= 9 && offset + chunk.length > 9) chunk[9 - offset] = 255
    offset += chunk.length
    yield chunk
  }
}
