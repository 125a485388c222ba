import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { normaliseSql, placeOf } from '@caudal/sql'

test('comments, layout and the case of keywords do not change the normal form', () => {
  const plain = normaliseSql('select a, b from crm.deals where a > 1')
  assert.equal(
    normaliseSql('/* why /* nested */ */ SELECT a,b -- both\nFROM crm . deals\n\tWHERE a>1 ;\n'),
    plain,
  )
})

test('strings, quoted names and parameters keep every character', () => {
  const sql = `select 'It''s -- no /* comment */', "Deal ""A""", $interval_start, E'a\\'b', $$x 'y'$$ from t`
  assert.equal(normaliseSql(sql), sql.replace(/, /g, ' , '))
  assert.notEqual(normaliseSql(`select 'A' as a`), normaliseSql(`select 'a' as a`))
  assert.notEqual(normaliseSql('select "A"'), normaliseSql('select "a"'))
})

test('any text ends, and its normal form is its own normal form', () => {
  const parts = fc.constantFrom(
    'a',
    '1.5e3',
    "'",
    '"',
    '--',
    '\n',
    '/*',
    '*/',
    '$$',
    '$x',
    '->>',
    '.',
    '(',
    ' ',
    'é',
    '😀',
  )
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 30 }), (texts) => {
      const once = normaliseSql(texts.join(''))
      if (!/['"$]/.test(once)) assert.equal(normaliseSql(once), once)
    }),
  )
})

test('places are 1-based', () => {
  assert.deepEqual(placeOf('ab\ncd', 4), { line: 2, column: 2 })
  assert.deepEqual(placeOf('ab', 0), { line: 1, column: 1 })
})
