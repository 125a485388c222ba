import { CaudalError, type LogBatch, type PartitionOffset, type PartitionRange } from '@caudal/spec'
import { damaged, describeRanges } from '../errors.ts'
import { decodeFrames } from '../format/frames.ts'
import type { Mark } from '../format/mark.ts'
import {
  listSegments,
  presentMark,
  rangesOf,
  readFoot,
  readHead,
  segmentPath,
  type TopicFolder,
} from '../format/topic-folder.ts'
import { MarkWatch } from './mark-watch.ts'
import { SegmentReader, type ReadBlock } from './segment-reader.ts'

/** Reads what is acknowledged from the places given, then waits for more. */
export async function* readTopic(
  folder: TopicFolder,
  from: readonly PartitionOffset[],
  signal: AbortSignal,
): AsyncGenerator<LogBatch> {
  const places = new Map(from.map(({ partition, offset }) => [partition, offset]))
  using watch = new MarkWatch(folder)
  let mark = await presentMark(folder)
  let reader = await openAt(folder, mark, places)
  try {
    while (!signal.aborted) {
      const isOpen = reader.segment === mark.segment
      const foot = isOpen ? undefined : await readFoot(folder, reader.segment)
      const end = isOpen ? mark.end : foot?.end
      if (end === undefined) throw await lostFrom(folder, reader, mark, places)
      while (reader.position < end && !signal.aborted) {
        const read = await reader.next(end)
        if (read === undefined) throw await lostFrom(folder, reader, mark, places)
        yield* batchesOf(read, places)
      }
      if (foot !== undefined) {
        await reader.close()
        reader = await openSegment(folder, foot.block + 1, mark, places)
      } else {
        await watch.changed(mark.sequence, signal)
      }
      mark = await presentMark(folder)
    }
  } finally {
    await reader.close()
  }
}

function* batchesOf({ block, bytes }: ReadBlock, places: Map<number, number>): Generator<LogBatch> {
  for (const part of block.parts) {
    const place = places.get(part.partition)
    const next = part.first + part.events
    if (place === undefined || place >= next) continue
    const frames = bytes.subarray(part.start, part.start + part.bytes)
    const events = decodeFrames(
      frames,
      part.events,
      part.first,
      block.appendedAt,
      Math.max(0, place - part.first),
    )
    places.set(part.partition, next)
    yield { partition: part.partition, events, next }
  }
}

/** Opens the last segment that begins before all places. */
async function openAt(
  folder: TopicFolder,
  mark: Mark,
  places: ReadonlyMap<number, number>,
): Promise<SegmentReader> {
  const segments = (await listSegments(folder)).filter(
    (block) => block >= mark.oldest && block <= mark.segment,
  )
  checkPlaces(folder, mark, places)
  let start = mark.oldest
  for (const block of segments) {
    const head = await readHead(folder, block)
    if (
      head === undefined ||
      [...places].some(([partition, offset]) => (head.first[partition] ?? 0) > offset)
    )
      break
    start = block
  }
  return openSegment(folder, start, mark, places)
}

async function openSegment(
  folder: TopicFolder,
  block: number,
  mark: Mark,
  places: ReadonlyMap<number, number>,
): Promise<SegmentReader> {
  const reader = await SegmentReader.open(folder, block)
  if (reader !== undefined) return reader
  throw damaged(
    { topic: folder.topic, file: segmentPath(folder, block), byte: 0 },
    lostBefore(mark.next, places),
  )
}

function checkPlaces(folder: TopicFolder, mark: Mark, places: ReadonlyMap<number, number>): void {
  const ranges = rangesOf(mark.first, mark.next)
  const gone: PartitionRange[] = []
  const ahead: PartitionRange[] = []
  for (const [partition, offset] of places) {
    const range = ranges[partition]
    if (range === undefined) throw noPartition(folder, partition)
    if (offset < range.first) gone.push({ partition, first: offset, next: range.first })
    if (offset > range.next) ahead.push({ partition, first: range.next, next: offset })
  }
  if (ahead.length > 0) throw readBehind(folder, ahead)
  if (gone.length > 0) throw gap(folder, gone)
}

/** The error for bytes that are not what was written: everything up to the next segment is lost. */
async function lostFrom(
  folder: TopicFolder,
  reader: SegmentReader,
  mark: Mark,
  places: ReadonlyMap<number, number>,
): Promise<CaudalError> {
  const after = (await listSegments(folder)).find((block) => block > reader.segment && block <= mark.segment)
  const head = after === undefined ? undefined : await readHead(folder, after)
  const place = { topic: folder.topic, file: reader.file, byte: reader.position }
  return damaged(place, lostBefore(head?.first ?? mark.next, places))
}

function lostBefore(next: readonly number[], places: ReadonlyMap<number, number>): PartitionRange[] {
  return [...places].map(([partition, first]) => ({ partition, first, next: next[partition] ?? first }))
}

function gap(folder: TopicFolder, lost: readonly PartitionRange[]): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_LOG_GAP',
    message: `The log of topic ${folder.topic} no longer has ${describeRanges(lost)}: they were trimmed before they were read here. Nothing was read.`,
    hint: 'Read them from the lake with `caudal backfill`, or go on without them (`onGap: "continue"`), which is written to the ledger.',
    context: { topic: folder.topic, lost: lost.map((range) => ({ ...range })) },
  })
}

function readBehind(folder: TopicFolder, lost: readonly PartitionRange[]): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_LOG_BEHIND',
    message: `The log of topic ${folder.topic} ends before the place to read from: ${describeRanges(lost)} were taken from it once and are not in it now. Nothing was read.`,
    hint: 'Restore the folder of the log from a backup. Is this the log that belongs to this warehouse?',
    context: { topic: folder.topic, folder: folder.path, lost: lost.map((range) => ({ ...range })) },
  })
}

function noPartition(folder: TopicFolder, partition: number): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_LOG_PARTITIONS',
    message: `Topic ${folder.topic} has ${folder.partitions} partitions (0 to ${folder.partitions - 1}), not one with the number ${partition}. Nothing was read.`,
    hint: 'A position was stored for another number of partitions: reset the pipeline, or name a new topic.',
    context: { topic: folder.topic, partition, partitions: folder.partitions },
  })
}
