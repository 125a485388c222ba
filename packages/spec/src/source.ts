import type { Column } from './column.ts'
import type { JsonObject, JsonValue } from './json.ts'
import type { SecretReference, Setting } from './reference.ts'
import type { StreamDescription } from './stream.ts'

/** What happens to the row's key: it has these values, or it is gone. */
export type Operation = 'upsert' | 'delete'

/** Formats that a warehouse reads straight from a file. */
export const fileFormats = ['csv', 'ndjson', 'json', 'parquet'] as const

/** One of {@link fileFormats}. `csv` covers every delimiter; `json` is one array or one object. */
export type FileFormat = (typeof fileFormats)[number]

/** How numbers and dates are written in a file. Independent of how values are shown anywhere. */
export interface WrittenFormat {
  /** Default: `.`. */
  readonly decimalSeparator?: '.' | ','
  /** Absent: none accepted. */
  readonly thousandsSeparator?: '.' | ',' | ' ' | "'"
  /** How dates are written that are not ISO 8601, which is always read: a strptime pattern, for instance `%d/%m/%Y`. */
  readonly dateFormat?: string
  /** The same for points in time: `%d/%m/%Y %H:%M`. */
  readonly timestampFormat?: string
}

/** How the text of a file is to be read. */
export interface TextFormat extends WrittenFormat {
  /** Default: `,`. */
  readonly delimiter?: string
  /** Default: `"`. */
  readonly quote?: string
  /** Default: `utf-8` (a byte order mark is accepted). */
  readonly encoding?: 'utf-8' | 'utf-16' | 'windows-1252'
  /** Whether the first line names the columns. Default: `true`. */
  readonly header?: boolean
  /** Texts that mean "no value". Default: the empty unquoted field. */
  readonly nulls?: readonly string[]
  /** Columns that are written in their own way, by field: it goes before what is said of the whole file. */
  readonly columns?: Readonly<Record<string, WrittenFormat>>
}

/** Rows as JavaScript objects. Values: string, number, bigint, boolean, Date, Uint8Array, null/undefined, or nested JSON. */
export interface RowsPayload {
  readonly kind: 'rows'
  readonly rows: readonly Readonly<Record<string, unknown>>[]
  /** One per row. Absent: all `upsert`. */
  readonly operations?: readonly Operation[]
}

/**
 * Rows as newline-delimited JSON, each line ended by `\n`. Numbers keep every digit of the source: one with more than 15 significant
 * digits is written as a JSON string, because JSON readers go through a double (an integer up to 64 bits may stay bare).
 */
export interface NdjsonPayload {
  readonly kind: 'ndjson'
  readonly bytes: Uint8Array
  readonly rows: number
  /** Every top-level field that occurs in the lines: what the schema does not name is kept in `_caudal_extra`. */
  readonly fields: readonly string[]
}

/** A file as it is: goes into the lake byte for byte. */
export interface FilePayload {
  readonly kind: 'file'
  /** Local path of the bytes: the file itself, or a finished download that the adapter removes after the batch was taken. */
  readonly path: string
  /** Where the file came from (path or URL), for messages and lineage. */
  readonly origin: string
  readonly format: FileFormat
  readonly compression?: 'gzip' | 'zstd'
  readonly text?: TextFormat
  /** SHA-256 of the bytes, hex, when the adapter has computed it: they are not hashed again. */
  readonly sha256?: string
  /** Local path of the bytes as delivered, when `path` was converted from them: they go into the lake too. */
  readonly convertedFrom?: string
}

/** What a batch carries. */
export type BatchPayload = RowsPayload | NdjsonPayload | FilePayload

/** A batch of one stream and partition, with the position after it. */
export interface SourceBatch {
  readonly stream: string
  /** Default: `''`, the only partition. */
  readonly partition?: string
  readonly payload: BatchPayload
  /** Where reading continues after this batch. Absent: not a place to continue from. */
  readonly position?: JsonValue
  /** Begins a complete read of the stream, whatever the positions say: what follows until `complete` is one snapshot. */
  readonly begins?: true
  /** The batch is all that its partition has: in an `append` stream it takes the place of what the partition's earlier batches brought. */
  readonly replacesPartition?: true
  /** Ends a snapshot: every live record of the stream has been delivered since the read began (or since the position that began it). */
  readonly complete?: true
  /** Where the rows came from, for dead letters: a page's URL or number. */
  readonly origin?: string
  /** Records that the adapter dropped by the project's own rule. Default: 0. */
  readonly filtered?: number
  /** The stream's schema, when it differs from what `discover` said. */
  readonly schema?: readonly Column[]
}

/** What is wrong with one stream while others go on. It ends the stream's read; what was delivered before with a position stays. */
export interface StreamFailure {
  readonly stream: string
  readonly failure: unknown
}

