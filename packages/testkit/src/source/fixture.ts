import type { FilePayload, Source } from '@caudal/spec'

/** A record of the system that the suite reads. */
export interface SourceRecord {
  readonly id: string
  readonly title: string
  /** ISO 8601, UTC, whole seconds: grows with every change of the record. */
  readonly updated_at: string
}

/** A system that a source reads, held by the test: a server, a folder, an array. One per test. */
export interface SourceFixture {
  /** The stream that has the records. */
  readonly stream: string
  /** Absolute path of the project. Default: a folder of the test's own. */
  readonly projectPath?: string
  /** What `env()` and `secretFile()` stand for, by name. */
  readonly settings?: Readonly<Record<string, string>>
  /** Another source that reads the system, not open yet. */
  create(): Source
  /** The system has these records from now on: earlier ones may be changed, added to or, where `deletes` is not `none`, gone. */
  put(records: readonly SourceRecord[]): Promise<void>
  /** From now on the system fails after it gave a part of its records. Absent: it cannot. */
  fail?(): Promise<void>
  /** Rows of a file that the source delivered. Default: NDJSON, uncompressed. */
  readFile?(payload: FilePayload): Promise<readonly Readonly<Record<string, unknown>>[]>
  close(): Promise<void>
}

/** Makes a fixture with the records. */
export type SourceFactory = (records: readonly SourceRecord[]) => Promise<SourceFixture>

/** Records that differ in all that counts: `count` of them, in order of their ids and their changes. */
export function sourceRecords(count: number): SourceRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `r${String(index).padStart(5, '0')}`,
    title: `record ${index}`,
    updated_at: changeTime(index),
  }))
}

/** The time of the `n`th change. */
export function changeTime(n: number): string {
  return new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString().replace('.000', '')
}
