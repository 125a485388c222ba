import path from 'node:path'
import type { LogContext, SegmentedLog } from '@caudal/spec'
import { segmentBytesDefault } from './segment-bytes.ts'
import { SegmentLog } from './segment-log.ts'
import { WriterClient } from './write/writer-client.ts'

/** Opens the log of a folder: for reading alone, or with its writer. @throws CaudalError `CAUDAL_LOG_BUSY`. */
export async function openSegmentLog(
  options: { readonly path: string; readonly segmentBytes?: number },
  context: LogContext,
): Promise<SegmentedLog> {
  const root = path.resolve(context.projectPath, options.path)
  if (context.access === 'read') return new SegmentLog(root, undefined)
  const segmentBytes = options.segmentBytes ?? segmentBytesDefault
  return new SegmentLog(root, await WriterClient.start({ root, segmentBytes }))
}
