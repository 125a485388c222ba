import assert from 'node:assert/strict'
import { amountSum, count, type Deal } from '../deals.ts'
import { onEngines } from '../on-engines.ts'

onEngines('comparison', (test) => {
  test('this month is compared with the same elapsed days of the month before', async (book) => {
    const deals: Deal[] = [
      ['2026-02-01T00:00:00+01:00', '1', true],
      ['2026-02-05T23:59:59+01:00', '10', true],
      ['2026-02-06T00:00:00+01:00', '100', true],
      ['2026-03-01T00:00:00+01:00', '1000', true],
      ['2026-03-05T23:59:59+01:00', '10000', true],
    ]
    await book.putDeals(deals)
    const metric = book.metric('amount', { value: amountSum })
    const view = { comparison: 'previous period', now: '2026-03-05T10:00:00Z' } as const
    const tile = await book.tile('number', { kind: 'number', metric }, view)
    assert.equal(tile.value, '11000.00')
    assert.equal(tile.previous, '11.00')
  })

  test('the points of both periods stand side by side', async (book) => {
    await book.putDeals([
      ['2026-06-01T10:00:00Z', '1', true],
      ['2026-06-03T10:00:00Z', '2', true],
      ['2026-06-04T10:00:00Z', '3', true],
    ])
    const metrics = [book.metric('amount', { value: amountSum })]
    const range = { from: '2026-06-03', to: '2026-06-04' }
    const view = { range, grain: 'day', comparison: 'previous period', now: '2026-07-01T00:00:00Z' } as const
    const series = await book.tile('series', { kind: 'line', metrics }, view)
    assert.deepEqual(series.points, [
      { at: '2026-06-03', values: ['2.00'] },
      { at: '2026-06-04', values: ['3.00'] },
    ])
    assert.deepEqual(series.previous, [
      { at: '2026-06-01', values: ['1.00'] },
      { at: '2026-06-02', values: ['0'] },
    ])
  })

  test('a row of two overlapping periods counts in both', async (book) => {
    await book.putDeals([
      ['2024-03-01T10:00:00Z', '1', true, 'ana'],
      ['2025-03-01T10:00:00Z', '10', true, 'ana'],
      ['2026-03-01T10:00:00Z', '100', true, 'ana'],
    ])
    const metric = book.metric('amount', { value: amountSum })
    const range = { from: '2025-01-01', to: '2026-12-31' }
    const view = { range, comparison: 'previous year', now: '2027-01-01T00:00:00Z' } as const
    const tile = await book.tile('number', { kind: 'number', metric }, view)
    assert.equal(tile.value, '110.00')
    assert.equal(tile.previous, '11.00')
    const board = await book.tile(
      'categories',
      { kind: 'leaderboard', metrics: [metric], by: 'sdr', top: 3 },
      view,
    )
    assert.deepEqual(board.rows, [{ value: 'ana', values: ['110.00'], previous: ['11.00'] }])
  })

  test('all time and no comparison have nothing to be compared with', async (book) => {
    await book.putDeals([['2026-03-01T10:00:00Z', '1', true]])
    const metric = book.metric('deals', { value: count })
    const now = '2026-03-05T10:00:00Z'
    const all = await book.tile(
      'number',
      { kind: 'number', metric },
      { range: 'all time', comparison: 'previous year', now },
    )
    assert.ok(!('previous' in all))
    const none = await book.tile('number', { kind: 'number', metric }, { now })
    assert.ok(!('previous' in none))
  })
})
