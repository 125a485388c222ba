import type { Readable } from 'node:stream'

/** An object in the lake. */
export interface LakeObject {
  readonly key: string
  readonly bytes: number
}

/** What a lake can do, as frozen data. */
export interface LakeCapabilities {
  /** Whether `locate` gives a local path. */
  readonly isLocal: boolean
}

/**
 * Immutable objects by key (`/`-separated, no `..`). Objects appear whole or not at all; there is no rename and no overwrite.
 */
export interface Lake {
  readonly name: string
  readonly capabilities: LakeCapabilities
  /** Creates the object durably. @returns `false` when the key exists (nothing changes). */
  putIfAbsent(key: string, body: Uint8Array | Readable): Promise<boolean>
  /** The same from a local file, by reflink where the disk has it. */
  putFileIfAbsent(key: string, path: string): Promise<boolean>
  /** @throws CaudalError `CAUDAL_LAKE_NOT_FOUND`. */
  get(key: string): Promise<Uint8Array>
  /** Keys that start with the prefix, in order; with `after` only those above that key. What lies before it costs nothing. */
  list(prefix: string, after?: string): AsyncIterable<LakeObject>
  /** Names one level below a prefix that is empty or ends with `/`, in order: what stands up to the next `/` of the keys there. */
  folders(prefix: string): Promise<readonly string[]>
  /** Deletes the object; absent is not an error. */
  delete(key: string): Promise<void>
  /** What a warehouse opens to read the object: an absolute path or a URL. */
  locate(key: string): string
}
