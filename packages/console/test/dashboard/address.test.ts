import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseView, type ViewState } from '@caudal/spec'
import { formatAddress, parsePage } from '../../src/dashboard/address.ts'
import { listChoices } from '../../src/dashboard/choice-list.ts'
import { choicesOf, toggleChoice, withoutChoices } from '../../src/dashboard/view-edit.ts'

const usual: ViewState = {
  range: 'last 30 days',
  comparison: 'previous period',
  filters: {},
  timeZone: 'Europe/Madrid',
}

test('the address of the usual view is empty, any other gives itself back', () => {
  assert.equal(formatAddress(usual, { tables: [] }, usual).toString(), '')
  const view: ViewState = { ...usual, range: 'this year', filters: { team: ['North', null, '~'] } }
  const page = {
    tables: ['line', 'funnel'],
    drill: { tile: 'won', cell: { metric: 'won', at: { time: '2026-03-02' } } },
  }
  const address = formatAddress(view, page, usual)
  assert.deepEqual(parseView(address, usual), view)
  assert.deepEqual(parsePage(address), page)
})

test('a drill that cannot be read is none', () => {
  assert.deepEqual(parsePage(new URLSearchParams('drill=won')), { tables: [] })
})

test('a value that is chosen twice is taken out, "no value" is a value', () => {
  const choice = { dimension: 'team', value: null }
  const once = toggleChoice(usual, choice)
  assert.deepEqual(choicesOf(once), [choice])
  assert.deepEqual(choicesOf(toggleChoice(once, choice)), [])
  assert.deepEqual(choicesOf(withoutChoices(once)), [])
})

test('a search finds values whatever their accents, and offers its own text where not all are known', () => {
  const values = { dimension: 'sdr', values: ['Óscar Rojas', 'Ana Ruiz', null], isCut: false }
  const found = (search: string, isCut = false): readonly (string | null)[] =>
    listChoices({ ...values, isCut }, [], search).map(({ value }) => value)
  assert.deepEqual(found('oscar'), ['Óscar Rojas'])
  assert.deepEqual(found(''), ['Óscar Rojas', 'Ana Ruiz', null])
  assert.deepEqual(found('Zoe'), [])
  assert.deepEqual(found('Zoe', true), ['Zoe'])
})
