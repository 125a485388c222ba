import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Comparison, DateRange } from '@caudal/spec'
import { comparedPeriod, grainOf, periodOf } from '../../src/metric/period.ts'

/** The days of a range and of what it is compared with, both ends included, as a person would say them. */
function days(range: DateRange, today: string, comparison: Comparison = 'previous period'): string {
  const period = periodOf(range, today)
  const previous = period === undefined ? undefined : comparedPeriod(range, period, comparison)
  return [period, previous]
    .map((part) => (part === undefined ? '-' : `${part.from} up to ${part.to}`))
    .join(' against ')
}

test('ranges end with today, and are compared with as many days before', () => {
  assert.equal(days('today', '2026-03-05'), '2026-03-05 up to 2026-03-06 against 2026-03-04 up to 2026-03-05')
  assert.equal(
    days('last 7 days', '2026-03-05'),
    '2026-02-27 up to 2026-03-06 against 2026-02-20 up to 2026-02-27',
  )
  assert.equal(
    days('last 30 days', '2026-03-05'),
    '2026-02-04 up to 2026-03-06 against 2026-01-05 up to 2026-02-04',
  )
  assert.equal(
    days({ from: '2026-03-10', to: '2026-03-12' }, '2026-06-01'),
    '2026-03-10 up to 2026-03-13 against 2026-03-07 up to 2026-03-10',
  )
  assert.equal(days('all time', '2026-03-05'), '- against -')
})

test('a month to date is compared with the same elapsed days, at most the whole month before', () => {
  assert.equal(
    days('this month', '2026-03-05'),
    '2026-03-01 up to 2026-03-06 against 2026-02-01 up to 2026-02-06',
  )
  assert.equal(
    days('this month', '2026-03-31'),
    '2026-03-01 up to 2026-04-01 against 2026-02-01 up to 2026-03-01',
  )
  assert.equal(
    days('this quarter', '2026-06-30'),
    '2026-04-01 up to 2026-07-01 against 2026-01-01 up to 2026-04-01',
  )
  assert.equal(
    days('this quarter', '2026-05-02'),
    '2026-04-01 up to 2026-05-03 against 2026-01-01 up to 2026-02-02',
  )
})

test('years are compared by date, and 29 February with the 28th', () => {
  assert.equal(
    days('this year', '2024-02-29'),
    '2024-01-01 up to 2024-03-01 against 2023-01-01 up to 2023-03-01',
  )
  assert.equal(
    days('this year', '2025-02-28'),
    '2025-01-01 up to 2025-03-01 against 2024-01-01 up to 2024-02-29',
  )
  assert.equal(
    days('last 12 months', '2026-03-05'),
    '2025-04-01 up to 2026-03-06 against 2024-04-01 up to 2025-03-06',
  )
  assert.equal(
    days('last 7 days', '2026-03-05', 'previous year'),
    '2026-02-27 up to 2026-03-06 against 2025-02-27 up to 2025-03-06',
  )
})

test('the grain suits the range, and one that would give too many points gives way', () => {
  const grain = (range: DateRange): string => grainOf(periodOf(range, '2026-12-31'), undefined)
  assert.deepEqual(
    (['today', 'last 7 days', 'last 90 days', 'last 12 months', 'all time'] as const).map(grain),
    ['hour', 'day', 'week', 'month', 'month'],
  )
  assert.equal(grain({ from: '2026-01-01', to: '2026-06-01' }), 'week')
  assert.equal(grain({ from: '2020-01-01', to: '2026-06-01' }), 'quarter')
  assert.equal(grainOf(periodOf('last 7 days', '2026-12-31'), 'hour'), 'hour')
  assert.equal(grainOf(periodOf('last 12 months', '2026-12-31'), 'hour'), 'day')
  assert.equal(grainOf({ from: '2000-01-01', to: '2026-01-01' }, 'day'), 'week')
  assert.equal(grainOf(undefined, 'hour'), 'month')
})
