import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { WriterLane } from '../../src/load/lane.ts'
import { CountedReaders } from '../../src/load/readers.ts'

/** Begins an answer that ends when it is told to. */
function beginAnswer(readers: CountedReaders): { end: () => Promise<void> } {
  const held = Promise.withResolvers<void>()
  const read = readers.during(() => held.promise)
  return {
    end: async () => {
      held.resolve()
      await read
    },
  }
}

test('a load begins when the tiles that are being answered are there; a stream flush does not wait', async () => {
  const readers = new CountedReaders()
  const lane = new WriterLane(readers)
  const first = beginAnswer(readers)
  const second = beginAnswer(readers)
  const seen: string[] = []
  await lane.run('stream', async () => void seen.push('stream'))
  const load = lane.run('load', async () => void seen.push('load'))
  await first.end()
  await setImmediate()
  assert.deepEqual(seen, ['stream'])
  await second.end()
  await load
  assert.deepEqual(seen, ['stream', 'load'])
})

test('a load goes on beside an answer that does not end', async () => {
  const readers = new CountedReaders()
  const lane = new WriterLane(readers)
  const answer = beginAnswer(readers)
  assert.equal(await lane.run('load', async () => 'loaded'), 'loaded')
  await answer.end()
})
