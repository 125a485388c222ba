import { rm, stat } from 'node:fs/promises'
import { behind, damaged, markUnreadable } from '../errors.ts'
import type { Mark } from '../format/mark.ts'
import {
  listSegments,
  markPath,
  rangesOf,
  readFoot,
  readHead,
  readMark,
  segmentPath,
  type TopicFolder,
} from '../format/topic-folder.ts'
import { SegmentReader } from '../read/segment-reader.ts'

/** How far the blocks of the last segment go. */
interface Tail {
  readonly segment: number
  readonly end: number
  readonly block: number
  readonly checksum: number
  readonly next: readonly number[]
}

/**
 * Looks at what a topic holds before anything is written to it, and says where it goes on: behind the last whole block. Nothing is changed
 * but files that were never a part of the log, or were given up, which are removed.
 * @returns `undefined` for a topic without events.
 * @throws CaudalError `CAUDAL_LOG_DAMAGED`, `CAUDAL_LOG_BEHIND`, `CAUDAL_LOG_MARK`: what was acknowledged is not all there.
 */
export async function recoverTopic(folder: TopicFolder): Promise<Mark | undefined> {
  const mark = await readMark(folder)
  const found = await removeUnused(folder, mark)
  const marked = mark === 'unreadable' ? undefined : mark
  if (marked !== undefined) await checkPresence(folder, marked, found)
  await checkChain(folder, found)
  const last = found.at(-1)
  if (last === undefined) return undefined
  const tail = await readTail(folder, last)
  if (mark === 'unreadable')
    throw markUnreadable(folder.topic, markPath(folder), await heldRanges(folder, found, tail))
  if (marked !== undefined) checkTail(folder, marked, tail)
  return {
    sequence: marked?.sequence ?? 0,
    epoch: marked?.epoch ?? 0,
    oldest: found[0] ?? last,
    first: (await readHead(folder, found[0] ?? last))?.first ?? tail.next,
    ...tail,
  }
}

/** Removes segments that were trimmed, and one that was begun without a block. @returns those that count. */
async function removeUnused(folder: TopicFolder, mark: Mark | 'unreadable' | undefined): Promise<number[]> {
  const counting: number[] = []
  for (const block of await listSegments(folder)) {
    const isTrimmed = typeof mark === 'object' && block < mark.oldest
    const isMarked = mark === 'unreadable' || mark === undefined || block <= mark.segment
    if (isTrimmed || (!isMarked && (await readHead(folder, block)) === undefined))
      await rm(segmentPath(folder, block))
    else counting.push(block)
  }
  return counting
}

async function checkPresence(folder: TopicFolder, mark: Mark, found: readonly number[]): Promise<void> {
  const [oldest] = found
  if (!found.includes(mark.oldest)) {
    const kept = oldest === undefined ? undefined : await readHead(folder, oldest)
    throw behind(folder.topic, folder.path, rangesOf(mark.first, kept?.first ?? mark.next))
  }
  if (found.includes(mark.segment)) return
  const foot = await readFoot(folder, found.at(-1) ?? mark.oldest)
  throw behind(folder.topic, folder.path, rangesOf(foot?.next ?? mark.first, mark.next))
}

/** Each segment must begin where the one before it ends. */
async function checkChain(folder: TopicFolder, segments: readonly number[]): Promise<void> {
  for (const [index, block] of segments.entries()) {
    const head = await readHead(folder, block)
    const before = segments[index - 1]
    if (head === undefined)
      throw damaged({ topic: folder.topic, file: segmentPath(folder, block), byte: 0 }, [])
    if (before === undefined) continue
    const foot = await readFoot(folder, before)
    if (foot === undefined) {
      const start = await readHead(folder, before)
      const { size } = await stat(segmentPath(folder, before))
      throw damaged(
        { topic: folder.topic, file: segmentPath(folder, before), byte: size },
        rangesOf(start?.first ?? head.first, head.first),
      )
    }
    const isNext = foot.block + 1 === block && foot.checksum === head.before
    if (!isNext) throw behind(folder.topic, folder.path, rangesOf(foot.next, head.first))
  }
}

/** Follows the chain of the last segment to its end. */
async function readTail(folder: TopicFolder, segment: number): Promise<Tail> {
  const head = await readHead(folder, segment)
  const reader = await SegmentReader.open(folder, segment)
  if (head === undefined || reader === undefined)
    throw damaged({ topic: folder.topic, file: segmentPath(folder, segment), byte: 0 }, [])
  try {
    const next = [...head.first]
    const { size } = await stat(reader.file)
    let block = head.block - 1
    for (let read = await reader.next(size); read !== undefined; read = await reader.next(size)) {
      block = read.block.number
      for (const part of read.block.parts) next[part.partition] = part.first + part.events
    }
    return { segment, end: reader.position, block, checksum: reader.checksum, next }
  } finally {
    await reader.close()
  }
}

/** What is whole must reach what was acknowledged. */
function checkTail(folder: TopicFolder, mark: Mark, tail: Tail): void {
  if (tail.segment > mark.segment) return
  if (tail.end > mark.end) return
  if (tail.end === mark.end && tail.checksum === mark.checksum) return
  throw damaged(
    { topic: folder.topic, file: segmentPath(folder, tail.segment), byte: tail.end },
    rangesOf(tail.next, mark.next),
  )
}

async function heldRanges(
  folder: TopicFolder,
  segments: readonly number[],
  tail: Tail,
): Promise<ReturnType<typeof rangesOf>> {
  const head = await readHead(folder, segments[0] ?? tail.segment)
  return rangesOf(head?.first ?? tail.next, tail.next)
}
