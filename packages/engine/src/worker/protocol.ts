import type {
  AdapterReference,
  Column,
  ErrorReport,
  FlushLoad,
  FlushOutcome,
  JsonObject,
  LoadId,
  Manifest,
  SourceCheck,
  StagedFile,
  StoredPosition,
  StreamDescription,
} from '@caudal/spec'
import type { StartPosition } from '../load/starts.ts'
import type { LiveTable } from '../verify/drift.ts'
import type { RecordedStream } from '../project/recorded-schema.ts'
import type { StagedLoad } from '../load/staged-load.ts'

/** What a worker is asked to extract. */
export interface ExtractRequest {
  readonly source: string
  /** Empty: every stream. */
  readonly streams: readonly string[]
  readonly full: boolean
  readonly run: string
  readonly lake: AdapterReference
  /** Load ids begin above this one. */
  readonly lastLoad: LoadId
  /** Stream → partition → where it stands. */
  readonly starts: Readonly<Record<string, Readonly<Record<string, StartPosition>>>>
}

/** What became of one stream. */
export interface StreamExtract {
  readonly stream: string
  /** Absent: the stream could not be discovered. */
  readonly description?: StreamDescription
  readonly rows: number
  readonly bytes: number
  /** Live records that the source counts, where it does: before and after the read. */
  readonly counted?: { readonly before: number; readonly after: number }
  readonly error?: ErrorReport
}

/** Rows that a preview shows. */
export interface Preview {
  readonly columns: readonly Column[]
  readonly rows: readonly JsonObject[]
  /** The file, when the stream delivers files: who asked reads it. */
  readonly file?: PreviewFile
}

/** A file of a preview. */
export interface PreviewFile {
  /** Its key is its path. */
  readonly staged: StagedFile
  /** Folder to remove when the file has been read. */
  readonly folder: string
}

/** A stream as its source shows it now. */
export interface ObservedStream extends LiveTable {
  readonly stream: string
}

/** What the worker offers. It imports the project; the owner never does. */
export interface WorkerApi {
  loadProject(argument: { readonly projectPath: string }): Promise<Manifest>
  extract(argument: ExtractRequest): Promise<readonly StreamExtract[]>
  /** What is to be recorded of a source. */
  discover(argument: { readonly source: string }): Promise<readonly RecordedStream[]>
  /** What its streams have now. */
  observe(argument: { readonly source: string }): Promise<readonly ObservedStream[]>
  check(argument: { readonly source: string }): Promise<SourceCheck>
  count(argument: { readonly source: string; readonly stream: string }): Promise<number | undefined>
  preview(argument: {
    readonly source: string
    readonly stream: string
    readonly limit: number
  }): Promise<Preview>
  /** Runs a pipeline until it is cancelled; what it has read then is committed first. */
  runPipeline(argument: PipelineRequest): Promise<null>
}

/** A pipeline that is to run, and where its events wait. */
export interface PipelineRequest {
  readonly pipeline: string
  readonly log: AdapterReference
  /** The run that its flushes belong to. */
  readonly run: string
}

/** What the owner offers to a worker. */
export interface OwnerApi {
  /** A load is complete in the lake: resolves when it took effect. */
  staged(load: StagedLoad): Promise<null>
  progress(argument: {
    readonly run: string
    readonly source: string
    readonly stream: string
    readonly rows: number
    readonly bytes: number
    /** Rows that the source counted, when they are all read. */
    readonly total?: number
  }): Promise<null>
  /** What pipelines need of the warehouse: `flush` answers when it has taken effect. */
  positions(argument: { readonly pipeline: string }): Promise<readonly StoredPosition[]>
  nextLoadId(argument: object): Promise<LoadId>
  flush(load: FlushLoad): Promise<FlushOutcome>
  readSecret(argument: { readonly source: string; readonly name: string }): Promise<string | null>
  writeSecret(argument: {
    readonly source: string
    readonly name: string
    readonly value: string
  }): Promise<null>
  log(argument: {
    readonly source: string
    readonly level: string
    readonly message: string
    readonly facts?: JsonObject
  }): Promise<null>
}
