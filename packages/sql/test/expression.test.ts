import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expressionColumns } from '@caudal/sql'

const known = ['amount', 'stage', 'date', 'sdr.team', 'Name']

test('columns of an expression are found, behind joins too', () => {
  assert.deepEqual(
    expressionColumns("STAGE = 'won' and sdr.team in ('amount') and \"Name\" is not null", known),
    ['stage', 'sdr.team', 'Name'],
  )
})

test('functions, types and other qualifiers are not columns', () => {
  assert.deepEqual(
    expressionColumns("date '2026-01-01' < cast(x as date) and amount(1) > other.stage", known),
    [],
  )
})
