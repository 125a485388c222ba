import type { JsonValue, SourceContext } from '@caudal/spec'

/** What a stream's `read` is told. */
export interface StreamReadRequest<Settings> {
  /** The position that the last committed batch named; `undefined` on the first read, after a reset and on a full read. */
  readonly position: JsonValue | undefined
  /** Everything is to be read again; `position` is `undefined` then. */
  readonly full: boolean
  readonly signal: AbortSignal
  /** The source's settings, secrets resolved. */
  readonly settings: { readonly [Name in keyof Settings]: string }
  readonly log: SourceContext['log']
}

/** A batch of rows with the position after it. */
export interface StreamBatch<Row> {
  readonly rows: readonly Row[]
  /** Deleted records: rows of which only the key counts. */
  readonly deleted?: readonly Partial<Row>[]
  /** Where reading continues after this batch: any JSON. */
  readonly position?: JsonValue
  /** Ends a snapshot: every live record has been delivered since the read began without a position. */
  readonly complete?: boolean
  /** Where the rows came from, shown with dead letters: a page's number or URL. */
  readonly origin?: string
  /** Records left out by the project's own rule. */
  readonly filtered?: number
}
