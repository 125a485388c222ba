import { CaudalError, type Column, type FileFormat, type TextFormat } from '@caudal/spec'
import { readHead } from '../find/examine.ts'
import { compressionOf, formatOf, kindOf, type Compression, type FileKind } from '../find/kind.ts'
import { profileCsv } from '../sample/csv-profile.ts'
import { profileJson } from '../sample/json-profile.ts'
import type { ProfiledFile } from './stream-columns.ts'

/** What the project says of a file. */
export interface FileSettings {
  readonly format: FileKind | undefined
  /** What a server calls the file. */
  readonly contentType?: string
  readonly text: TextFormat
  /** The column that is declared for a field, if one is. */
  readonly declared: (field: string) => Column | undefined
  /** Converts a workbook. @returns path of comma-separated text. */
  readonly convert: (name: string) => Promise<string>
}

/** A file that was looked at: what it is, and what its sample says. */
export interface LookedAt extends ProfiledFile {
  readonly format: FileFormat
  readonly compression: Compression | undefined
  /** Path of what the warehouse reads, when it is not the file itself. */
  readonly converted?: string
}

/**
 * Looks at a file on the disk: its kind, how it is packed, its columns.
 * @throws CaudalError `CAUDAL_FILE_*`
 */
export async function lookAt(path: string, name: string, settings: FileSettings): Promise<LookedAt> {
  const kind = kindOf(name, settings.format, settings.contentType)
  const head = await readHead(path, name)
  const compression = compressionOf(head)
  if (head.length === 0 && kind !== 'ndjson') throw emptyFile(name, kind)
  if (kind === 'parquet') {
    const { profileParquet } = await import('../sample/parquet-profile.ts')
    const profile = await profileParquet(path, name)
    return { name, format: 'parquet', compression: undefined, profile, isMetadata: true }
  }
  if (kind === 'json' || kind === 'ndjson') {
    const declared = settings.format === undefined ? undefined : kind
    const profile = await profileJson({ path, name, compression, declared })
    return { name, format: profile.format, compression, profile, isMetadata: false }
  }
  if (kind === 'excel') return lookAtWorkbook(name, settings)
  if (compression === undefined && looksLikePage(head)) throw isPage(name, head)
  const text = kind === 'tsv' ? { delimiter: '\t', ...settings.text } : settings.text
  const { declared } = settings
  const profile = await profileCsv({ path, name, compression, text, declared })
  return { name, format: formatOf(kind), compression, profile, isMetadata: false }
}

/** The numbers of a workbook are written by us; how its texts are written may be said for each column. */
async function lookAtWorkbook(name: string, settings: FileSettings): Promise<LookedAt> {
  const converted = await settings.convert(name)
  const { header, nulls, columns } = settings.text
  const text: TextFormat = {
    delimiter: ',',
    decimalSeparator: '.',
    ...(header === undefined ? {} : { header }),
    ...(nulls === undefined ? {} : { nulls }),
    ...(columns === undefined ? {} : { columns }),
  }
  const { declared } = settings
  const profile = await profileCsv({ path: converted, name, compression: undefined, text, declared })
  return { name, format: 'csv', compression: undefined, profile, isMetadata: false, converted }
}

function looksLikePage(head: Buffer): boolean {
  return /^\uFEFF?\s*<(!doctype|html|\?xml)/i.test(head.subarray(0, 256).toString())
}

function isPage(name: string, head: Buffer): CaudalError {
  const title = /<title[^>]*>([^<]{1,120})/i.exec(head.toString())?.[1]?.trim()
  return new CaudalError({
    code: 'CAUDAL_FILE_PAGE',
    message: `${name}, line 1: the file is a page of HTML or XML${title === undefined ? '' : ` ("${title}")`}, not delimited text. Nothing of it was loaded.`,
    hint: 'A page like this is often a login or an error page that was saved in place of the export: fetch the file again.',
    context: { file: name, line: 1 },
  })
}

function emptyFile(name: string, kind: FileKind): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_FILE_EMPTY',
    message: `${name}: the file is empty, where a ${kind} file has at least ${kind === 'csv' || kind === 'tsv' ? 'its header' : 'its frame'}. Nothing of it was loaded; what was loaded before is unchanged.`,
    hint: 'An export that broke off leaves such a file: export it again, or remove it.',
    context: { file: name },
  })
}
