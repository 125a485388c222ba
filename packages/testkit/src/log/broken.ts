import type { Log, LogBatch, LogRead } from '@caudal/spec'

/** A log that breaks one promise, and the behaviour that must see it. */
export interface BrokenLog {
  readonly what: string
  readonly seenBy: RegExp
  breaks(log: Log): Partial<Log>
}

/** Fakes that break one promise of the Log door each. */
export const brokenLogs: readonly BrokenLog[] = [
  {
    what: 'loses headers',
    seenBy: /gives back keys, headers and values/,
    breaks: (log) => ({
      append: (topic, events) =>
        log.append(
          topic,
          events.map(({ headers: _headers, ...event }) => event),
        ),
    }),
  },
  {
    what: 'appends twice',
    seenBy: /without gaps or repeats/,
    breaks: (log) => ({
      append: async (topic, events) => {
        await log.append(topic, events)
        return log.append(topic, events)
      },
    }),
  },
  {
    what: 'spreads a key over partitions',
    seenBy: /events of a key in one partition/,
    breaks: (log) => ({
      append: (topic, events) =>
        log.append(
          topic,
          events.map(({ key: _key, ...event }) => event),
        ),
    }),
  },
  {
    what: 'says where something else lies',
    seenBy: /says where what was appended lies/,
    breaks: (log) => ({
      append: async (topic, events) =>
        (await log.append(topic, events)).map((range) => ({ ...range, first: range.first + 1 })),
    }),
  },
  {
    what: 'begins at the end',
    seenBy: /reads from the places given/,
    breaks: (log) => ({ read: (request) => fromEnd(log, request) }),
  },
  {
    what: 'ends where it should wait',
    seenBy: /waits at the end/,
    breaks: (log) => ({ read: (request) => once(log, request) }),
  },
  {
    what: 'passes over what was trimmed',
    seenBy: /gives up what is trimmed/,
    breaks: (log) => ({ read: (request) => withinRange(log, request) }),
  },
  {
    what: 'takes any place behind its end',
    seenBy: /refuses a place behind its end/,
    breaks: (log) => ({ read: (request) => withinRange(log, request) }),
  },
  {
    what: 'trims everything',
    seenBy: /never trims what lies from a place on/,
    breaks: (log) => ({
      trim: async (topic) => {
        const ranges = await log.ranges(topic)
        await log.trim(
          topic,
          ranges.map(({ partition, next }) => ({ partition, offset: next })),
        )
      },
    }),
  },
  {
    what: 'takes any number of partitions',
    seenBy: /keeps its number of partitions/,
    breaks: (log) => ({ declareTopic: (topic) => log.declareTopic(topic, 4) }),
  },
  {
    what: 'keeps every topic in one',
    seenBy: /knows which topics it has/,
    breaks: (log) => ({
      declareTopic: () => log.declareTopic('sales', 4),
      append: (_topic, events) => log.append('sales', events),
      ranges: () => log.ranges('sales'),
    }),
  },
  {
    what: 'leaves a partition to nobody',
    seenBy: /assigns every partition/,
    breaks: (log) => ({
      async *join(group, topic, signal) {
        for await (const { epoch, partitions } of log.join(group, topic, signal)) {
          yield { epoch, partitions: partitions.slice(1) }
        }
      },
    }),
  },
]

/** The log with the promise broken. */
export function breakingLog(log: Log, broken: BrokenLog): Log {
  const changes = broken.breaks(log)
  return new Proxy(log, {
    get(target, name) {
      const value: unknown = Reflect.get(name in changes ? changes : target, name)
      return typeof value === 'function' ? value.bind(name in changes ? changes : target) : value
    },
  })
}

async function* fromEnd(log: Log, request: LogRead): AsyncGenerator<LogBatch> {
  const ranges = await log.ranges(request.topic)
  const from = ranges.map(({ partition, next }) => ({ partition, offset: next }))
  const stop = AbortSignal.any([request.signal, AbortSignal.timeout(500)])
  yield* log.read({ ...request, from, signal: stop })
}

async function* once(log: Log, request: LogRead): AsyncGenerator<LogBatch> {
  for await (const batch of log.read(request)) {
    yield batch
    return
  }
}

async function* withinRange(log: Log, request: LogRead): AsyncGenerator<LogBatch> {
  const ranges = await log.ranges(request.topic)
  const from = request.from.map(({ partition, offset }) => {
    const range = ranges[partition]
    return { partition, offset: Math.min(Math.max(offset, range?.first ?? 0), range?.next ?? 0) }
  })
  const stop = AbortSignal.any([request.signal, AbortSignal.timeout(500)])
  yield* log.read({ ...request, from, signal: stop })
}
