import {
  CaudalError,
  suggestion,
  type FilePayload,
  type JsonObject,
  type Source,
  type StreamDescription,
} from '@caudal/spec'
import { copyFile, link, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { RowWriter } from '../load/row-writer.ts'
import { stageFile } from '../load/stage-file.ts'
import type { Preview, PreviewFile } from './protocol.ts'

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
      return { columns: batch.schema ?? stream.columns, rows: [], file: await keepFile(batch.payload) }
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

/** Stages the file as a load would, in a folder of its own, because the source takes its copy away when it closes. */
async function keepFile(payload: FilePayload): Promise<PreviewFile> {
  const folder = await mkdtemp(path.join(tmpdir(), 'caudal-preview-'))
  const staged = await stageFile(
    {
      putIfAbsent: async (key, body) => {
        await writeFile(path.join(folder, key), body)
        return true
      },
      putFileIfAbsent: async (key, file) => {
        const target = path.join(folder, key)
        await link(file, target).catch(() => copyFile(file, target))
        return true
      },
    },
    '.',
    payload,
  )
  return { folder, staged: { ...staged, key: path.join(folder, staged.key) } }
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
