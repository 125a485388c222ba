import type { Column, SchemaContract, Setting, StreamDescription, TextFormat } from '@caudal/spec'
import type { FileKind } from '../find/kind.ts'

/** A stream: one table that files fill. */
export interface FileStreamOptions extends Partial<
  Pick<StreamDescription, 'deletes' | 'disposition' | 'retentionDays' | 'description'>
> {
  /**
   * Where the files are: paths relative to the project or absolute, with `*`, `**`, `?` and `{a,b}`, and `http(s)` addresses. An address
   * that holds a secret is given by reference: `env('EXPORT_URL')`.
   */
  readonly path: Setting | readonly Setting[]
  /** Default: by the name's ending (`.csv`, `.tsv`, `.json`, `.ndjson`, `.jsonl`, `.parquet`, `.xlsx`, and `.gz` or `.zst` after it). */
  readonly format?: FileKind
  /** How the text is written. What is left out is found out from the file: delimiter, UTF-16 by its mark, separators and date order. */
  readonly text?: TextFormat
  /** Sheet of an Excel file, by name. Default: the first. */
  readonly sheet?: string
  /** Declared columns: `columns({ id: text(), amount: decimal(18, 2) })`. Their types hold; columns of the file that are not declared are sampled. */
  readonly columns?: readonly Column[]
  /** Column names that identify a row. */
  readonly primaryKey?: readonly string[]
  /** The column whose larger value is newer. */
  readonly order?: string
  readonly contract?: Partial<SchemaContract>
  /** What happens when a loaded file has other bytes now. `replace`: its rows are taken in place of the earlier ones; `refuse`: an error. Default: `replace`. */
  readonly changed?: 'replace' | 'refuse'
}

/** Options of {@link files}. */
export interface FilesOptions {
  /** Streams by name. */
  readonly streams: Readonly<Record<string, FileStreamOptions>>
  /** Headers sent to `http(s)` addresses, for instance `{ authorization: env('EXPORT_AUTHORIZATION') }`. */
  readonly headers?: Readonly<Record<string, Setting>>
  /** `every 15 minutes` or a cron expression. */
  readonly schedule?: string
  /** IANA zone of a cron schedule. Default: the project's. */
  readonly timeZone?: string
}
