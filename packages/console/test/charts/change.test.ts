import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changeOf, type Change } from '../../src/charts/change.ts'
import { createFormat } from '../../src/i18n/format.ts'
import { messagesEn } from '../../src/i18n/messages-en.ts'

const format = createFormat({ language: 'en', locale: 'en-GB', timeZone: 'UTC' })

function change(
  value: string | null,
  previous: string | null,
  kind: 'number' | 'percent' = 'number',
  direction: 'up' | 'down' | 'none' = 'up',
): Change {
  return changeOf(value, previous, { kind }, direction, messagesEn, format)
}

test('a move is told relative to the size of what it is compared with', () => {
  const { short, tone, arrow, spoken } = change('120', '100')
  assert.deepEqual([short, tone, arrow, spoken], ['+20.0%', 'good', 'up', 'up 20.0%, better'])
  assert.equal(change('-50', '-100').short, '+50.0%')
})

test('where less is better the tone turns, the arrow does not', () => {
  const { tone, arrow } = change('120', '100', 'number', 'down')
  assert.deepEqual([tone, arrow], ['bad', 'up'])
  assert.equal(change('120', '100', 'number', 'none').tone, 'neutral')
})

test('percentages differ in points', () => {
  assert.equal(change('0.125', '0.1', 'percent').short, '+2.5 pts')
  assert.equal(change('0', '0.1', 'percent').short, '−10.0 pts')
})

test('from eleven times on a move is a multiple', () => {
  assert.equal(change('1100', '100').short, '×11')
  assert.equal(change('1000', '100').short, '+900.0%')
})

test('nothing and zero are no base to compare with; what rounds to nothing is no change', () => {
  assert.equal(change('5', null).arrow, 'none')
  assert.equal(change('5', '0').arrow, 'none')
  assert.equal(change('0', '0').arrow, 'flat')
  assert.equal(change('100.0001', '100').short, 'no change')
})
