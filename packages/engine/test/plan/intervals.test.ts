import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  floorToGrain,
  intervalsBetween,
  isCovered,
  mergeIntervals,
  overlaps,
  type Interval,
} from '@caudal/engine'

const grain = fc.constantFrom('hour' as const, 'day' as const, 'month' as const)
const instant = fc.date({
  min: new Date('2023-01-01T00:00:00Z'),
  max: new Date('2027-01-01T00:00:00Z'),
  noInvalidDate: true,
})
const range = fc
  .tuple(instant, fc.integer({ min: 0, max: 100 }))
  .map(([start, days]) => ({ start, end: new Date(start.getTime() + days * 86_400_000) }))

const hourMs = 3_600_000

/** Intervals on whole hours of two days, so that they often touch and overlap. */
const someIntervals = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 48 }), fc.integer({ min: 0, max: 48 })).map(([from, to]): Interval => ({
    start: new Date(from * hourMs).toISOString(),
    end: new Date(to * hourMs).toISOString(),
  })),
  { maxLength: 12 },
)

/** Whole hours that lie in one of the intervals. */
function hoursOf(intervals: readonly Interval[]): readonly number[] {
  return Array.from({ length: 60 }, (_, hour) => hour).filter((hour) =>
    intervals.some(({ start, end }) => Date.parse(start) <= hour * hourMs && hour * hourMs < Date.parse(end)),
  )
}

test('the intervals of a range are half-open, touch each other and cover it without a gap', () => {
  fc.assert(
    fc.property(range, grain, ({ start, end }, by) => {
      const intervals = intervalsBetween(start, end, by)
      for (const [index, interval] of intervals.entries()) {
        assert.ok(interval.start < interval.end)
        assert.deepEqual(floorToGrain(interval.start, by).toISOString(), interval.start)
        if (index > 0) assert.equal(intervals[index - 1]?.end, interval.start)
      }
      assert.equal(intervals.length === 0, floorToGrain(start, by) >= end)
      if (intervals.length > 0) {
        assert.ok(Date.parse(intervals[0]?.start ?? '') <= start.getTime())
        assert.ok(Date.parse(intervals.at(-1)?.end ?? '') >= end.getTime())
        assert.ok(Date.parse(intervals.at(-1)?.start ?? '') < end.getTime())
      }
    }),
  )
})

test('every instant lies in exactly one interval', () => {
  fc.assert(
    fc.property(range, grain, fc.double({ min: 0, max: 0.999, noNaN: true }), ({ start, end }, by, share) => {
      fc.pre(start < end)
      const at = new Date(
        start.getTime() + Math.floor((end.getTime() - start.getTime()) * share),
      ).toISOString()
      const holding = intervalsBetween(start, end, by).filter(
        (interval) => interval.start <= at && at < interval.end,
      )
      assert.equal(holding.length, 1)
    }),
  )
})

test('days are 24 UTC hours, also where clocks change and whatever the zone of the machine', () => {
  for (const zone of ['Europe/Madrid', 'America/New_York', 'Pacific/Apia', 'UTC']) {
    process.env['TZ'] = zone
    const days = intervalsBetween('2026-03-28', '2026-03-31', 'day')
    assert.deepEqual(
      days.map(({ start }) => start),
      ['2026-03-28T00:00:00.000Z', '2026-03-29T00:00:00.000Z', '2026-03-30T00:00:00.000Z'],
    )
    assert.equal(floorToGrain('2026-03-29 02:30:00', 'hour').toISOString(), '2026-03-29T02:00:00.000Z')
  }
  process.env['TZ'] = 'UTC'
})

test('months are calendar months', () => {
  assert.deepEqual(
    intervalsBetween('2024-01-31', '2024-03-01', 'month').map(
      ({ start, end }) => `${start.slice(0, 10)} ${end.slice(0, 10)}`,
    ),
    ['2024-01-01 2024-02-01', '2024-02-01 2024-03-01'],
  )
})

test('merged intervals cover the same instants, are sorted and never touch', () => {
  fc.assert(
    fc.property(someIntervals, (intervals) => {
      const merged = mergeIntervals(intervals)
      assert.deepEqual(hoursOf(merged), hoursOf(intervals))
      for (const [index, interval] of merged.entries()) {
        assert.ok(interval.start < interval.end)
        if (index > 0) assert.ok((merged[index - 1]?.end ?? '') < interval.start)
      }
      assert.deepEqual(mergeIntervals(merged), merged)
    }),
  )
})

test('an interval is covered exactly when each of its hours is', () => {
  fc.assert(
    fc.property(someIntervals, someIntervals, ([interval], others) => {
      fc.pre(interval !== undefined && interval.start < interval.end)
      const hours = hoursOf(others)
      assert.equal(
        isCovered(interval, others),
        hoursOf([interval]).every((hour) => hours.includes(hour)),
      )
      for (const other of others.filter(({ start, end }) => start < end)) {
        assert.equal(
          overlaps(interval, other),
          hoursOf([interval]).some((hour) => hoursOf([other]).includes(hour)),
        )
      }
    }),
  )
})
