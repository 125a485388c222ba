import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Watermark } from '../../src/live/watermark.ts'

const tiles = ['a', 'b', 'c']

test('whatever the order of commits and sends, a reconnect from the id repeats everything not sent', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('commit' as const), touched: fc.subarray(tiles) }),
    fc.record({ kind: fc.constant('send' as const), tile: fc.constantFrom(...tiles), lag: fc.nat(3) }),
  )
  fc.assert(
    fc.property(fc.nat(5), fc.array(step, { maxLength: 60 }), (after, steps) => {
      const watermark = new Watermark(after)
      const lastTouched = new Map<string, number[]>()
      const included = new Map<string, number>()
      let sequence = after
      let lastId = after
      for (const one of steps) {
        if (one.kind === 'commit') {
          sequence++
          watermark.see(sequence)
          for (const tile of one.touched) {
            watermark.owe(tile, sequence)
            lastTouched.set(tile, [...(lastTouched.get(tile) ?? []), sequence])
          }
        } else if (watermark.isOwed(one.tile)) {
          const covered = Math.max(included.get(one.tile) ?? after, sequence - one.lag)
          watermark.sent(one.tile, covered)
          included.set(one.tile, covered)
        }
        const id = watermark.value ?? -1
        assert.ok(id >= lastId, `the id went back from ${lastId} to ${id}`)
        lastId = id
        for (const [tile, touched] of lastTouched) {
          const missing = touched.filter((commit) => commit > (included.get(tile) ?? after))
          assert.ok(
            missing.every((commit) => commit > id),
            `tile ${tile} lacks ${missing.join(', ')}, the id is ${id}`,
          )
        }
        if (tiles.every((tile) => !watermark.isOwed(tile))) assert.equal(id, sequence)
      }
    }),
  )
})

test('a client that has not had everything once has nothing to continue from', () => {
  const watermark = new Watermark()
  watermark.owe('a', 0)
  watermark.owe('b', 0)
  watermark.see(7)
  watermark.sent('a', 7)
  assert.equal(watermark.value, undefined)
  watermark.sent('b', 7)
  assert.equal(watermark.value, 7)
})
