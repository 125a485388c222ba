import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseSchedule } from '@caudal/engine'

function ticks(text: string, zone: string, after: string, count: number): string[] {
  const schedule = parseSchedule(text, zone)
  const found: string[] = []
  for (let at = new Date(after); found.length < count;) {
    at = schedule.next(at)
    found.push(at.toISOString().replace(':00.000Z', 'Z'))
  }
  return found
}

test('intervals tick at multiples of the clock, days and cron in their zone', () => {
  assert.deepEqual(ticks('every 15 minutes', 'Europe/Madrid', '2026-03-01T10:07:00Z', 2), [
    '2026-03-01T10:15Z',
    '2026-03-01T10:30Z',
  ])
  assert.deepEqual(ticks('every hour', 'UTC', '2026-03-01T10:00:00Z', 1), ['2026-03-01T11:00Z'])
  assert.deepEqual(ticks('Every 2 Hours', 'UTC', '2026-03-01T10:00:00Z', 1), ['2026-03-01T12:00Z'])
  assert.deepEqual(ticks('every day', 'America/New_York', '2026-01-10T00:00:00Z', 1), ['2026-01-10T05:00Z'])
  assert.deepEqual(ticks('every day at 06:30', 'Europe/Madrid', '2026-01-10T00:00:00Z', 1), [
    '2026-01-10T05:30Z',
  ])
  assert.deepEqual(ticks('0 6 * * MON-FRI', 'Europe/Madrid', '2026-01-09T12:00:00Z', 2), [
    '2026-01-12T05:00Z',
    '2026-01-13T05:00Z',
  ])
})

test('a local time that a clock change leaves out ticks right after it, one that comes twice ticks once', () => {
  assert.deepEqual(ticks('30 2 * * *', 'Europe/Madrid', '2026-03-28T12:00:00Z', 2), [
    '2026-03-29T01:00Z',
    '2026-03-30T00:30Z',
  ])
  assert.deepEqual(ticks('30 2 * * *', 'Europe/Madrid', '2026-10-24T12:00:00Z', 2), [
    '2026-10-25T00:30Z',
    '2026-10-26T01:30Z',
  ])
})

test('the ticks of a span are counted, its end included and its begin not', () => {
  const span = (text: string, from: string, to: string): [number, string | undefined] => {
    const { count, last } = parseSchedule(text, 'UTC').between(new Date(from), new Date(to))
    return [count, last?.toISOString()]
  }
  assert.deepEqual(span('every 15 minutes', '2026-03-01T10:00:00Z', '2026-03-01T11:00:00Z'), [
    4,
    '2026-03-01T11:00:00.000Z',
  ])
  assert.deepEqual(span('0 * * * *', '2026-03-01T10:00:00Z', '2026-03-01T11:00:00Z'), [
    1,
    '2026-03-01T11:00:00.000Z',
  ])
  assert.deepEqual(span('0 6 * * *', '2026-03-01T10:00:00Z', '2026-03-01T11:00:00Z'), [0, undefined])
  assert.equal(span('every second', '2026-03-01T00:00:00Z', '2026-03-09T00:00:00Z')[0], 10_000)
})

test('what cannot be read is refused with the reason and examples', () => {
  const refused: [string, string, RegExp][] = [
    ['every 15 minuts', 'UTC', /Did you mean `minutes`\?/],
    ['every now and then', 'UTC', /every <n> seconds\|minutes\|hours/],
    ['every 0 minutes', 'UTC', /between 1 and 10,000/],
    ['61 * * * *', 'UTC', /Invalid value for minute: 61/],
    ['sometimes', 'UTC', /five, six, or seven/],
    ['0 0 30 2 *', 'UTC', /it never comes/],
    ['every hour', 'Mars/Olympus', /no time zone `Mars\/Olympus`/],
  ]
  for (const [text, zone, message] of refused) {
    assert.throws(() => parseSchedule(text, zone), { code: 'CAUDAL_SCHEDULE_INVALID', message })
  }
})
