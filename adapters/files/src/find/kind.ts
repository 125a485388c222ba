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

/**
 * What a file is by its name, or as declared.
 * @throws CaudalError `CAUDAL_FILE_KIND` when neither tells.
 */
export function kindOf(name: string, declared: FileKind | undefined): FileKind {
  const bare = name.toLowerCase().replace(/\.(gz|gzip|zst|zstd)$/, '')
  const found = declared ?? endings[bare.slice(bare.lastIndexOf('.') + 1)]
  if (found !== undefined) return found
  throw new CaudalError({
    code: 'CAUDAL_FILE_KIND',
    message: `${name}: the name does not tell what the file is (known endings: ${Object.keys(endings).join(', ')}). Nothing was read.`,
    hint: `Say it in the stream: format: 'csv'.`,
    context: { file: name },
  })
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
