import { CaudalError, suggestion, type JsonObject, type Source, type StreamDescription } from '@caudal/spec'
import { RowWriter } from '../load/row-writer.ts'
import type { Preview } from './protocol.ts'

/** The first records of a stream, read from the source; nothing is staged or loaded. */
export async function preview(
  source: Source,
  descriptions: readonly StreamDescription[],
  wanted: { readonly stream: string; readonly limit: number },
  signal: AbortSignal,
): Promise<Preview> {
  const stream = descriptions.find(({ name }) => name === wanted.stream)
  if (stream === undefined) throw unknownStream(source, descriptions, wanted.stream)
  const rows: JsonObject[] = []
  const writer = new RowWriter()
  for await (const batch of source.read({
    streams: [{ stream: stream.name, positions: {}, full: true }],
    signal,
  })) {
    if ('failure' in batch) throw batch.failure
    if (batch.payload.kind === 'file') {
      const { kind: _kind, ...file } = batch.payload
      return { columns: batch.schema ?? stream.columns, rows: [], file }
    }
    const lines =
      batch.payload.kind === 'rows'
        ? writer.write(batch.payload.rows)
        : Buffer.from(batch.payload.bytes).toString('utf8')
    for (const line of lines.split('\n')) {
      if (line !== '' && rows.length < wanted.limit) rows.push(JSON.parse(line) as JsonObject)
    }
    if (rows.length >= wanted.limit) break
  }
  return { columns: stream.columns, rows }
}

function unknownStream(
  source: Source,
  descriptions: readonly StreamDescription[],
  name: string,
): CaudalError {
  const known = descriptions.map((stream) => stream.name)
  return new CaudalError({
    code: 'CAUDAL_STREAM_UNKNOWN',
    message: `${source.name}: there is no stream \`${name}\`; its streams are ${known.join(', ')}. Nothing was read.${suggestion(name, known)}`,
    hint: 'Name one of the streams.',
    context: { stream: name },
  })
}
