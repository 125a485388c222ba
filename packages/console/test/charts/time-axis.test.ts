import assert from 'node:assert/strict'
import { test } from 'node:test'
import { grainOf, isOpenBucket } from '../../src/charts/buckets.ts'
import { shapeSeries } from '../../src/charts/series-shape.ts'
import { pickTicks } from '../../src/charts/ticks.ts'
import { walk } from '../../src/charts/walk.ts'

function days(first: string, count: number, step = 1): string[] {
  const start = Date.parse(`${first}T00:00:00Z`)
  return Array.from({ length: count }, (_, index) =>
    new Date(start + index * step * 86_400_000).toISOString().slice(0, 10),
  )
}

test('labels fall on days that people name, and never on more than there is room for', () => {
  const ats = days('2026-01-05', 90)
  const named = pickTicks(ats, 'day', 7).map((index) => ats[index])
  assert.deepEqual(named, [
    '2026-01-15',
    '2026-02-01',
    '2026-02-15',
    '2026-03-01',
    '2026-03-15',
    '2026-04-01',
  ])
  for (const max of [2, 3, 5, 8, 13])
    assert.ok(pickTicks(days('2025-03-03', 60, 7), 'week', max).length <= max)
})

test('the bucket of today is open until its day, week or month has ended in the zone of the viewer', () => {
  const asOf = '2026-03-31T22:30:00Z'
  assert.equal(isOpenBucket('2026-03-31', 'day', asOf, 'UTC'), true)
  assert.equal(isOpenBucket('2026-03-31', 'day', asOf, 'Europe/Madrid'), false)
  assert.equal(isOpenBucket('2026-03-30', 'week', asOf, 'Europe/Madrid'), true)
  assert.equal(isOpenBucket('2026-03-01', 'month', asOf, 'Europe/Madrid'), false)
})

test('the grain of a sparkline is read from its buckets', () => {
  assert.deepEqual(
    [1, 7, 31, 91, 366].map((step) => grainOf(days('2026-01-01', 2, step))),
    ['day', 'week', 'month', 'quarter', 'year'],
  )
})

test('a gap breaks the line, a lone value is a dot, and the open bucket is drawn apart', () => {
  const values = ['1', '2', null, '4', null, '6', '7']
  const points = values.map((value, index) => ({ at: `2026-01-0${index + 1}`, values: [value] }))
  const frame = { width: 70, height: 50, left: 0, right: 0, top: 0, bottom: 0 }
  const [path] = shapeSeries(points, [], 1, frame, true).paths
  assert.deepEqual(path?.lone, [3])
  assert.equal(path?.line.match(/M/g)?.length, 3)
  assert.match(path?.rest ?? '', /^M[\d.,]+L[\d.,]+$/)
})

test('arrows walk the values and stay inside, across the axis they change the series', () => {
  const extent = { indexes: 10, series: 2, isVertical: false }
  assert.deepEqual(walk({ index: 0, series: 0 }, 'ArrowLeft', extent), { index: 0, series: 0 })
  assert.deepEqual(walk({ index: 0, series: 0 }, 'End', extent), { index: 9, series: 0 })
  assert.deepEqual(walk({ index: 4, series: 1 }, 'ArrowDown', extent), { index: 4, series: 0 })
  assert.equal(walk({ index: 4, series: 1 }, 'a', extent), undefined)
})