/** What to read of one stream. */
export interface StreamRequest {
  readonly stream: string
  /** Last committed position by partition; empty on the first read and after a reset. */
  readonly positions: Readonly<Record<string, JsonValue>>
  /** Read all again and end with `complete`, whatever the positions say of earlier complete reads. */
  readonly full: boolean
}

/** One read of a source. */
export interface ReadRequest {
  readonly streams: readonly StreamRequest[]
  readonly signal: AbortSignal
}

/** What the engine hands a source on `open`. */
export interface SourceContext {
  /** The source's name in the project. */
  readonly source: string
  /** Absolute path of the project. */
  readonly projectPath: string
  /** A folder for downloads; emptied by the engine. */
  readonly scratchPath: string
  /** Resolves a setting. @throws CaudalError `CAUDAL_SECRET_MISSING`, naming the variable. */
  resolve(setting: Setting): string
  /** Reads a small rotating secret (an OAuth token) kept encrypted in the control database. */
  readSecret(name: string): Promise<string | undefined>
  /** Stores it; resolves when it is durable. */
  writeSecret(name: string, value: string): Promise<void>
  log(level: 'debug' | 'info' | 'warn', message: string, facts?: JsonObject): void
}

/** What a source can do, as frozen data. */
export interface SourceCapabilities {
  /** `exactly once`: a position names one place for ever. `once per key`: re-reads are possible, keys remove them. `at least once`: neither. */
  readonly guarantee: 'exactly once' | 'once per key' | 'at least once'
  readonly hasCount: boolean
  readonly hasCheck: boolean
}

/**
 * A system that Caudal reads. The engine calls `open` once, then `discover` and `read`, then `close`, also after an error.
 * The engine owns retry of a whole read, batching, staging and metrics; the adapter reports facts.
 */
export interface Source {
  /** The adapter's name, for instance `rest`. */
  readonly name: string
  readonly capabilities: SourceCapabilities
  open(context: SourceContext): Promise<void>
  /**
   * The streams with their schemas. Must not load data.
   * @param wanted the streams that matter now: a source to which each costs a call leaves out the others. Default: all.
   */
  discover(
    signal: AbortSignal,
    wanted?: readonly string[],
  ): Promise<readonly (StreamDescription | StreamFailure)[]>
  /**
   * Batches in the order in which they must be committed per stream and partition. Back-pressure: the next batch is asked for when the last
   * was staged. What is thrown ends all streams; a {@link StreamFailure} ends one.
   */
  read(request: ReadRequest): AsyncIterable<SourceBatch | StreamFailure>
  close(): Promise<void>
}

/** A source that can say how many live records a stream has. */
export interface CountingSource extends Source {
  /** `undefined` when the source does not know for this stream. */
  count(stream: string, signal: AbortSignal): Promise<number | undefined>
}

/** What `caudal source check` shows of one stream. */
export interface StreamCheck {
  readonly stream: string
  readonly isReadable: boolean
  readonly records?: number
  /** Why it is not readable, or what limits it. */
  readonly note?: string
}

/** What `caudal source check` shows. */
export interface SourceCheck {
  readonly account?: string
  /** Granted scopes, where the source tells. */
  readonly scopes?: readonly string[]
  readonly quota?: string
  readonly estimatedSeconds?: number
  readonly streams: readonly StreamCheck[]
}

/** A source that can check access without loading. */
export interface CheckingSource extends Source {
  check(signal: AbortSignal): Promise<SourceCheck>
}

/** A source that wants to hear that a load took effect. */
export interface AcknowledgingSource extends Source {
  acknowledge(stream: string, partition: string, position: JsonValue): Promise<void>
}

/** Whether the source counts. */
export function supportsCount(source: Source): source is CountingSource {
  return source.capabilities.hasCount && 'count' in source
}

/** Whether the source checks. */
export function supportsCheck(source: Source): source is CheckingSource {
  return source.capabilities.hasCheck && 'check' in source
}

/** Whether the source acknowledges. */
export function supportsAcknowledge(source: Source): source is AcknowledgingSource {
  return 'acknowledge' in source
}

/** A stream as a project declares it in code, before discovery: what is absent is discovered or defaulted. */
export type StreamDeclaration = Partial<Omit<StreamDescription, 'name'>>

/** A source as a project exports it. The export's name is the source's name. */
export interface SourceDefinition {
  readonly kind: 'source'
  readonly adapter: string
  /** When it is read by `dev` and `serve`: `every 15 minutes` or a cron expression. */
  readonly schedule?: string
  /** IANA zone of a cron schedule. Default: the project's. */
  readonly timeZone?: string
  /** Streams that the code declares; for others the discovered description holds. */
  readonly streams: Readonly<Record<string, StreamDeclaration>>
  /** Names of the secrets that it resolves. */
  readonly secrets: readonly SecretReference[]
  /** Settings worth showing in plan and console; no secret. */
  readonly describe: JsonObject
  create(): Source
}
