import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFormat, type FormatSettings } from '../../src/i18n/format.ts'

const madrid: FormatSettings = { language: 'en', locale: 'en-GB', timeZone: 'Europe/Madrid' }
const british = createFormat(madrid)
const spanish = createFormat({ language: 'es', locale: 'es-ES', timeZone: 'Europe/Madrid' })
const euros = { kind: 'currency', currency: 'EUR' } as const

/** `Intl` writes narrow and non-breaking spaces. */
const plain = (text: string): string => text.replaceAll(/[\u00a0\u202f]/g, ' ')

test('every digit of a decimal is kept, in the digits of the locale', () => {
  assert.equal(british.value('12345678901234567890.12', euros), '€12,345,678,901,234,567,890.12')
  assert.equal(plain(spanish.value('1234.5', euros)), '1.234,50 €')
  assert.equal(british.value(null, euros), '—')
})

test('language and number locale are apart: English words with German digits', () => {
  const format = createFormat({ language: 'en', locale: 'de-DE', timeZone: 'Europe/Madrid' })
  assert.equal(format.value('1234.5', { kind: 'number' }), '1.234,5')
  assert.equal(format.day('2026-03-01'), 'Mar 1, 2026')
})

test('quantities have the digits of the number locale and the unit of the language', () => {
  const format = createFormat({ language: 'es', locale: 'en-GB', timeZone: 'Europe/Madrid' })
  assert.equal(plain(format.duration(0.25)), '0.3s')
  assert.equal(plain(format.bytes(1_500_000)), '1.5 MB')
  assert.equal(format.integer(1407), '1,407')
})

test('at a glance long amounts are whole, unless the metric declares decimals', () => {
  assert.equal(british.glance('12345.67', euros), '€12,346')
  assert.equal(british.glance('345.67', euros), '€345.67')
  assert.equal(british.glance('345.67', euros, 90_000), '€346')
  assert.equal(british.glance('12345.67', { ...euros, decimals: 2 }), '€12,345.67')
  assert.equal(british.glance('0.4567', { kind: 'percent' }), '45.7%')
})

test('a bucket is named as people name it, and a day belongs to no zone', () => {
  assert.equal(british.bucket('2026-03-02', 'week'), 'Week of 2 Mar 2026')
  assert.equal(spanish.bucket('2026-03-02', 'week'), 'Semana del 2 mar 2026')
  assert.equal(british.bucket('2026-04-01', 'quarter'), 'Q2 2026')
  assert.equal(spanish.bucket('2026-01-01', 'month'), 'enero de 2026')
  const bogota = createFormat({ ...madrid, timeZone: 'America/Bogota' })
  assert.equal(bogota.bucket('2026-03-02', 'day'), british.bucket('2026-03-02', 'day'))
})

test('an instant is written in the zone of the viewer', () => {
  const tokyo = createFormat({ ...madrid, timeZone: 'Asia/Tokyo' })
  assert.equal(british.clock('2026-03-29T00:30:00Z'), '01:30:00')
  assert.equal(british.clock('2026-03-29T01:30:00Z'), '03:30:00', 'after the clocks went forward')
  assert.equal(tokyo.clock('2026-03-29T01:30:00Z'), '10:30:00')
})

test('what a fast server clock dates into the future is now, and a tick that should have been is soon', () => {
  const now = Date.parse('2026-03-01T12:00:00Z')
  assert.equal(british.ago('2026-03-01T12:00:03Z', now), 'now')
  assert.equal(british.ago('2026-03-01T11:58:00Z', now), '2 minutes ago')
  assert.equal(british.until('2026-03-01T11:59:00Z', now), 'now')
  assert.equal(spanish.until('2026-03-01T12:09:00Z', now), 'dentro de 9 minutos')
})

test('durations say their two largest parts', () => {
  assert.equal(british.duration(61_980), '17h 13m')
  assert.equal(british.duration(0.25), '0.3s')
  assert.equal(british.duration(3600), '1h')
  assert.equal(plain(spanish.duration(0.25)), '0,3s')
})

test('a cell of raw rows keeps keys as they are and counts grouped', () => {
  const decimal = { kind: 'decimal', precision: 18, scale: 2 } as const
  assert.equal(british.cell('12345', { name: 'deal_id', type: { kind: 'integer' } }), '12345')
  assert.equal(british.cell('12345.60', { name: 'amount', type: decimal }), '12,345.60')
  assert.equal(spanish.cell(true, { name: 'is_won', type: { kind: 'boolean' } }), 'sí')
})
