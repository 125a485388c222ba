import type { JsonValue } from '@caudal/spec'

/** A file that a stream `data` reads, and what must come of it. */
export interface BadFile {
  readonly what: string
  readonly file: string
  readonly content: string | Uint8Array
  /** Default: the file. */
  readonly path?: string
  /** Options of the stream, as code. */
  readonly options?: string
  /** Absent: the run of the source is green. */
  readonly error?: { readonly code: string; readonly says: readonly string[] }
  /** Columns that are looked at. Default: all. */
  readonly select?: string
  readonly rows?: readonly (readonly JsonValue[])[]
  /** Line, column, raw text. */
  readonly letters?: readonly (readonly JsonValue[])[]
}

/** Options of a stream with two declared columns. */
export const declared = 'columns: columns({ id: integer(), amount: decimal(18, 2) })'
