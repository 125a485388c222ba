import { CaudalError } from '@caudal/spec'
import fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { linesOf, numberedEvents, openWriter, TestFolder } from './fixtures/written-log.ts'

const isFull = process.env['CAUDAL_FULL'] === '1'

type Step =
  | { readonly kind: 'append'; readonly sizes: readonly number[] }
  | { readonly kind: 'reopen' }
  | { readonly kind: 'seal' }
  | { readonly kind: 'trim'; readonly share: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('append' as const),
      sizes: fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 6 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reopen' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('seal' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('trim' as const),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
)

/** What the log should hold: for each partition its events, and where it begins. */
class Model {
  readonly partitions: string[][] = [[], [], [], []]
  readonly first = [0, 0, 0, 0]
  number = 0

  lines(): string[] {
    return this.partitions
      .flatMap((events, partition) =>
        events.slice(this.first[partition]).map((value, index) => {
          const offset = (this.first[partition] ?? 0) + index
          return `${partition}/${String(offset).padStart(8, '0')} ${value}`
        }),
      )
      .toSorted()
  }
}

test('the log holds what a simple list of events holds, whatever is done to it', async () => {
  await using folder = await TestFolder.create()
  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 25 }), async (steps) => {
      run += 1
      const topic = `run-${run}`
      const model = new Model()
      let log = await openWriter(folder.path)
      try {
        await log.declareTopic(topic, 4)
        for (const one of steps) {
          if (one.kind === 'append') await appendAll(log, topic, model, one.sizes)
          else if (one.kind === 'seal') await log.seal(topic)
          else if (one.kind === 'trim') await trimTo(log, topic, model, one.share)
          else {
            await log.close()
            log = await openWriter(folder.path)
            await log.declareTopic(topic, 4)
          }
        }
        assert.deepEqual(await linesOf(log, topic), model.lines())
        await assertGap(log, topic, model)
      } finally {
        await log.close()
      }
    }),
    { numRuns: isFull ? 300 : 15 },
  )
})

/** Appends several times at once; the answers say where the events lie. */
async function appendAll(
  log: Awaited<ReturnType<typeof openWriter>>,
  topic: string,
  model: Model,
  sizes: readonly number[],
): Promise<void> {
  const appends = sizes.map((size) => {
    const events = numberedEvents(model.number, size)
    model.number += size
    return { events, answer: log.append(topic, events) }
  })
  for (const { events, answer } of appends) {
    const ranges = await answer
    assert.equal(
      ranges.reduce((sum, range) => sum + range.events, 0),
      events.length,
    )
    for (const { partition, first, events: count } of ranges) {
      const list = model.partitions[partition] ?? []
      for (let index = 0; index < count; index++)
        assert.equal(list[first + index], undefined, 'no place is given twice')
    }
    const places = await placesOf(log, topic, ranges)
    for (const { partition, offset, value } of places) (model.partitions[partition] ?? [])[offset] = value
    assert.deepEqual(
      places.map(({ value }) => value).toSorted(),
      events.map(({ value }) => Buffer.from(value).toString('latin1')).toSorted(),
    )
  }
}

/** What lies where an append says that its events lie. */
async function placesOf(
  log: Awaited<ReturnType<typeof openWriter>>,
  topic: string,
  ranges: readonly { partition: number; first: number; events: number }[],
): Promise<{ partition: number; offset: number; value: string }[]> {
  const places: { partition: number; offset: number; value: string }[] = []
  for (const { partition, first, events: count } of ranges) {
    const stop = new AbortController()
    for await (const batch of log.read({
      topic,
      from: [{ partition, offset: first }],
      signal: stop.signal,
    })) {
      for (const { offset, value } of batch.events) {
        if (offset < first + count)
          places.push({ partition, offset, value: Buffer.from(value).toString('latin1') })
      }
      if (batch.next >= first + count) stop.abort()
    }
  }
  return places
}

/** Trims up to a share of each partition: whole segments go, so the log may keep more. */
async function trimTo(
  log: Awaited<ReturnType<typeof openWriter>>,
  topic: string,
  model: Model,
  share: number,
): Promise<void> {
  const asked = model.partitions.map((events, partition) => ({
    partition,
    offset: Math.floor(events.length * share),
  }))
  await log.trim(topic, asked)
  for (const { partition, first } of await log.ranges(topic)) {
    assert.ok(first >= (model.first[partition] ?? 0), 'what is trimmed stays trimmed')
    assert.ok(
      first <= Math.max(asked[partition]?.offset ?? 0, model.first[partition] ?? 0),
      'no more than was asked',
    )
    model.first[partition] = first
  }
}

async function assertGap(
  log: Awaited<ReturnType<typeof openWriter>>,
  topic: string,
  model: Model,
): Promise<void> {
  const partition = model.first.findIndex((first) => first > 0)
  if (partition === -1) return
  const from = [{ partition, offset: (model.first[partition] ?? 0) - 1 }]
  const reading = log.read({ topic, from, signal: AbortSignal.timeout(10_000) })[Symbol.asyncIterator]()
  await assert.rejects(
    reading.next(),
    (error) => CaudalError.isInstance(error) && error.code === 'CAUDAL_LOG_GAP',
  )
}
