import path from 'node:path'
import { unknownKeys, type AdapterReference, type LogContext, type SegmentedLog } from '@caudal/spec'
import { SegmentLog } from './segment-log.ts'
import { WriterClient } from './write/writer-client.ts'

/** Settings of {@link segmentLog}. */
export interface SegmentLogOptions {
  /** Folder of the log, relative to the project. Local disk: network shares do not keep their promise of a sync. */
  readonly path: string
  /** Bytes of a segment, the unit in which events go to the lake and are trimmed. Default: 16 MiB; at least 8 MiB. */
  readonly segmentBytes?: number
}

const segmentBytesDefault = 16 * 1024 * 1024
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
 * Opens the embedded log. One process at a time writes; any number read.
 * @throws CaudalError `CAUDAL_LOG_BUSY`: another process writes.
 */
export async function openLog(options: SegmentLogOptions, context: LogContext): Promise<SegmentedLog> {
  const root = path.resolve(context.projectPath, options.path)
  if (context.access === 'read') return new SegmentLog(root, undefined)
  const segmentBytes = options.segmentBytes ?? segmentBytesDefault
  return new SegmentLog(root, await WriterClient.start({ root, segmentBytes }))
}
