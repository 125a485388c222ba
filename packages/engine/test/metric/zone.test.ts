import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { addDays, startOf } from '../../src/metric/calendar.ts'
import { bucketsOf } from '../../src/metric/buckets.ts'
import { localDay, offsetsBetween, offsetSeconds, startOfDayMs } from '../../src/metric/zone.ts'

const zones = [
  'UTC',
  'Europe/Madrid',
  'America/New_York',
  'America/Santiago',
  'Africa/Casablanca',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Kiritimati',
] as const
const anyZone = fc.constantFrom(...zones)
const anyMs = fc
  .integer({ min: Date.UTC(1990, 0, 1) / 1000, max: Date.UTC(2035, 0, 1) / 1000 })
  .map((s) => s * 1000)

function startOfDay(zone: string, day: string): string {
  return new Date(startOfDayMs(zone, day)).toISOString()
}

test('days begin at local midnight, or where the clocks leave it out, when they are put forward', () => {
  assert.equal(startOfDay('Europe/Madrid', '2026-03-29'), '2026-03-28T23:00:00.000Z')
  assert.equal(startOfDay('Europe/Madrid', '2026-03-30'), '2026-03-29T22:00:00.000Z')
  assert.equal(startOfDay('America/New_York', '2026-11-02'), '2026-11-02T05:00:00.000Z')
  assert.equal(startOfDay('America/Santiago', '2026-09-06'), '2026-09-06T04:00:00.000Z')
  assert.equal(startOfDay('Pacific/Kiritimati', '2026-01-01'), '2025-12-31T10:00:00.000Z')
})

test('an instant lies in the day that began last, in every zone', () => {
  fc.assert(
    fc.property(anyZone, anyMs, (zone, ms) => {
      const day = localDay(zone, ms)
      assert.ok(startOfDayMs(zone, day) <= ms)
      assert.ok(ms < startOfDayMs(zone, addDays(day, 1)))
    }),
  )
})

test('the offsets of a range are those of each instant in it', () => {
  fc.assert(
    fc.property(
      anyZone,
      anyMs,
      fc.integer({ min: 1, max: 400 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (zone, fromMs, days, share) => {
        const toMs = fromMs + days * 86_400_000
        const ms = Math.floor((fromMs + (toMs - fromMs) * share) / 1000) * 1000
        const offset = offsetsBetween(zone, fromMs, toMs).findLast(({ atMs }) => atMs <= ms)
        assert.equal(offset?.seconds, offsetSeconds(zone, ms))
      },
    ),
    { numRuns: 40 },
  )
})

test('the hours of a day are as many as the clocks leave', () => {
  const hours = (zone: string, day: string): number =>
    bucketsOf({ from: day, to: addDays(day, 1) }, 'hour', zone).length
  assert.equal(hours('Europe/Madrid', '2026-03-29'), 23)
  assert.equal(hours('Europe/Madrid', '2026-10-25'), 25)
  assert.equal(hours('Asia/Kathmandu', '2026-10-25'), 24)
})

test('weeks begin on Monday', () => {
  assert.equal(startOf('week', '2026-03-29'), '2026-03-23')
  assert.equal(startOf('week', '2026-03-30'), '2026-03-30')
})
