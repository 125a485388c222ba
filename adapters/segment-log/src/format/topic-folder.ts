import { open, readdir, readFile, stat, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import type { PartitionRange } from '@caudal/spec'
import { unknownTopic, unreadableTopic } from '../errors.ts'
import { decodeMark, type Mark } from './mark.ts'
import { blockOfName, decodeFoot, decodeHead, footBytes, headBytes, segmentName } from './segment.ts'
import type { SegmentFoot, SegmentHead } from './segment.ts'

/** The folder of a topic: what is the same for all that read and write it. */
export interface TopicFolder {
  readonly topic: string
  /** Absolute path. */
  readonly path: string
  readonly partitions: number
}

/** What `topic.json` holds. */
interface TopicFile {
  readonly format: 1
  readonly partitions: number
}

/** Path of the mark of a topic. */
export function markPath(folder: TopicFolder): string {
  return path.join(folder.path, 'mark')
}

/** Path of the segment that begins with a block. */
export function segmentPath(folder: TopicFolder, block: number): string {
  return path.join(folder.path, segmentName(block))
}

/** Path of the file that says what a topic is. */
export function topicPath(root: string, topic: string): string {
  return path.join(root, topic, 'topic.json')
}

/** What `topic.json` holds, as text. */
export function topicFile(partitions: number): string {
  const file: TopicFile = { format: 1, partitions }
  return `${JSON.stringify(file)}\n`
}

/** The folder of a topic that is there. @throws CaudalError `CAUDAL_LOG_TOPIC`. */
export async function openTopicFolder(root: string, topic: string): Promise<TopicFolder> {
  const text = await orAbsent(readFile(topicPath(root, topic), 'utf8'))
  if (text === undefined) throw unknownTopic(topic, root)
  const { partitions } = parseTopicFile(text) ?? raise(unreadableTopic(topic, topicPath(root, topic)))
  return { topic, path: path.join(root, topic), partitions }
}

function parseTopicFile(text: string): TopicFile | undefined {
  try {
    const file = JSON.parse(text) as Partial<TopicFile>
    const isKnown = file.format === 1 && Number.isSafeInteger(file.partitions) && Number(file.partitions) > 0
    return isKnown ? (file as TopicFile) : undefined
  } catch {
    return undefined
  }
}

function raise(error: Error): never {
  throw error
}

/** The mark, or `undefined` when there is no such file. `'unreadable'`: neither of its slots is whole. */
export async function readMark(folder: TopicFolder): Promise<Mark | 'unreadable' | undefined> {
  const bytes = await orAbsent(readFile(markPath(folder)))
  return bytes === undefined ? undefined : (decodeMark(bytes, folder.partitions) ?? 'unreadable')
}

/** The mark of a topic that is open for writing, or was. @throws CaudalError `CAUDAL_LOG_TOPIC`. */
export async function presentMark(folder: TopicFolder): Promise<Mark> {
  const mark = await readMark(folder)
  if (mark === undefined || mark === 'unreadable') throw unknownTopic(folder.topic, folder.path)
  return mark
}

/** The numbers of the first blocks of the segments, in order. */
export async function listSegments(folder: TopicFolder): Promise<number[]> {
  const names = await readdir(folder.path)
  return names.flatMap((name) => blockOfName(name) ?? []).toSorted((a, b) => a - b)
}

/** The head of a segment, or `undefined` when it has none that can be read. */
export async function readHead(folder: TopicFolder, block: number): Promise<SegmentHead | undefined> {
  const bytes = await readPart(segmentPath(folder, block), () => 0, headBytes(folder.partitions))
  const head = decodeHead(bytes, folder.partitions)
  return head?.block === block ? head : undefined
}

/** The foot of a sealed segment, or `undefined` when it has none that can be read. */
export async function readFoot(folder: TopicFolder, block: number): Promise<SegmentFoot | undefined> {
  const bytes = footBytes(folder.partitions)
  return decodeFoot(
    await readPart(segmentPath(folder, block), (size) => size - bytes, bytes),
    folder.partitions,
  )
}

/** What each partition holds. */
export async function readRanges(folder: TopicFolder): Promise<readonly PartitionRange[]> {
  const mark = await presentMark(folder)
  return rangesOf(mark.first, mark.next)
}

/** Ranges of partitions that are numbered by their place. */
export function rangesOf(first: readonly number[], next: readonly number[]): PartitionRange[] {
  return first.map((offset, partition) => ({ partition, first: offset, next: next[partition] ?? offset }))
}

/** Reads up to `length` bytes of a file from a place that depends on its size. */
async function readPart(file: string, from: (size: number) => number, length: number): Promise<Buffer> {
  const handle = await open(file, 'r')
  try {
    const { size } = await handle.stat()
    return await readAt(handle, Math.max(0, from(size)), length)
  } finally {
    await handle.close()
  }
}

/** Reads up to `length` bytes, fewer at the end of the file. */
export async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, position + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return bytes.subarray(0, filled)
}

/** Whether a file is there. */
export async function exists(file: string): Promise<boolean> {
  return (await orAbsent(stat(file))) !== undefined
}

async function orAbsent<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
