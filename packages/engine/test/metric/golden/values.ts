import assert from 'node:assert/strict'
import type { Aggregate } from '@caudal/spec'
import { amountSum, count, wonCount } from '../deals.ts'
import { onEngines } from '../on-engines.ts'

const march = {
  range: { from: '2026-03-01', to: '2026-03-03' },
  grain: 'day',
  now: '2026-04-01T00:00:00Z',
} as const

onEngines('values', (test) => {
  test('nulls add nothing, and conditions that are unknown do not hold', async (book) => {
    await book.putDeals([
      ['2026-03-01T10:00:00Z', '10.50', true, 'ana'],
      ['2026-03-01T11:00:00Z', null, true, 'ana'],
      ['2026-03-01T12:00:00Z', '0.10', null, null],
      ['2026-03-03T12:00:00Z', '4.00', false, 'luis'],
    ])
    const column = { kind: 'aggregate', column: 'amount' } as const
    const expected: Record<string, { value: Aggregate; total: string; days: (string | null)[] }> = {
      deals: { value: count, total: '4', days: ['3', '0', '1'] },
      won: { value: wonCount, total: '2', days: ['2', '0', '0'] },
      sum: { value: amountSum, total: '14.60', days: ['10.60', '0', '4.00'] },
      smallest: { value: { ...column, function: 'min' }, total: '0.10', days: ['0.10', null, '4.00'] },
      largest: { value: { ...column, function: 'max' }, total: '10.50', days: ['10.50', null, '4.00'] },
      mean: { value: { ...column, function: 'average' }, total: '4.866666666667', days: ['5.3', null, '4'] },
      amounts: { value: { ...column, function: 'count' }, total: '3', days: ['2', '0', '1'] },
      sellers: {
        value: { kind: 'aggregate', function: 'count distinct', column: 'sdr_id' },
        total: '2',
        days: ['1', '0', '1'],
      },
    }
    for (const [name, { value, total, days }] of Object.entries(expected)) {
      const metric = book.metric(name, { value })
      const tile = await book.tile('number', { kind: 'number', metric }, march)
      assert.equal(tile.value, total, name)
      assert.deepEqual(
        tile.spark.map((point) => point.values[0]),
        days,
        name,
      )
    }
  })

  test('a range without rows: counts and sums are 0, the rest has no value', async (book) => {
    await book.putDeals([['2020-01-01T00:00:00Z', '1', true]])
    const values: Record<string, { value: Aggregate; empty: string | null }> = {
      none: { value: count, empty: '0' },
      sum: { value: amountSum, empty: '0' },
      mean: { value: { kind: 'aggregate', function: 'average', column: 'amount' }, empty: null },
    }
    for (const [name, { value, empty }] of Object.entries(values)) {
      const metric = book.metric(name, { value })
      const tile = await book.tile('number', { kind: 'number', metric }, march)
      assert.equal(tile.value, empty)
      assert.equal(tile.spark.length, 3)
      assert.ok(tile.spark.every((point) => point.values[0] === empty))
    }
  })

  test('a ratio is a sum over a sum; over nothing and over zero it has no value', async (book) => {
    await book.putDeals([
      ['2026-03-01T10:00:00Z', '10', true, 'ana', 1],
      ['2026-03-01T10:00:00Z', '20', false, 'ana', 2],
      ['2026-03-02T10:00:00Z', '5', true, 'luis', 0],
    ])
    const rate = book.metric('rate', { value: { kind: 'ratio', numerator: wonCount, denominator: count } })
    const seats: Aggregate = { kind: 'aggregate', function: 'sum', column: 'seats' }
    const price = book.metric('price', { value: { kind: 'ratio', numerator: amountSum, denominator: seats } })
    const metrics = [rate, price]
    const series = await book.tile('series', { kind: 'line', metrics }, march)
    assert.deepEqual(series.points, [
      { at: '2026-03-01', values: ['0.5', '10'] },
      { at: '2026-03-02', values: ['1', null] },
      { at: '2026-03-03', values: [null, null] },
    ])
    const total = await book.tile('number', { kind: 'number', metric: rate }, march)
    assert.equal(total.value, '0.666666666667')
  })

  test('decimals and integers keep every digit', async (book) => {
    await book.putDeals([
      ['2026-03-01T10:00:00Z', '9999999999999999.99', true, 'ana', '9007199254740993'],
      ['2026-03-01T10:00:00Z', '0.01', true, 'ana', 0],
    ])
    const amount = book.metric('amount', { value: amountSum })
    const seats = book.metric('seats', { value: { kind: 'aggregate', function: 'max', column: 'seats' } })
    const totals = await book.tile(
      'table',
      { kind: 'table', metrics: [amount, seats], by: [], top: 10 },
      march,
    )
    assert.deepEqual(totals.rows, [['10000000000000000.00', '9007199254740993']])
  })
})
