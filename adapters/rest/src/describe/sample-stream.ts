import type { LosslessJson } from '@caudal/http'
import type { Column } from '@caudal/spec'
import type { Connection } from '../connection.ts'
import type { RestStream } from '../rest-stream.ts'
import { walkStream } from '../walk/walk-children.ts'
import { inferColumns } from './infer-columns.ts'

const pagesMax = 3
const recordsMax = 500
const pagesSeenMax = 20

/** Samples the first pages of a stream with records, and says which columns they show. Nothing is kept of them. */
export async function sampleStream(
  connection: Connection,
  stream: RestStream,
  signal: AbortSignal,
): Promise<readonly Column[]> {
  const records: Readonly<Record<string, LosslessJson>>[] = []
  let pages = 0
  let pagesSeen = 0
  for await (const { page, extra } of walkStream(connection, stream, {
    params: startParams(stream),
    signal,
  })) {
    for (const record of page.written()) records.push({ ...record, ...extra })
    if (page.records.length > 0) pages += 1
    pagesSeen += 1
    if (pages >= pagesMax || records.length >= recordsMax || pagesSeen >= pagesSeenMax) break
  }
  return inferColumns(records, `${connection.source}.${stream.name}`)
}

function startParams({ options }: RestStream): Readonly<Record<string, string>> {
  const { cursor } = options
  return cursor?.start === undefined ? {} : { [cursor.param]: cursor.start }
}
