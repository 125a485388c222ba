import { CaudalError, type PartitionRange } from '@caudal/spec'

/** Where in a log something is wrong. */
export interface LogPlace {
  readonly topic: string
  /** Absolute path of the file. */
  readonly file: string
  /** Byte in the file. */
  readonly byte?: number
}

/** Bytes before the mark are not those that were written. */
export function damaged(place: LogPlace, lost: readonly PartitionRange[]): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_LOG_DAMAGED',
    message: `The log of topic ${place.topic} is damaged: ${place.file}${place.byte === undefined ? '' : `, byte ${place.byte}`}, is not what was written. From there on ${describeRanges(lost)} cannot be read; what lies before it can, and nothing was changed.`,
    hint: 'Restore the file from a backup, or from the lake if it was archived. The disk may be failing: look at its log first.',
    context: { topic: place.topic, file: place.file, byte: place.byte ?? 0, lost: plain(lost) },
  })
}

/** Acknowledged events are not there. */
export function behind(topic: string, folder: string, lost: readonly PartitionRange[]): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_LOG_BEHIND',
    message: `The log of topic ${topic} in ${folder} has lost events that were acknowledged: ${describeRanges(lost)}. Nothing was changed.`,
    hint: 'Restore the folder from a backup. Whoever removes the file `mark` in it accepts what the log holds, and goes on without these events.',
    context: { topic, folder, lost: plain(lost) },
  })
}

/** What says how far the log got cannot be read. */
export function markUnreadable(topic: string, file: string, held: readonly PartitionRange[]): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_LOG_MARK',
    message: `The log of topic ${topic} cannot tell whether it is whole: ${file} is unreadable. The segments hold ${describeRanges(held)}. Nothing was changed.`,
    hint: `If that is all that there should be, remove ${file} and start again; else restore the folder from a backup.`,
    context: { topic, file, held: plain(held) },
  })
}

/** Nothing more can be written until the log is opened again. */
export function writeFailed(topic: string, cause: unknown): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_LOG_WRITE',
    message: `The log of topic ${topic} could not be written: ${cause instanceof Error ? cause.message : String(cause)}. Events that were acknowledged are safe; whether the last ones that were not are in the log is known when it is opened again.`,
    hint: 'Look at the disk, then start again.',
    context: { topic },
    cause,
  })
}

/** The disk has no room for another segment. */
export function full(topic: string, folder: string, cause: unknown): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_LOG_FULL',
    message: `The disk of the log has no room for more events of topic ${topic} (${folder}). Nothing of this append is in the log; what was acknowledged is safe.`,
    hint: 'Free disk space, or keep events for a shorter time (retention of the log); then send again.',
    retryable: true,
    context: { topic, folder },
    cause,
  })
}

/** The topic is not there. */
export function unknownTopic(topic: string, folder: string): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_LOG_TOPIC',
    message: `The log in ${folder} has no topic ${topic}.`,
    hint: 'A topic is made when a collector or a pipeline names it and the owner starts.',
    context: { topic, folder },
  })
}

/** What the topic is cannot be read. */
export function unreadableTopic(topic: string, file: string): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_LOG_TOPIC_FILE',
    message: `What topic ${topic} is cannot be read from ${file}: it is damaged, or of a newer Caudal. Nothing was changed.`,
    hint: 'Restore the file from a backup, or use the newer version.',
    context: { topic, file },
  })
}

/** `partition 0: 12 to 40, partition 3: 7 to 9`, ends included. */
export function describeRanges(ranges: readonly PartitionRange[]): string {
  const some = ranges.filter((range) => range.next > range.first)
  if (some.length === 0) return 'no event'
  return some
    .map(({ partition, first, next }) => `partition ${partition}: events ${first} to ${next - 1}`)
    .join(', ')
}

function plain(ranges: readonly PartitionRange[]): { partition: number; first: number; next: number }[] {
  return ranges.filter((range) => range.next > range.first).map((range) => ({ ...range }))
}
