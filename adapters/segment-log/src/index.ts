import { segmentBytesDefault } from './segment-bytes.ts'
import { unknownKeys, type AdapterReference, type LogContext, type SegmentedLog } from '@caudal/spec'

/** Settings of {@link segmentLog}. */
export interface SegmentLogOptions {
  /** Folder of the log, relative to the project. Local disk: network shares do not keep their promise of a sync. */
  readonly path: string
  /** Bytes of a segment, the unit in which events go to the lake and are trimmed. Default: 16 MiB; at least 8 MiB. */
  readonly segmentBytes?: number
}

const segmentBytesLeast = 8 * 1024 * 1024

/** The embedded log: segment files on a local disk. */
export function segmentLog(options: SegmentLogOptions): AdapterReference {
  const problems = unknownKeys(options, ['path', 'segmentBytes'], '')
  const bytes = options.segmentBytes ?? segmentBytesDefault
  if (!Number.isSafeInteger(bytes) || bytes < segmentBytesLeast)
    problems.push(`segmentBytes: ${bytes} is not a whole number of at least ${segmentBytesLeast}`)
  return {
    module: '@caudal/segment-log',
    options: { ...options },
    ...(problems.length === 0 ? {} : { problems }),
  }
}

/**
 * Opens the embedded log. One process at a time writes; any number read. Its code is loaded with the first one: whoever imports a project
 * only to read it needs none.
 * @throws CaudalError `CAUDAL_LOG_BUSY`: another process writes.
 */
export async function openLog(options: SegmentLogOptions, context: LogContext): Promise<SegmentedLog> {
  const { openSegmentLog } = await import('./open.ts')
  return openSegmentLog(options, context)
}
