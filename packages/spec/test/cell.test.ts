import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { formatCell, parseCell } from '@caudal/spec'

test('a cell survives its query string, with "no value" and values that begin with ~', () => {
  fc.assert(
    fc.property(
      fc.record(
        {
          metric: fc.string({ minLength: 1 }),
          at: fc.dictionary(
            fc.string().filter((name) => name !== '__proto__'),
            fc.option(fc.oneof(fc.string(), fc.constantFrom('~', '~~', '~x', ''))),
            { noNullPrototype: true },
          ),
        },
        { noNullPrototype: true },
      ),
      (cell) => {
        const text = formatCell(cell).toString()
        assert.deepEqual(parseCell(new URLSearchParams(`range=today&${text}`)), cell)
      },
    ),
  )
})

test('an address without a metric or with two values of a dimension is refused', () => {
  assert.throws(() => parseCell(new URLSearchParams('at.sdr=1')), { code: 'CAUDAL_CELL_INVALID' })
  assert.throws(() => parseCell(new URLSearchParams('metric=m&at.sdr=1&at.sdr=2')), {
    message: /at\.sdr twice/,
  })
})
