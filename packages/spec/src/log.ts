/** What a log can do, as frozen data. */
export interface LogCapabilities {
  /** Who gets the partitions of a topic: every reader all of them, or the members of a group a share each. */
  readonly assignment: 'all' | 'group'
  /** Whether processes on other machines may append and read. */
  readonly isShared: boolean
}

/** An event to be appended. */
export interface NewEvent {
  /** Events with the same key lie in one partition, in order. Absent: any partition. */
  readonly key?: Uint8Array
  readonly headers?: Readonly<Record<string, string>>
  readonly value: Uint8Array
}

/** An event as it lies in the log. */
export interface LogEvent extends NewEvent {
  /** Place in its partition: counts from 0 without gaps in a log of ours, with gaps where a log keeps marks of its own among the events. */
  readonly offset: number
  /** When the log took it, ms since 1970. */
  readonly appendedAt: number
}

/** Events of one partition that lie next to each other. */
export interface LogBatch {
  readonly partition: number
  readonly events: readonly LogEvent[]
  /** The offset to go on from. */
  readonly next: number
}

/** A place in a partition. */
export interface PartitionOffset {
  readonly partition: number
  readonly offset: number
}

/** What a partition holds: the half-open range of offsets. */
export interface PartitionRange {
  readonly partition: number
  /** The oldest event that is still there. */
  readonly first: number
  /** The offset of the event that comes next. */
  readonly next: number
}

/** Where events that were appended together lie: for each partition the first and how many, in the order given. */
export interface AppendedRange {
  readonly partition: number
  readonly first: number
  readonly events: number
}

/** What a reader asks for. */
export interface LogRead {
  readonly topic: string
  /** Where to begin in each partition that is wanted. */
  readonly from: readonly PartitionOffset[]
  readonly signal: AbortSignal
}

/** The partitions of one member of a group, until the next assignment. */
export interface Assignment {
  /** Grows with every assignment of the group. */
  readonly epoch: number
  readonly partitions: readonly number[]
}

/**
 * Partitioned events by offset. An append is answered when the events are durable. Reading keeps nothing in the log: positions live in
 * the destination.
 */
export interface Log {
  readonly name: string
  readonly capabilities: LogCapabilities
  /**
   * Makes a topic known, creating it where it is missing and the log may.
   * @throws CaudalError `CAUDAL_LOG_PARTITIONS`: it has another number of partitions than asked for; by key, events would move.
   */
  declareTopic(topic: string, partitions: number): Promise<void>
  /** What each partition holds, in the order of partitions. @throws CaudalError `CAUDAL_LOG_TOPIC`: there is no such topic. */
  ranges(topic: string): Promise<readonly PartitionRange[]>
  /**
   * Appends events, all of them or none that is answered. Those of one partition keep their order.
   * @throws CaudalError `CAUDAL_LOG_FULL` (retryable: nothing was appended), `CAUDAL_LOG_EVENT_SIZE`, `CAUDAL_LOG_WRITE` (the state of
   * these events is unknown: they may come twice when they are sent again).
   */
  append(topic: string, events: readonly NewEvent[]): Promise<readonly AppendedRange[]>
  /**
   * Events from the places given, in the order of each partition; at the end it waits for more, until the signal aborts, which ends it
   * without an error. Only what is durable is read.
   * @throws CaudalError `CAUDAL_LOG_GAP`: events from there on are gone; the context names the range. `CAUDAL_LOG_BEHIND`: the place lies
   * beyond the end. `CAUDAL_LOG_DAMAGED`: bytes are not those that were written.
   */
  read(request: LogRead): AsyncIterable<LogBatch>
  /** Takes part in a group; each assignment replaces the one before. Ends when the signal aborts. */
  join(group: string, topic: string, signal: AbortSignal): AsyncIterable<Assignment>
  /** Gives up events before the places given. A log of whole segments keeps a segment until all of it may go. */
  trim(topic: string, before: readonly PartitionOffset[]): Promise<void>
  close(): Promise<void>
}

/** A file of a log to which nothing is added any more. */
export interface SealedSegment {
  /** Unique in its topic; text order is the order of writing. */
  readonly name: string
  /** Absolute path. */
  readonly path: string
  readonly bytes: number
  /** When its last event was appended, ms since 1970. */
  readonly lastAppendedAt: number
  readonly ranges: readonly PartitionRange[]
}

/** A log made of files that the lake can keep before they are trimmed. */
export interface SegmentedLog extends Log {
  /** Sealed segments that are still there, oldest first. */
  sealed(topic: string): Promise<readonly SealedSegment[]>
  /** Seals what is open, if it holds an event. */
  seal(topic: string): Promise<void>
}

/** Whether a log is a {@link SegmentedLog}. */
export function isSegmented(log: Log): log is SegmentedLog {
  return 'sealed' in log && 'seal' in log
}

/** What a log adapter is told when it is opened. */
export interface LogContext {
  readonly projectPath: string
  /** `write`: it appends too; a log with one writer is then this process's alone. */
  readonly access: 'read' | 'write'
}
