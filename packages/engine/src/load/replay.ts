import {
  CaudalError,
  formatTableName,
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

/** Letters that one replay takes at most. */
const lettersMax = 100_000

/**
 * Stages the open dead letters of a stream as new loads under today's declared columns. Each becomes a load like any other: what still
 * does not fit is a dead letter again.
 */
export async function stageReplay(
  context: ReplayContext,
  source: SourceNode,
  stream: StreamNode,
): Promise<StagedLoad[]> {
  const letters = await context.warehouse.state.deadLetters({
    source: source.name,
    stream: stream.name,
    limit: lettersMax,
  })
  const byLoad = new Map<LoadId, DeadLetter[]>()
  for (const letter of letters) {
    if (letter.status === 'open') byLoad.set(letter.load, [...(byLoad.get(letter.load) ?? []), letter])
  }
  const positions = await context.warehouse.state.positions(source.name)
  const staged: StagedLoad[] = []
  for (const [load, group] of [...byLoad].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
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
  const byOrigin = new Map<string, DeadLetter[]>()
  for (const letter of letters) byOrigin.set(letter.origin, [...(byOrigin.get(letter.origin) ?? []), letter])
  const files: StagedFile[] = []
  for (const [origin, group] of byOrigin) {
    const file = original.files.find((candidate) => candidate.origin === origin) ?? original.files[0]
    if (file === undefined) throw gone(original, origin)
    const isCsv = file.format === 'csv'
    const header = isCsv && file.text?.header !== false ? `${await headerOf(lake, file)}\n` : ''
    const text = `${header}${group.map((letter) => letter.raw).join('\n')}\n`
    const key = `${loadFolder(original.source, original.stream, id)}/replay-${files.length}.${isCsv ? 'csv' : 'ndjson'}`
    await lake.putIfAbsent(key, Buffer.from(text))
    const { encoding: _encoding, ...format } = file.text ?? {}
    files.push({
      key,
      format: isCsv ? 'csv' : 'ndjson',
      ...(isCsv && file.text !== undefined ? { text: format } : {}),
      sha256: createHash('sha256').update(text).digest('hex'),
      bytes: Buffer.byteLength(text),
      origin,
      ...(file.hasOperations === true ? { hasOperations: true } : {}),
    })
  }
  return files
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
