import type { Source, StreamDeclaration, StreamDescription } from '@caudal/spec'
import type { LiveTable } from '../verify/drift.ts'
import { preview } from './preview.ts'
import type { ObservedStream } from './protocol.ts'

/** Records of a declared stream that are looked at. */
const recordsMax = 100

/** What each stream has now: its columns, and the fields of the first records where the columns are declared. Nothing is staged or loaded. */
export async function observe(
  source: Source,
  streams: readonly StreamDescription[],
  declared: Readonly<Record<string, StreamDeclaration>>,
  signal: AbortSignal,
): Promise<readonly ObservedStream[]> {
  const observed: ObservedStream[] = []
  for (const { name, columns } of streams) {
    const isDeclared = (declared[name]?.columns ?? []).length > 0
    const records = isDeclared ? await recordsOf(source, streams, name, signal) : undefined
    observed.push({ stream: name, columns, ...(records === undefined ? {} : { records }) })
  }
  return observed
}

async function recordsOf(
  source: Source,
  streams: readonly StreamDescription[],
  stream: string,
  signal: AbortSignal,
): Promise<LiveTable['records']> {
  const { rows, file } = await preview(source, streams, { stream, limit: recordsMax }, signal)
  if (file !== undefined) return undefined
  return { fields: [...new Set(rows.flatMap((row) => Object.keys(row)))], count: rows.length }
}
