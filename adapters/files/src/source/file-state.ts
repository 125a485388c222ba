import type { JsonObject, JsonValue } from '@caudal/spec'
import { stat } from 'node:fs/promises'
import { unreadableFile } from '../find/examine.ts'

/** What is remembered of a file that was loaded. */
export interface FileState extends JsonObject {
  readonly sha256: string
  readonly bytes: number
  /** When the disk says that the file was last written; 0 when that was too near to the read to prove anything. */
  readonly modifiedMs: number
  /** Digest of how the stream said that files are written: said otherwise, the file is read again. */
  readonly reading: string
  /** What the server said of an address. */
  readonly validators?: { readonly etag?: string; readonly lastModified?: string }
}

/** A file on the disk: what is known of it without reading it. */
export interface DiskFacts {
  readonly path: string
  readonly bytes: number
  readonly modifiedMs: number
  readonly validators?: FileState['validators']
  /** What the server calls the bytes of an address. */
  readonly contentType?: string
}

/** A file that was written so shortly before it was read may be written again with the same time of change. */
const racyMs = 2000

/** A stored state. */
export function asFileState(value: JsonValue | undefined): FileState | undefined {
  return typeof value === 'object' && value !== null && 'sha256' in value ? (value as FileState) : undefined
}

/** What the disk says of a file. @throws CaudalError `CAUDAL_FILE_UNREADABLE`. */
export async function diskFacts(path: string, name: string): Promise<DiskFacts> {
  try {
    const { size, mtimeMs } = await stat(path)
    return { path, bytes: size, modifiedMs: mtimeMs }
  } catch (thrown) {
    throw unreadableFile(name, thrown)
  }
}

/** Whether the disk says that the file is the one that was looked at or loaded. */
export function isUntouched(
  before: { readonly bytes: number; readonly modifiedMs: number },
  now: { readonly bytes: number; readonly modifiedMs: number },
): boolean {
  return before.bytes === now.bytes && before.modifiedMs === now.modifiedMs
}

/** The state to remember of a file that was read at `nowMs`. */
export function stateOf(sha256: string, facts: DiskFacts, reading: string, nowMs: number): FileState {
  const isSettled = nowMs - facts.modifiedMs > racyMs
  const { validators } = facts
  return {
    sha256,
    bytes: facts.bytes,
    modifiedMs: isSettled ? facts.modifiedMs : 0,
    reading,
    ...(validators === undefined ? {} : { validators: { ...validators } }),
  }
}
