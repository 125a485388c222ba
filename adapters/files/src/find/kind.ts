import { CaudalError, type FileFormat } from '@caudal/spec'

/** What a file can be. `tsv` is `csv` with a tab between cells; `excel` is `.xlsx`. */
export type FileKind = 'csv' | 'tsv' | 'json' | 'ndjson' | 'parquet' | 'excel'

/** How a file is packed. */
export type Compression = 'gzip' | 'zstd'

const endings: Readonly<Record<string, FileKind>> = {
  csv: 'csv',
  txt: 'csv',
  tsv: 'tsv',
  tab: 'tsv',
  json: 'json',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  parquet: 'parquet',
  pq: 'parquet',
  xlsx: 'excel',
  xlsm: 'excel',
}

const contentTypes: Readonly<Record<string, FileKind>> = {
  'text/csv': 'csv',
  'text/tab-separated-values': 'tsv',
  'application/json': 'json',
  'application/x-ndjson': 'ndjson',
  'application/ndjson': 'ndjson',
  'application/jsonl': 'ndjson',
  'application/vnd.apache.parquet': 'parquet',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'excel',
}

/**
 * What a file is as declared, by its name, or by what the server calls it.
 * @throws CaudalError `CAUDAL_FILE_KIND` when neither tells.
 */
export function kindOf(name: string, declared: FileKind | undefined, contentType = ''): FileKind {
  const bare = pathOf(name)
    .toLowerCase()
    .replace(/\.(gz|gzip|zst|zstd)$/, '')
  const found = declared ?? endings[bare.slice(bare.lastIndexOf('.') + 1)] ?? contentTypes[contentType]
  if (found !== undefined) return found
  throw new CaudalError({
    code: 'CAUDAL_FILE_KIND',
    message: `${name}: the name does not tell what the file is (known endings: ${Object.keys(endings).join(', ')}). Nothing was read.`,
    hint: `Say it in the stream: format: 'csv'.`,
    context: { file: name },
  })
}

/** The part of an address that names the file. */
function pathOf(name: string): string {
  return /^https?:/i.test(name) ? new URL(name).pathname : name
}

/** How a file is packed, by its first bytes: names lie. */
export function compressionOf(head: Uint8Array): Compression | undefined {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip'
  const isZstd = head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd
  return isZstd ? 'zstd' : undefined
}

/** The warehouse's word for the format; Excel is converted to delimited text. */
export function formatOf(kind: FileKind): FileFormat {
  return kind === 'tsv' || kind === 'excel' ? 'csv' : kind
}
