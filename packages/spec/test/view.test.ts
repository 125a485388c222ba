import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  CaudalError,
  comparisons,
  formatView,
  grains,
  parseView,
  rangePresets,
  type ViewState,
} from '@caudal/spec'

const defaults: ViewState = {
  range: 'last 30 days',
  comparison: 'previous period',
  filters: {},
  timeZone: 'UTC',
}

test('an empty address is the default view, and the default view an empty address', () => {
  assert.deepEqual(parseView(new URLSearchParams(), defaults), defaults)
  assert.equal(formatView(defaults, defaults).toString(), '')
})

test('a view reads as a person would write it', () => {
  const view: ViewState = {
    range: { from: '2026-01-01', to: '2026-03-31' },
    comparison: 'previous year',
    grain: 'week',
    filters: { team: ['North', null], channel: ['~odd'] },
    timeZone: 'America/Bogota',
  }
  assert.equal(
    decodeURIComponent(formatView(view).toString()),
    'range=2026-01-01..2026-03-31&compare=previous-year&grain=week&f.channel=~~odd&f.team=North&f.team=~&tz=America/Bogota',
  )
})

test('what is written is read again, with and without defaults', () => {
  const text = fc.string({ minLength: 1 })
  const values = fc.uniqueArray(fc.option(text), { minLength: 1, maxLength: 4 })
  const day = fc
    .date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10))
  const range = fc.oneof(
    fc.constantFrom(...rangePresets),
    fc.tuple(day, day).map(([a, b]) => (a < b ? { from: a, to: b } : { from: b, to: a })),
  )
  const view = fc.record(
    {
      range,
      comparison: fc.constantFrom(...comparisons),
      grain: fc.constantFrom(...grains),
      filters: fc.dictionary(fc.stringMatching(/^[a-z_]{1,8}$/), values, { noNullPrototype: true }),
      timeZone: fc.constantFrom('UTC', 'Europe/Madrid', 'America/Bogota'),
    },
    { requiredKeys: ['range', 'comparison', 'filters', 'timeZone'], noNullPrototype: true },
  )
  fc.assert(
    fc.property(view, (given) => {
      for (const usual of [undefined, defaults]) {
        const written = new URLSearchParams(formatView(given, usual).toString())
        assert.deepEqual(parseView(written, defaults), given)
      }
    }),
  )
})

test('an invalid parameter is refused by name, with what is allowed', () => {
  const refusals = {
    'range=last-30-day': /range=last-30-day.*Did you mean `last-30-days`\?/,
    'range=2026-02-30..2026-03-01': /a day that is in the calendar/,
    'range=2026-03-01..2026-02-01': /not after the last/,
    'compare=prior': /none, previous-period, previous-year/,
    'grain=fortnight': /hour, day, week/,
    'tz=Mars/Olympus': /IANA time zone/,
  }
  for (const [address, message] of Object.entries(refusals)) {
    assert.throws(
      () => parseView(new URLSearchParams(address), defaults),
      (thrown) =>
        CaudalError.isInstance(thrown) &&
        thrown.code === 'CAUDAL_VIEW_INVALID' &&
        message.test(thrown.message),
    )
  }
})
