import assert from 'node:assert/strict'
import { amountSum, count, lit, type Deal } from '../deals.ts'
import { onEngines } from '../on-engines.ts'

const madrid = { timeZone: 'Europe/Madrid' }
const newYork = { timeZone: 'America/New_York' }

/** Deals at instants, each of its own power of ten, so that a sum tells which rows it holds. */
function at(...instants: string[]): Deal[] {
  return instants.map((instant, index) => [instant, String(10 ** index), true])
}

onEngines('days in a zone', (test) => {
  test('a deal at midnight counts on the day that begins, one a microsecond earlier on the day that ends', async (book) => {
    await book.putDeals(
      at(
        '2026-06-10T21:59:59.999999Z',
        '2026-06-10T22:00:00Z',
        '2026-06-11T03:59:59Z',
        '2026-06-11T04:00:00Z',
      ),
    )
    for (const time of ['closed_at', 'closed_utc']) {
      const metrics = [book.metric(`amount_${time}`, { value: amountSum, time })]
      const range = { from: '2026-06-10', to: '2026-06-11' }
      const days = { range, grain: 'day', now: '2026-07-01T00:00:00Z' } as const
      const inMadrid = await book.tile('series', { kind: 'line', metrics }, { ...days, ...madrid })
      assert.deepEqual(lit(inMadrid.points), ['2026-06-10: 1.00', '2026-06-11: 1110.00'])
      const inNewYork = await book.tile('series', { kind: 'line', metrics }, { ...days, ...newYork })
      assert.deepEqual(lit(inNewYork.points), ['2026-06-10: 111.00', '2026-06-11: 1000.00'])
    }
  })

  test('a range is half open: the first instant after its last day is out', async (book) => {
    await book.putDeals(
      at('2026-06-09T21:59:59Z', '2026-06-09T22:00:00Z', '2026-06-10T21:59:59Z', '2026-06-10T22:00:00Z'),
    )
    const metric = book.metric('amount', { value: amountSum })
    const range = { from: '2026-06-10', to: '2026-06-10' }
    const tile = await book.tile('number', { kind: 'number', metric }, { range, now: '2026-07-01T00:00:00Z' })
    assert.equal(tile.value, '110.00')
  })

  test('clocks forward: the day has 23 hours, and the hour that does not exist has no point', async (book) => {
    await book.putDeals(
      at(
        '2026-03-28T23:00:00Z',
        '2026-03-29T00:59:59Z',
        '2026-03-29T01:00:00Z',
        '2026-03-29T21:59:59Z',
        '2026-03-29T22:00:00Z',
      ),
    )
    for (const time of ['closed_at', 'closed_utc']) {
      const metrics = [book.metric(`amount_${time}`, { value: amountSum, time })]
      const week = { range: { from: '2026-03-28', to: '2026-03-31' }, grain: 'day' } as const
      const view = { ...madrid, now: '2026-04-10T00:00:00Z' }
      const days = await book.tile('series', { kind: 'line', metrics }, { ...view, ...week })
      assert.deepEqual(lit(days.points), ['2026-03-29: 1111.00', '2026-03-30: 10000.00'])
      const sunday = { range: { from: '2026-03-29', to: '2026-03-29' } }
      const hours = await book.tile('series', { kind: 'line', metrics }, { ...view, ...sunday })
      assert.equal(hours.grain, 'hour')
      assert.equal(hours.points.length, 23)
      assert.deepEqual(lit(hours.points), [
        '2026-03-28T23:00:00Z: 1.00',
        '2026-03-29T00:00:00Z: 10.00',
        '2026-03-29T01:00:00Z: 100.00',
        '2026-03-29T21:00:00Z: 1000.00',
      ])
    }
  })

  test('clocks back: the day has 25 hours, and the repeated hour is two points', async (book) => {
    await book.putDeals(
      at(
        '2026-11-01T04:00:00Z',
        '2026-11-01T05:30:00Z',
        '2026-11-01T06:30:00Z',
        '2026-11-02T04:59:59Z',
        '2026-11-02T05:00:00Z',
      ),
    )
    for (const time of ['closed_at', 'closed_utc']) {
      const metrics = [book.metric(`amount_${time}`, { value: amountSum, time })]
      const view = { ...newYork, now: '2026-11-20T00:00:00Z' }
      const range = { from: '2026-10-31', to: '2026-11-02' }
      const days = await book.tile('series', { kind: 'line', metrics }, { ...view, range, grain: 'day' })
      assert.deepEqual(lit(days.points), ['2026-11-01: 1111.00', '2026-11-02: 10000.00'])
      const sunday = { range: { from: '2026-11-01', to: '2026-11-01' } }
      const hours = await book.tile('series', { kind: 'line', metrics }, { ...view, ...sunday })
      assert.equal(hours.points.length, 25)
      assert.deepEqual(lit(hours.points), [
        '2026-11-01T04:00:00Z: 1.00',
        '2026-11-01T05:00:00Z: 10.00',
        '2026-11-01T06:00:00Z: 100.00',
        '2026-11-02T04:00:00Z: 1000.00',
      ])
    }
  })

  test('month end: the last evening in New York is the first of the next month in Madrid', async (book) => {
    await book.putDeals(
      at('2026-01-31T22:59:59Z', '2026-01-31T23:30:00Z', '2026-02-01T04:59:59Z', '2026-02-01T05:00:00Z'),
    )
    const metrics = [book.metric('amount', { value: amountSum })]
    const view = {
      range: { from: '2026-01-01', to: '2026-02-28' },
      grain: 'month',
      now: '2026-03-10T00:00:00Z',
    } as const
    const inMadrid = await book.tile('series', { kind: 'line', metrics }, { ...view, ...madrid })
    assert.deepEqual(lit(inMadrid.points), ['2026-01-01: 1.00', '2026-02-01: 1110.00'])
    const inNewYork = await book.tile('series', { kind: 'line', metrics }, { ...view, ...newYork })
    assert.deepEqual(lit(inNewYork.points), ['2026-01-01: 111.00', '2026-02-01: 1000.00'])
  })

  test('a date is a local day in every zone', async (book) => {
    await book.putDeals(at('2026-01-31T12:00:00Z', '2026-02-01T12:00:00Z'))
    const metrics = [book.metric('amount', { value: amountSum, time: 'closed_on' })]
    for (const zone of [madrid, newYork, { timeZone: 'Pacific/Kiritimati' }]) {
      const view = { ...zone, range: { from: '2026-01-31', to: '2026-02-01' }, now: '2026-03-10T00:00:00Z' }
      const days = await book.tile('series', { kind: 'line', metrics }, view)
      assert.equal(days.grain, 'day')
      assert.deepEqual(lit(days.points), ['2026-01-31: 1.00', '2026-02-01: 10.00'])
    }
  })

  test('weeks begin on Monday, quarters and years on their first day', async (book) => {
    await book.putDeals(at('2026-03-29T12:00:00Z', '2026-03-30T12:00:00Z', '2026-04-05T12:00:00Z'))
    for (const time of ['closed_at', 'closed_on']) {
      const metrics = [book.metric(`amount_${time}`, { value: amountSum, time })]
      const view = { range: { from: '2026-03-25', to: '2026-04-07' }, now: '2026-04-10T00:00:00Z' }
      const by = async (grain: 'week' | 'quarter' | 'year'): Promise<string[]> => {
        const series = await book.tile('series', { kind: 'line', metrics }, { ...view, grain })
        return series.points.map((point) => `${point.at} ${point.values[0]}`)
      }
      assert.deepEqual(await by('week'), ['2026-03-23 1.00', '2026-03-30 110.00', '2026-04-06 0'])
      assert.deepEqual(await by('quarter'), ['2026-01-01 11.00', '2026-04-01 100.00'])
      assert.deepEqual(await by('year'), ['2026-01-01 111.00'])
    }
  })

  test('a deal without a time counts in no range, all time included', async (book) => {
    await book.putDeals([...at('2025-11-05T12:00:00Z', '2026-02-05T12:00:00Z')])
    await book.put(
      'undated',
      `select id, case when id = 1 then closed_at end as closed_at from ${book.schema}.deals
       union all select 3, cast('2026-01-20T00:00:00Z' as timestamptz)`,
    )
    const metric = book.metric('deals', { value: count, from: `${book.schema}.undated`, dimensions: [] })
    const view = { range: 'all time', now: '2026-03-01T00:00:00Z' } as const
    const tile = await book.tile('number', { kind: 'number', metric }, view)
    assert.equal(tile.value, '2')
    assert.deepEqual(
      tile.spark.map((point) => `${point.at} ${point.values[0]}`),
      ['2025-11-01 1', '2025-12-01 0', '2026-01-01 1'],
    )
  })
})
