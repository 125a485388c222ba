import {
  CaudalError,
  formatTableName,
  keylessReason,
  rowsPerFile,
  type DeadLetter,
  type Lake,
  type LoadId,
  type SourceNode,
  type StagedFile,
  type StreamNode,
  type Warehouse,
} from '@caudal/spec'
import { createHash } from 'node:crypto'
import { decodedText } from './decoded-text.ts'
import { loadFolder, readStagedLoad, sealStagedLoad, type StagedLoad } from './staged-load.ts'

/** What a replay needs. */
export interface ReplayContext {
  readonly warehouse: Warehouse
  readonly lake: Lake
  readonly nextLoad: () => LoadId
  readonly run: string
}

/** Letters that are looked through for the loads that have some. */
const lettersMax = 1_000_000

/**
 * Stages the open dead letters of a stream as new loads under today's declared columns, one per load that left some. Each becomes a load like
 * any other, but its rows keep the rank that they had: a record that was mended late does not win over what came after it. What still does
 * not fit stays a dead letter.
 */
export async function stageReplay(
  context: ReplayContext,
  source: SourceNode,
  stream: StreamNode,
): Promise<StagedLoad[]> {
  const open = { source: source.name, stream: stream.name, status: 'open', limit: lettersMax } as const
  const found = await context.warehouse.state.deadLetters(open)
  const loads = [...new Set(found.map((letter) => letter.load))].toSorted()
  const positions = await context.warehouse.state.positions(source.name)
  const staged: StagedLoad[] = []
  for (const load of loads) {
    const group = await context.warehouse.state.deadLetters({ ...open, load, limit: Number.MAX_SAFE_INTEGER })
    const original = await readStagedLoad(context.lake, source.name, stream.name, load)
    const position = positions.find(
      (stored) => stored.stream === stream.name && stored.partition === original.partition,
    )
    const earlier = staged.filter((one) => one.partition === original.partition).length
    const id = context.nextLoad()
    const { snapshot: _snapshot, replacesPartition: _replaces, ...rest } = original
    const replayed: StagedLoad = {
      ...rest,
      id,
      run: context.run,
      columns: stream.columns.length === 0 ? original.columns : stream.columns,
      isTyped: stream.columns.length === 0 ? original.isTyped : stream.isTyped,
      disposition: original.disposition === 'replace' ? 'append' : original.disposition,
      files: await putRaw(context.lake, original, group, id),
      filtered: 0,
      replays: [load],
      rank: load,
      expectedVersion: (position?.version ?? 0) + earlier,
      position: position?.position ?? original.position,
      stagedAt: new Date().toISOString(),
    }
    await sealStagedLoad(context.lake, replayed)
    staged.push(replayed)
  }
  return staged
}

async function putRaw(
  lake: Lake,
  original: StagedLoad,
  letters: readonly DeadLetter[],
  id: LoadId,
): Promise<StagedFile[]> {
  const groups = new Map<string, DeadLetter[]>()
  for (const letter of letters) {
    const kind = `${letter.reason === keylessReason} ${letter.origin}`
    groups.set(kind, [...(groups.get(kind) ?? []), letter])
  }
  const files: StagedFile[] = []
  for (const group of groups.values()) {
    const origin = group[0]?.origin ?? ''
    const index = Math.max(
      0,
      original.files.findIndex((candidate) => candidate.origin === origin),
    )
    const file = original.files[index]
    if (file === undefined) throw gone(original, origin)
    const ordered = group.toSorted((a, b) => a.line - b.line)
    const key = `${loadFolder(original.source, original.stream, id)}/replay-${files.length}`
    const isText = file.format === 'csv' && group[0]?.reason !== keylessReason
    const written = isText
      ? putDelimited(lake, `${key}.csv`, file, ordered)
      : putJson(lake, `${key}.ndjson`, ordered)
    files.push({
      ...(await written),
      origin,
      rows: ordered.length,
      lines: ordered.map((letter) => index * rowsPerFile + letter.line),
      ...(file.hasOperations === true ? { hasOperations: true } : {}),
    })
  }
  return files
}

type PutFile = Pick<StagedFile, 'key' | 'format' | 'text' | 'sha256' | 'bytes'>

async function putDelimited(
  lake: Lake,
  key: string,
  file: StagedFile,
  letters: readonly DeadLetter[],
): Promise<PutFile> {
  const header = file.text?.header === false ? [] : [await headerOf(lake, file)]
  const { encoding: _encoding, ...text } = file.text ?? {}
  return {
    ...(await put(lake, key, [...header, ...letters.map((letter) => letter.raw)])),
    format: 'csv',
    text,
  }
}

/** A JSON value has no line break of its own: those between its parts go. */
async function putJson(lake: Lake, key: string, letters: readonly DeadLetter[]): Promise<PutFile> {
  const lines = letters.map((letter) => letter.raw.replaceAll(/[\r\n]+/g, ' '))
  return { ...(await put(lake, key, lines)), format: 'ndjson' }
}

async function put(
  lake: Lake,
  key: string,
  lines: readonly string[],
): Promise<Pick<StagedFile, 'key' | 'sha256' | 'bytes'>> {
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''))
  await lake.putIfAbsent(key, bytes)
  return { key, sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length }
}

/** First line of a delimited file in the lake. */
async function headerOf(lake: Lake, file: StagedFile): Promise<string> {
  return (await decodedText(lake, file)).split(/\r?\n/, 1)[0] ?? ''
}

function gone(load: StagedLoad, origin: string): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_REPLAY_SOURCE_GONE',
    message: `${formatTableName(load.table)}: load ${load.id} has no file ${origin} any more. Nothing was replayed.`,
    hint: 'Read the stream again from its source: caudal run --full.',
    context: { load: load.id, origin },
  })
}
