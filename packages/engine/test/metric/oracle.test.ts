import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { grains } from '@caudal/spec'
import { startOf } from '../../src/metric/calendar.ts'
import { localDay } from '../../src/metric/zone.ts'
import { amountSum, DealBook } from './deals.ts'
import { openDuckdb } from './engines.ts'

const duckdb = await openDuckdb()
after(() => duckdb.close())

const zones = [
  'Europe/Madrid',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'America/Santiago',
] as const
const instants = fc.integer({ min: Date.UTC(2026, 0, 1) / 1000, max: Date.UTC(2027, 0, 1) / 1000 })

test('sums by bucket equal those of a plain loop over the rows', async () => {
  const from = '2026-02-10'
  const to = '2026-11-20'
  let books = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(instants, fc.integer({ min: -500, max: 500 })), { minLength: 1, maxLength: 40 }),
      fc.constantFrom(...zones),
      fc.constantFrom(...grains.filter((grain) => grain !== 'hour')),
      async (rows, timeZone, grain) => {
        const book = new DealBook(duckdb, `oracle_${++books}`)
        await book.putDeals(
          rows.map(([s, amount]) => [new Date(s * 1000).toISOString(), String(amount), true]),
        )
        const metrics = [book.metric('amount', { value: amountSum })]
        const view = { range: { from, to }, grain, timeZone, now: '2027-02-01T00:00:00Z' }
        const series = await book.tile('series', { kind: 'line', metrics }, view)

        const expected = new Map<string, number>()
        for (const [seconds, amount] of rows) {
          const day = localDay(timeZone, seconds * 1000)
          if (day < from || day > to) continue
          const bucket = startOf(grain, day)
          expected.set(bucket, (expected.get(bucket) ?? 0) + amount)
        }
        const buckets = series.points.map(({ at }) => at)
        assert.ok([...expected.keys()].every((bucket) => buckets.includes(bucket)))
        assert.deepEqual(
          series.points.map(({ values }) => Number(values[0])),
          buckets.map((bucket) => expected.get(bucket) ?? 0),
        )
      },
    ),
    { numRuns: 30 },
  )
})
